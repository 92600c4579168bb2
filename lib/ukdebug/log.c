/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Messages in: formatted on the caller's stack, so that a bad argument faults
 * before any lock is held, then to the ring, then to whoever drains it.
 */
#include <uk/log.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/config.h>
#include <uk/fmt.h>
#include <uk/libparam.h>
#include <uk/string.h>

#include "ukdebug_priv.h"

/*
 * Written by parameters and uk_log_set_…(), read without a lock: a word is
 * not torn, and a line more or less is no matter. A level above the last one
 * is as good as the last one.
 */
static uint32_t ring_level = UK_LOG_DEBUG;
static uint32_t console_level = CONFIG_LIBUKDEBUG_CONSOLE_LEVEL;

UK_LIBPARAM(level, u32, &ring_level,
	    "Lines that are logged: 0 err, 1 warn, 2 info, 3 debug");
UK_LIBPARAM(console, u32, &console_level,
	    "Lines that are shown on consoles: 0 err to 3 debug");

static struct {
	uint64_t (*now_ns)(void);	/* NULL: ticks */
	bool begun;		/* atomic: the first line set time 0 */
} log;

static void take_time(struct ring_line *line)
{
	uint64_t (*const now_ns)(void) = UK_READ_ONCE(log.now_ns);

	if (now_ns) {
		line->time = now_ns();
		line->flags |= RING_NS;
		return;
	}
	line->time = ukarch_ticks();
	if (!__atomic_load_n(&log.begun, __ATOMIC_RELAXED) &&
	    !__atomic_exchange_n(&log.begun, true, __ATOMIC_RELAXED))
		ukdebug_show_from(line->time);
}

/* Format @fmt and add it as @line, of which level, lib and flags are set. */
static void add(struct ring_line *line, const char *fmt, va_list ap)
{
	char text[UK_LOG_LINE + 1];
	int len;

	take_time(line);
	len = uk_vsnprintf(text, sizeof(text), fmt, ap);
	if (len < 0)		/* a bad format: what came before it */
		len = (int)uk_strlen(text);
	if (len > UK_LOG_LINE) {
		len = UK_LOG_LINE;
		memcpy(text + UK_LOG_LINE - 3, "...", 3);
	}
	line->len = (uint16_t)len;
	ukdebug_ring_add(line, text);
	ukdebug_drain();
}

void uk_vlog(enum uk_log_level level, const char *lib, const char *fmt,
	     va_list ap)
{
	struct ring_line line = { .lib = lib, .level = (uint8_t)level };

	if ((uint32_t)level <= UK_READ_ONCE(ring_level))
		add(&line, fmt, ap);
}

void uk_log(enum uk_log_level level, const char *lib, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	uk_vlog(level, lib, fmt, ap);
	va_end(ap);
}

void uk_log_plain(const char *fmt, ...)
{
	/* Like an error: no sink is without those. */
	struct ring_line line = {
		.lib = "kiln", .level = UK_LOG_ERR, .flags = RING_PLAIN,
	};
	va_list ap;

	va_start(ap, fmt);
	add(&line, fmt, ap);
	va_end(ap);
}

void uk_log_last(const char *fmt, ...)
{
	char text[UK_LOG_LINE];
	va_list ap;
	size_t len;

	va_start(ap, fmt);
	(void)uk_vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	len = uk_strlen(text);
	text[len++] = '\n';
	ukdebug_drain_last(text, len, UK_READ_ONCE(log.now_ns));
}

void uk_log_set_level(enum uk_log_level level)
{
	UK_WRITE_ONCE(ring_level, (uint32_t)level);
}

void uk_log_set_console(enum uk_log_level level)
{
	UK_WRITE_ONCE(console_level, (uint32_t)level);
}

uint32_t ukdebug_console_level(void)
{
	return UK_READ_ONCE(console_level);
}

void uk_log_set_clock(uint64_t (*now_ns)(void))
{
	UK_WRITE_ONCE(log.now_ns, now_ns);
}

size_t uk_log_read(struct uk_log_pos *pos, char *buf, size_t size,
		   uint32_t *lost)
{
	struct ring_line line;
	char text[UK_LOG_LINE];

	UK_ASSERT(size >= UK_LOG_SHOWN);

	if (!ukdebug_ring_next(pos, &line, text, lost))
		return 0;
	return ukdebug_show(buf, &line, text);
}
