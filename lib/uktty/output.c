/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What goes to the device: line ends and tabs as the modes have them, and the
 * column that the cursor is in then, which erasing a tab must know.
 */
#include "tty_priv.h"

#define TAB	8u

static void send(struct uk_tty *tty, char c)
{
	tty->ops->out(tty, &c, 1);
}

static bool is_on(const struct uk_tty *tty, uint32_t flag)
{
	return tty_has(tty->modes.c_oflag, flag);
}

static void to_left(struct uk_tty *tty)
{
	tty->column = 0;
	tty->line_column = 0;
}

static void new_line(struct uk_tty *tty)
{
	if (is_on(tty, UK_ABI_ONLCR))
		send(tty, '\r');
	if (is_on(tty, UK_ABI_ONLCR | UK_ABI_ONLRET))
		to_left(tty);
	tty->line_column = tty->column;
	send(tty, '\n');
}

static void carriage_return(struct uk_tty *tty)
{
	if (is_on(tty, UK_ABI_ONOCR) && tty->column == 0)
		return;
	if (is_on(tty, UK_ABI_OCRNL)) {
		if (is_on(tty, UK_ABI_ONLRET))
			to_left(tty);
		send(tty, '\n');
		return;
	}
	to_left(tty);
	send(tty, '\r');
}

static void tab(struct uk_tty *tty)
{
	const uint32_t n = TAB - tty->column % TAB;

	tty->column += n;
	if ((tty->modes.c_oflag & UK_ABI_XTABS) != UK_ABI_XTABS) {
		send(tty, '\t');
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		send(tty, ' ');
}

static void other(struct uk_tty *tty, uint8_t c)
{
	if (c == '\b' && tty->column > 0)
		tty->column--;
	if (!tty_is_control(c) && !tty_continues(tty, c))
		tty->column++;
	if (is_on(tty, UK_ABI_OLCUC) && c >= 'a' && c <= 'z')
		c = (uint8_t)(c - 'a' + 'A');
	send(tty, (char)c);
}

void tty_out(struct uk_tty *tty, uint8_t c)
{
	if (!is_on(tty, UK_ABI_OPOST))
		send(tty, (char)c);
	else if (c == '\n')
		new_line(tty);
	else if (c == '\r')
		carriage_return(tty);
	else if (c == '\t')
		tab(tty);
	else
		other(tty, c);
}

void tty_echo(struct uk_tty *tty, uint8_t c)
{
	if (tty_local(tty, UK_ABI_ECHOCTL) && tty_is_control(c) && c != '\t') {
		tty_out(tty, '^');
		c ^= 0x40;
	}
	tty_out(tty, c);
}

/* Bytes in a row that are sent as they are, by one call. */
static size_t plain(const struct uk_tty *tty, const char *buf, size_t len)
{
	size_t n = 0;

	if (!is_on(tty, UK_ABI_OPOST))
		return len;
	if (is_on(tty, UK_ABI_OLCUC) ||
	    tty_has(tty->modes.c_iflag, UK_ABI_IUTF8))
		return 0;
	while (n < len && !tty_is_control((uint8_t)buf[n]))
		n++;
	return n;
}

void uk_tty_write(struct uk_tty *tty, const char *buf, size_t len)
{
	while (len) {
		size_t n = plain(tty, buf, len);

		if (n) {
			if (is_on(tty, UK_ABI_OPOST))
				tty->column += (uint32_t)n;
			tty->ops->out(tty, buf, n);
		} else {
			n = 1;
			tty_out(tty, (uint8_t)*buf);
		}
		buf += n;
		len -= n;
	}
}

uint32_t tty_stop(struct uk_tty *tty, bool stop)
{
	const bool was = tty->stopped;

	tty->stopped = stop;
	return was && !stop ? UK_TTY_OUT : 0;
}
