/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the ring to the sinks. Whoever logs adds his line to the ring and then
 * tries to become the one that drains it; if there is one already (another
 * CPU, or the context that this interrupt came into), that one finds the mark
 * `pending` when it is done and goes round again. So no line is lost, nobody
 * waits, and a sink's write() may log and is never entered twice.
 */
#include <uk/sink.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/fmt.h>

#include "ukdebug_priv.h"

static struct {
	/*
	 * Both sequentially consistent: a line is in the ring before pending
	 * is set, pending is set before busy is tried, and busy is dropped
	 * before pending is read.
	 */
	unsigned int busy;	/* 1: somebody drains or changes the list */
	unsigned int pending;	/* 1: look again */

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

static void tell_lost(struct uk_sink *sink, uint32_t lost)
{
	const int len = uk_snprintf(sinks.shown, sizeof(sinks.shown),
				    "kiln: %u log lines lost\n", lost);

	sink->write(sink, sinks.shown, (size_t)len);
}

static void bring_up(struct uk_sink *sink)
{
	uint32_t lost;

	while (ukdebug_ring_next(&sink->pos_, &sinks.line, sinks.text,
				 &lost)) {
		if (lost)
			tell_lost(sink, lost);
		if (wants(sink, &sinks.line))
			sink->write(sink, sinks.shown,
				    ukdebug_show(sinks.shown, &sinks.line,
						 sinks.text));
	}
}

void ukdebug_drain(void)
{
	__atomic_store_n(&sinks.pending, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&sinks.pending, __ATOMIC_SEQ_CST)) {
		if (!try_busy())
			return;
		__atomic_store_n(&sinks.pending, 0, __ATOMIC_SEQ_CST);
		for (struct uk_sink *s = sinks.first; s; s = s->next_)
			bring_up(s);
		drop_busy();
	}
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
			s->write(s, buf, len);
	if (!sinks.first && turn_of(sinks.emergency))
		sinks.emergency->write(sinks.emergency, buf, len);
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
