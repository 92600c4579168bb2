/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bytes that have been typed and not been read: whole lines, from the tail to
 * the line that is being edited, and that one. A bit for each byte says that a
 * line ends with it. The end of the file is the end of a line, too, as a byte
 * 0 that is not read; one that was typed has no such bit. Without lines what
 * is edited is empty, and the whole is between head and tail.
 *
 * What is edited is never full: the last byte of room stays for its end, or a
 * line of any length would stop the terminal for ever.
 */
#include "tty_priv.h"

#include <uk/assert.h>
#include <uk/essentials.h>

static uint32_t used(const struct uk_tty *tty)
{
	return tty->head - tty->tail;
}

static bool by_lines(const struct uk_tty *tty)
{
	return tty_local(tty, UK_ABI_ICANON);
}

static void mark(struct uk_tty *tty, uint32_t pos, bool end)
{
	const uint64_t bit = UINT64_C(1) << pos % 64;
	uint64_t *const word = &tty->ends[pos % UK_TTY_LEN / 64];

	*word = end ? *word | bit : *word & ~bit;
}

static bool is_end(const struct uk_tty *tty, uint32_t pos)
{
	return tty->ends[pos % UK_TTY_LEN / 64] >> pos % 64 & 1;
}

static void append(struct uk_tty *tty, uint8_t c, bool end)
{
	UK_ASSERT(used(tty) < UK_TTY_LEN);

	tty->buf[tty->head % UK_TTY_LEN] = c;
	mark(tty, tty->head, end);
	tty->head++;
}

void tty_queue_put(struct uk_tty *tty, uint8_t c)
{
	if (used(tty) < UK_TTY_LEN - 1)
		append(tty, c, false);
}

void tty_queue_end_line(struct uk_tty *tty, uint8_t c)
{
	/* Lines that nobody reads may fill it: then this one has no end yet. */
	if (used(tty) == UK_TTY_LEN)
		return;
	append(tty, c, true);
	tty->line = tty->head;
}

void tty_queue_rule_lines(struct uk_tty *tty, bool lines)
{
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(tty->ends); i++)
		tty->ends[i] = 0;
	if (lines && used(tty))
		mark(tty, tty->head - 1, true);
	tty->line = lines ? tty->head : tty->tail;
	tty->literal = false;
}

size_t uk_tty_room(const struct uk_tty *tty)
{
	const uint32_t room = UK_TTY_LEN - 1 - UK_MIN(used(tty),
						      UK_TTY_LEN - 1);

	/* A line that fills it is cut, and so has room for all that comes. */
	if (room == 0 && by_lines(tty) && tty->line == tty->tail)
		return 1;
	return room;
}

bool uk_tty_can_read(const struct uk_tty *tty, size_t least)
{
	if (by_lines(tty))
		return tty->line != tty->tail;
	return used(tty) >= UK_MAX(least, (size_t)1);
}

size_t uk_tty_waiting(const struct uk_tty *tty)
{
	size_t n = 0;

	if (!by_lines(tty))
		return used(tty);
	for (uint32_t pos = tty->tail; pos != tty->line; pos++)
		n += !(is_end(tty, pos) && tty_byte(tty, pos) == '\0');
	return n;
}

/* The line at the tail: its bytes, of @len, and what is taken for them. */
static size_t read_line(struct uk_tty *tty, char *buf, size_t len, bool *end)
{
	size_t n = 0;

	while (!*end && tty->tail != tty->line) {
		const uint8_t c = tty_byte(tty, tty->tail);
		const bool eof = is_end(tty, tty->tail) && c == '\0';

		/* The end of the file needs no room. */
		if (n == len && !eof)
			break;
		*end = is_end(tty, tty->tail++);
		if (!eof)
			buf[n++] = (char)c;
	}
	return n;
}

size_t uk_tty_read(struct uk_tty *tty, char *buf, size_t len, bool *end)
{
	size_t n;

	*end = false;
	if (by_lines(tty))
		return read_line(tty, buf, len, end);
	for (n = 0; n < len && used(tty); n++)
		buf[n] = (char)tty_byte(tty, tty->tail++);
	tty->line = tty->tail;
	*end = !used(tty);
	return n;
}

void uk_tty_flush(struct uk_tty *tty)
{
	tty->head = tty->line = tty->tail;
	tty->literal = false;
}
