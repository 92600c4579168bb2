/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/log.h>

struct ukarch_regs;

/* The log ring: ring.c */

struct ring_line {
	uint64_t time;
	const char *lib;	/* a literal of the image */
	uint32_t seq;		/* counts all lines, from 1 on */
	uint16_t len;		/* of the text, at most UK_LOG_LINE */
	uint8_t level;		/* enum uk_log_level */
	uint8_t flags;		/* RING_… */
};

_Static_assert(sizeof(struct ring_line) == 24, "the ring holds them packed");

#define RING_PLAIN	0x1u	/* of the image itself: no head */
#define RING_NS		0x2u	/* time is nanoseconds, not ticks */

/*
 * Add @line with @text; sets @line->seq. Where the ring cannot be had (a trap
 * inside it) the line is counted as lost. Context: any.
 */
void ukdebug_ring_add(struct ring_line *line, const char *text);

/*
 * Take the line at @pos, or the oldest left, into @line and its text into the
 * UK_LOG_LINE bytes at @text, and go on to the line after it. @lost gets how
 * many lines were overwritten since @pos. Returns false if there is none.
 */
bool ukdebug_ring_next(struct uk_log_pos *pos, struct ring_line *line,
		       char *text, uint32_t *lost);

/* Where the next line will be: a position for uk_log_pos.at. */
uint64_t ukdebug_ring_head(void);

/* From now on take no lock: everything else has stopped. */
void ukdebug_ring_crash(void);

/*
 * Write @line as it is shown, with newline and NUL, to the UK_LOG_SHOWN bytes
 * at @buf; returns its length. line.c
 */
size_t ukdebug_show(char *buf, const struct ring_line *line, const char *text);

/* Ticks that are shown as time 0; set by the first line. */
void ukdebug_show_from(uint64_t ticks);

/* Sinks: sink.c */

/* Bring every sink up to date, unless somebody is at it: he does it then. */
void ukdebug_drain(void);
/* The same in a crash: without asking anybody. */
void ukdebug_drain_crash(void);
/*
 * The same, though somebody is at it; then the @len bytes at @buf, and have all
 * sent. @now_ns: a clock, or NULL.
 */
void ukdebug_drain_last(const char *buf, size_t len, uint64_t (*now_ns)(void));
/*
 * Hand @len bytes to every sink, or to the emergency sink if there is none,
 * and have them sent.
 */
void ukdebug_sinks_write(const char *buf, size_t len);
/* A crash came out of a sink, if one of these two was at it: leave it out. */
void ukdebug_sinks_failed(void);

/* The level that the console follows, an enum uk_log_level: log.c */
uint32_t ukdebug_console_level(void);

/* The crash screen. */

struct crash {
	const char *cause;
	const struct ukarch_regs *regs;
	uintptr_t addr;
	int has_addr;
};

/* What stands between the first and the last line: screen.c, or noscreen.c */
void ukdebug_crash_body(const struct crash *c);
/* Its stack trace alone, or the address: as above. */
void ukdebug_crash_trace(const struct ukarch_regs *regs);

/* A piece of a line, shown when its newline comes. No lock. crash.c */
UK_PRINTF(1, 2)
void ukdebug_crash_print(const char *fmt, ...);

/*
 * Why it may have happened, in words, in the @size bytes at @buf. Returns
 * false where nothing is known. @sp, @ip: of the crash. hint.c
 */
bool ukdebug_hint(const struct crash *c, uintptr_t ip, uintptr_t sp, char *buf,
		  size_t size);

/* May the @len bytes at @addr be read? Asks the page tables. readable.c */
bool ukdebug_readable(uintptr_t addr, size_t len);

/*
 * The stack trace at @regs: the address of the crash, then return addresses,
 * innermost first, at most @max into @addrs. @link is the return address of a
 * call that made no frame yet. Returns how many there are. trace.c
 */
size_t ukdebug_trace(const struct ukarch_regs *regs, uintptr_t link,
		     uintptr_t *addrs, size_t max);
