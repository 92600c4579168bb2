/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the ring to the sinks. Whoever logs adds his line to the ring and then
 * tries to become the one that drains it; if there is one already (another
 * CPU, or the context that this interrupt came into), that one finds the mark
 * `pending` when it is done and goes round again. So no line is lost, nobody
 * waits, and a sink's write() may log and is never entered twice.
 *
 * But at the end of the image: whoever drains is asked to leave after the line
 * he is at, as others may log without an end, and he is waited for. That has
 * an end too, as he may have been stopped in there; then he is entered upon.
 */
#include <uk/sink.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/config.h>
#include <uk/fmt.h>

#include "ukdebug_priv.h"

/* For him who is to leave: a line takes no longer, on a slow device either. */
#define PATIENCE_NS	UINT64_C(2000000000)
/* The same where there is no clock, or it stands: seconds. */
#define PATIENCE_TURNS	(1u << 27)

static struct {
	/*
	 * Both sequentially consistent: a line is in the ring before pending
	 * is set, pending is set before busy is tried, and busy is dropped
	 * before pending is read.
	 */
	unsigned int busy;	/* 1: somebody drains or changes the list */
	unsigned int pending;	/* 1: look again */
	unsigned int leave;	/* 1: and do not begin; relaxed */

	/* Under busy; the crash reads the list without. */
	struct uk_sink *first;
	struct uk_sink *emergency;

	/* The crash's: who is being written to, and who did not survive it. */
	struct uk_sink *writing;
	struct uk_sink *failed;

	struct ring_line line;
	char text[UK_LOG_LINE];
	char shown[UK_LOG_SHOWN];
} sinks;

static bool try_busy(void)
{
	return !__atomic_exchange_n(&sinks.busy, 1, __ATOMIC_SEQ_CST);
}

static void drop_busy(void)
{
	__atomic_store_n(&sinks.busy, 0, __ATOMIC_SEQ_CST);
}

static bool wants(const struct uk_sink *sink, const struct ring_line *line)
{
	const uint32_t level = sink->level == UK_SINK_CONSOLE ?
			       ukdebug_console_level() : (uint32_t)sink->level;

	return line->level <= level;
}

/* Not to be lost when the machine ends. */
static void write_out(struct uk_sink *sink, const char *buf, size_t len)
{
	sink->write(sink, buf, len);
	if (sink->flush)
		sink->flush(sink);
}

static void tell_lost(struct uk_sink *sink, uint32_t lost)
{
	const int len = uk_snprintf(sinks.shown, sizeof(sinks.shown),
				    "kiln: %u log lines lost\n", lost);

	sink->write(sink, sinks.shown, (size_t)len);
}

static bool must_leave(void)
{
	return __atomic_load_n(&sinks.leave, __ATOMIC_RELAXED);
}

/* The next line, if there is one, to @sink. */
static bool bring_line(struct uk_sink *sink)
{
	uint32_t lost;

	if (!ukdebug_ring_next(&sink->pos_, &sinks.line, sinks.text, &lost))
		return false;
	if (lost)
		tell_lost(sink, lost);
	if (wants(sink, &sinks.line))
		sink->write(sink, sinks.shown,
			    ukdebug_show(sinks.shown, &sinks.line,
					 sinks.text));
	return true;
}

static void bring_up(struct uk_sink *sink)
{
	while (bring_line(sink))
		;
}

void ukdebug_drain(void)
{
	__atomic_store_n(&sinks.pending, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&sinks.pending, __ATOMIC_SEQ_CST)) {
		if (must_leave() || !try_busy())
			return;
		__atomic_store_n(&sinks.pending, 0, __ATOMIC_SEQ_CST);
		for (struct uk_sink *s = sinks.first; s; s = s->next_)
			while (!must_leave() && bring_line(s))
				;
		drop_busy();
	}
}

/*
 * Without other CPUs whoever is busy was interrupted here, and a scheduler
 * that would have gone on with him may be undone.
 */
static bool wait_busy(uint64_t (*now_ns)(void))
{
	const uint64_t since = now_ns ? now_ns() : 0;

	for (unsigned int i = 0; !try_busy(); i++) {
		if (!UK_IS_ENABLED(CONFIG_HAVE_SMP) || i > PATIENCE_TURNS ||
		    (now_ns && now_ns() - since > PATIENCE_NS))
			return false;
		ukarch_spin_wait();
	}
	return true;
}

void ukdebug_drain_last(const char *buf, size_t len, uint64_t (*now_ns)(void))
{
	const uint64_t end = ukdebug_ring_head();
	bool is_ours;

	__atomic_store_n(&sinks.leave, 1, __ATOMIC_RELAXED);
	is_ours = wait_busy(now_ns);
	for (struct uk_sink *s = sinks.first; s; s = s->next_) {
		while (s->pos_.at < end && bring_line(s))
			;
		write_out(s, buf, len);
	}
	__atomic_store_n(&sinks.leave, 0, __ATOMIC_RELAXED);
	if (is_ours)
		drop_busy();
}

/* In a crash: it is @s's turn, unless writing to it was a crash. */
static bool turn_of(struct uk_sink *s)
{
	sinks.writing = s;
	return s && s != sinks.failed;
}

void ukdebug_drain_crash(void)
{
	for (struct uk_sink *s = sinks.first; s; s = s->next_)
		if (turn_of(s))
			bring_up(s);
	if (!sinks.first && turn_of(sinks.emergency))
		bring_up(sinks.emergency);
	sinks.writing = NULL;
}

void ukdebug_sinks_write(const char *buf, size_t len)
{
	for (struct uk_sink *s = sinks.first; s; s = s->next_)
		if (turn_of(s))
			write_out(s, buf, len);
	if (!sinks.first && turn_of(sinks.emergency))
		write_out(sinks.emergency, buf, len);
	sinks.writing = NULL;
}

void ukdebug_sinks_failed(void)
{
	sinks.failed = sinks.writing;
}

void uk_sink_register(struct uk_sink *sink)
{
	struct uk_sink **end = &sinks.first;

	UK_ASSERT(sink->write);
	UK_ASSERT(sink->level >= UK_SINK_CONSOLE &&
		  sink->level <= UK_LOG_DEBUG);

	while (!try_busy())
		ukarch_spin_wait();
	sink->pos_ = (struct uk_log_pos){ 0 };
	sink->next_ = NULL;
	while (*end) {
		UK_ASSERT(*end != sink);
		end = &(*end)->next_;
	}
	__atomic_store_n(end, sink, __ATOMIC_RELEASE);
	drop_busy();
	ukdebug_drain();
}

void uk_sink_unregister(struct uk_sink *sink)
{
	struct uk_sink **at = &sinks.first;

	while (!try_busy())
		ukarch_spin_wait();
	while (*at && *at != sink)
		at = &(*at)->next_;
	UK_ASSERT(*at);
	__atomic_store_n(at, sink->next_, __ATOMIC_RELEASE);
	drop_busy();
	ukdebug_drain();
}

void uk_sink_emergency(struct uk_sink *sink)
{
	if (sink)
		sink->pos_ = (struct uk_log_pos){ 0 };
	__atomic_store_n(&sinks.emergency, sink, __ATOMIC_RELEASE);
}
