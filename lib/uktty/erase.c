/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Taking back what was typed, and having it vanish from the screen: one column
 * for a character, two for ^X, and for a tab as many as it was wide, which
 * depends on what is in front of it in the line.
 */
#include "tty_priv.h"

static void back(struct uk_tty *tty)
{
	tty_out(tty, '\b');
	tty_out(tty, ' ');
	tty_out(tty, '\b');
}

/* Columns of what is edited, since its last tab; *@whole: there is none. */
static uint32_t width(const struct uk_tty *tty, bool *whole)
{
	uint32_t n = 0;

	*whole = false;
	for (uint32_t pos = tty->head; pos != tty->line; pos--) {
		const uint8_t c = tty_byte(tty, pos - 1);

		if (c == '\t')
			return n;
		if (tty_is_control(c))
			n += tty_local(tty, UK_ABI_ECHOCTL) ? 2 : 0;
		else
			n += !tty_continues(tty, c);
	}
	*whole = true;
	return n;
}

static void unshow_tab(struct uk_tty *tty)
{
	bool whole;
	uint32_t n = width(tty, &whole);

	if (whole)
		n += tty->line_column;
	for (n = 8 - n % 8; n; n--)
		tty_out(tty, '\b');
}

/* @c, which is not in the line any more. */
static void unshow(struct uk_tty *tty, uint8_t c)
{
	if (c == '\t') {
		unshow_tab(tty);
		return;
	}
	if (tty_is_control(c) && !tty_local(tty, UK_ABI_ECHOCTL))
		return;
	if (tty_is_control(c))
		back(tty);
	back(tty);
}

/* Letters of Latin-1, too: with UTF-8 those are how most of its begin. */
static bool is_word(uint8_t c)
{
	if (c >= 0xc0)
		return c != 0xd7 && c != 0xf7;
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_';
}

/* Where the last character begins; as @head: there is no whole one. */
static uint32_t last_char(const struct uk_tty *tty)
{
	uint32_t pos = tty->head;

	while (pos != tty->line) {
		pos--;
		if (!tty_continues(tty, tty_byte(tty, pos)))
			return pos;
	}
	return tty->head;
}

/* Take characters back: one, a word and what is behind it, or all. */
static void take_back(struct uk_tty *tty, bool word, bool all)
{
	bool in_word = false;

	while (tty->head != tty->line) {
		const uint32_t pos = last_char(tty);
		const uint8_t c = tty_byte(tty, pos);

		if (pos == tty->head)
			break;
		if (word && is_word(c))
			in_word = true;
		else if (word && in_word)
			break;
		tty->head = pos;
		if (tty_local(tty, UK_ABI_ECHO)) {
			if (!word && !all && !tty_local(tty, UK_ABI_ECHOE))
				tty_echo(tty,
					 tty->modes.c_cc[UK_ABI_VERASE]);
			else
				unshow(tty, c);
		}
		if (!word && !all)
			break;
	}
}

void tty_erase(struct uk_tty *tty, uint8_t c)
{
	const uint32_t neat = UK_ABI_ECHOE | UK_ABI_ECHOK | UK_ABI_ECHOKE;
	const bool kill = tty_is(tty, c, UK_ABI_VKILL) &&
			  !tty_is(tty, c, UK_ABI_VERASE);

	if (tty->head == tty->line)
		return;
	if (!kill || (tty->modes.c_lflag & neat) == neat) {
		take_back(tty, !tty_is(tty, c, UK_ABI_VERASE) && !kill, kill);
		return;
	}
	tty->head = tty->line;
	if (!tty_local(tty, UK_ABI_ECHO))
		return;
	tty_echo(tty, c);
	if (tty_local(tty, UK_ABI_ECHOK))
		tty_out(tty, '\n');
}

void tty_reprint(struct uk_tty *tty)
{
	tty_echo(tty, tty->modes.c_cc[UK_ABI_VREPRINT]);
	tty_out(tty, '\n');
	for (uint32_t pos = tty->line; pos != tty->head; pos++)
		tty_echo(tty, tty_byte(tty, pos));
}
