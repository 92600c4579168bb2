/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/print.h>

/*
 * The log beyond uk_pr_*(): see <uk/print.h> for messages, <uk/sink.h> for
 * where they go.
 *
 * A line is shown as
 *
 *	[    0.001234] warn: libukboot: text
 *
 * with the time since the first line; where nobody knows how fast the
 * counter runs, "[1234567 ticks]" is in its place. Text is cut at
 * UK_LOG_LINE bytes ("..." ends it then).
 */
#define UK_LOG_LINE	240

/* Bytes that hold any line as it is shown, with newline and NUL. */
#define UK_LOG_SHOWN	(UK_LOG_LINE + 112)

/*
 * Log a line of the image itself, such as "kiln: exit 0": without time,
 * level and library, and every sink gets it.
 *
 * Context: any.
 */
UK_PRINTF(1, 2)
void uk_log_plain(const char *fmt, ...);

/*
 * The image's last line: like uk_log_plain(), but seen out. When this returns
 * each sink has been given what was logged before, then the line, and its
 * device has sent both. Another CPU that writes to the sinks is asked to leave
 * after its line and waited for; one that was stopped in there, for 2 s. The
 * line is not in the ring.
 *
 * Context: thread; interrupts may be off.
 */
UK_PRINTF(1, 2)
void uk_log_last(const char *fmt, ...);

/*
 * Least severe level that goes to the ring, and to sinks that follow the
 * console's level; parameters ukdebug.level and ukdebug.console. What was
 * not compiled in (CONFIG_LIBUKDEBUG_LOGLEVEL) cannot be had back.
 *
 * Context: any.
 */
void uk_log_set_level(enum uk_log_level level);
void uk_log_set_console(enum uk_log_level level);

/*
 * From now on lines carry the time that @now_ns returns, nanoseconds since
 * the start; it takes no lock and may be called in any context. NULL goes
 * back to the CPU's counter.
 */
void uk_log_set_clock(uint64_t (*now_ns)(void));

/* A position in the log. All zero: before the first line of all. */
struct uk_log_pos {
	uint64_t at;		/* private: where the next line begins */
	uint32_t seq;		/* private: and which one it is */
};

/*
 * Put the next line after @pos, formatted with its newline and a NUL, into
 * the @size bytes at @buf (at least UK_LOG_SHOWN), and go on to the line
 * after it. @lost gets how many lines were overwritten since the last call.
 *
 * Returns the length of the line, or 0: there is none yet.
 * Context: thread.
 */
size_t uk_log_read(struct uk_log_pos *pos, char *buf, size_t size,
		   uint32_t *lost);

/*
 * Log @len bytes at @mem, 16 to a line, with offset and characters; at most
 * 4096 of them.
 *
 * Context: any.
 */
void uk_log_hexdump(enum uk_log_level level, const char *lib, const void *mem,
		    size_t len);
