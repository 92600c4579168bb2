/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/tty.h>

static inline bool tty_has(uint32_t flags, uint32_t flag)
{
	return flags & flag;
}

/* Local mode @flag is on. */
static inline bool tty_local(const struct uk_tty *tty, uint32_t flag)
{
	return tty_has(tty->modes.c_lflag, flag);
}

/* Is @c the special character @index? One that is 0 is nobody's. */
static inline bool tty_is(const struct uk_tty *tty, uint8_t c,
			  unsigned int index)
{
	return c && c == tty->modes.c_cc[index];
}

static inline bool tty_is_control(uint8_t c)
{
	return c < ' ' || c == 0x7f;
}

/* A byte of a character in UTF-8 that is not its first. */
static inline bool tty_continues(const struct uk_tty *tty, uint8_t c)
{
	return tty_has(tty->modes.c_iflag, UK_ABI_IUTF8) && (c & 0xc0) == 0x80;
}

static inline uint8_t tty_byte(const struct uk_tty *tty, uint32_t pos)
{
	return tty->buf[pos % UK_TTY_LEN];
}

/*
 * queue.c. The last byte of room is for the end of a line.
 */
void tty_queue_put(struct uk_tty *tty, uint8_t c);
void tty_queue_end_line(struct uk_tty *tty, uint8_t c);
void tty_queue_rule_lines(struct uk_tty *tty, bool lines);

/*
 * output.c: a byte as modes have it; the echo of one that was typed; stop, or
 * go on, which is UK_TTY_OUT if it was stopped.
 */
uint32_t tty_stop(struct uk_tty *tty, bool stop);
void tty_out(struct uk_tty *tty, uint8_t c);
void tty_echo(struct uk_tty *tty, uint8_t c);

/*
 * erase.c: @c is ERASE, KILL or WERASE; show the line that is edited again.
 */
void tty_erase(struct uk_tty *tty, uint8_t c);
void tty_reprint(struct uk_tty *tty);
