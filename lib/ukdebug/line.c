/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A line of the log as a reader sees it. Done when it is shown, not when it is
 * logged: lines that no sink wants cost neither division nor copying.
 *
 * Control characters become '?': a message may quote a command line or a
 * packet, and must not be able to write lines of its own.
 */
#include <uk/arch/cpu.h>
#include <uk/fmt.h>
#include <uk/string.h>

#include "ukdebug_priv.h"

static const char level_names[][6] = {
	[UK_LOG_ERR] = "err",
	[UK_LOG_WARN] = "warn",
	[UK_LOG_INFO] = "info",
	[UK_LOG_DEBUG] = "debug",
};

static struct {
	uint64_t from;		/* ticks at time 0 */
	uint64_t hz;		/* of the ticks; 0: not told */
	bool asked;		/* hz is what the architecture says */
} clock;

void ukdebug_show_from(uint64_t ticks)
{
	clock.from = ticks;
}

static int show_time(char *buf, size_t size, const struct ring_line *line)
{
	/* Counters of other CPUs may be a little behind. */
	const uint64_t ticks = line->time > clock.from ?
			       line->time - clock.from : 0;
	uint64_t sec, usec;

	if (!clock.asked) {
		clock.hz = ukarch_ticks_hz();
		clock.asked = true;
	}

	if (line->flags & RING_NS) {
		sec = line->time / 1000000000;
		usec = line->time % 1000000000 / 1000;
	} else if (clock.hz) {
		sec = ticks / clock.hz;
		usec = ticks % clock.hz * 1000000 / clock.hz;
	} else {
		return uk_snprintf(buf, size, "[%llu ticks] ",
				   (unsigned long long)ticks);
	}
	return uk_snprintf(buf, size, "[%5llu.%06llu] ",
			   (unsigned long long)sec, (unsigned long long)usec);
}

size_t ukdebug_show(char *buf, const struct ring_line *line, const char *text)
{
	char *p = buf;

	if (!(line->flags & RING_PLAIN)) {
		p += show_time(p, UK_LOG_SHOWN, line);
		p += uk_snprintf(p, 48, "%s: %.24s: ",
				 level_names[line->level % 4], line->lib);
	}
	for (size_t i = 0; i < line->len; i++) {
		const unsigned char c = (unsigned char)text[i];

		*p++ = c < 0x20 || c == 0x7f ? '?' : (char)c;
	}
	*p++ = '\n';
	*p = '\0';
	return (size_t)(p - buf);
}
