/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is typed: bytes that have a meaning are taken out in termios(3)'s
 * order: stopping output, signals, carriage returns, the editing of a line;
 * what is left is kept, and echoed.
 */
#include "tty_priv.h"

static bool is_on(const struct uk_tty *tty, uint32_t flag)
{
	return tty_has(tty->modes.c_iflag, flag);
}

/* Both: the extensions and @flag. */
static bool extends(const struct uk_tty *tty, uint8_t c, unsigned int index)
{
	return tty_local(tty, UK_ABI_IEXTEN) && tty_is(tty, c, index);
}

static int signal_of(const struct uk_tty *tty, uint8_t c)
{
	if (!tty_local(tty, UK_ABI_ISIG))
		return 0;
	if (tty_is(tty, c, UK_ABI_VINTR))
		return UK_ABI_TTY_SIGINT;
	if (tty_is(tty, c, UK_ABI_VQUIT))
		return UK_ABI_TTY_SIGQUIT;
	return tty_is(tty, c, UK_ABI_VSUSP) ? UK_ABI_TTY_SIGTSTP : 0;
}

static uint32_t send_signal(struct uk_tty *tty, uint8_t c, int sig)
{
	uint32_t change = 0;

	if (!tty_local(tty, UK_ABI_NOFLSH))
		uk_tty_flush(tty);
	if (is_on(tty, UK_ABI_IXON))
		change = tty_stop(tty, false);
	if (tty_local(tty, UK_ABI_ECHO))
		tty_echo(tty, c);
	tty->ops->signal(tty, sig);
	return change;
}

/* It becomes a byte of what is read; a newline shows as ^J then. */
static void keep(struct uk_tty *tty, uint8_t c, bool was_return)
{
	if (tty_local(tty, UK_ABI_ECHO)) {
		if (tty->line == tty->head)
			tty->line_column = tty->column;
		if (was_return)
			tty_out(tty, c);
		else
			tty_echo(tty, c);
	}
	tty_queue_put(tty, c);
}

/* Is it an end of a line? Then it has been echoed. */
static bool ends_line(struct uk_tty *tty, uint8_t c)
{
	if (c == '\n') {
		if (tty_local(tty, UK_ABI_ECHO | UK_ABI_ECHONL))
			tty_out(tty, c);
		return true;
	}
	if (tty_is(tty, c, UK_ABI_VEOF))
		return true;
	if (!tty_is(tty, c, UK_ABI_VEOL) && !extends(tty, c, UK_ABI_VEOL2))
		return false;
	if (tty_local(tty, UK_ABI_ECHO))
		tty_echo(tty, c);
	return true;
}

static void quote_next(struct uk_tty *tty)
{
	tty->literal = true;
	if (tty_local(tty, UK_ABI_ECHO) && tty_local(tty, UK_ABI_ECHOCTL)) {
		tty_out(tty, '^');
		tty_out(tty, '\b');
	}
}

/* Where lines are edited; true: it was taken out, or it has ended a line. */
static bool edit(struct uk_tty *tty, uint8_t c, uint32_t *change)
{
	if (tty_is(tty, c, UK_ABI_VERASE) || tty_is(tty, c, UK_ABI_VKILL) ||
	    extends(tty, c, UK_ABI_VWERASE)) {
		tty_erase(tty, c);
	} else if (extends(tty, c, UK_ABI_VLNEXT)) {
		quote_next(tty);
	} else if (extends(tty, c, UK_ABI_VREPRINT) &&
		   tty_local(tty, UK_ABI_ECHO)) {
		tty_reprint(tty);
	} else if (ends_line(tty, c)) {
		/* A newline is one, whatever else it is. */
		tty_queue_end_line(tty, c != '\n' &&
				   tty_is(tty, c, UK_ABI_VEOF) ? '\0' : c);
		*change |= UK_TTY_IN;
	} else {
		return false;
	}
	return true;
}

/* Stopping and going on; true: it was that. */
static bool flow(struct uk_tty *tty, uint8_t c, uint32_t *change)
{
	if (!is_on(tty, UK_ABI_IXON))
		return false;
	if (tty_is(tty, c, UK_ABI_VSTART)) {
		*change |= tty_stop(tty, false);
		return true;
	}
	if (tty_is(tty, c, UK_ABI_VSTOP)) {
		*change |= tty_stop(tty, true);
		return true;
	}
	return false;
}

static uint32_t one(struct uk_tty *tty, uint8_t c)
{
	const bool lines = tty_local(tty, UK_ABI_ICANON);
	uint32_t change = 0;
	bool was_return;
	int sig;

	if (is_on(tty, UK_ABI_ISTRIP))
		c &= 0x7f;
	if (is_on(tty, UK_ABI_IUCLC) && tty_local(tty, UK_ABI_IEXTEN) &&
	    c >= 'A' && c <= 'Z')
		c = (uint8_t)(c - 'A' + 'a');
	if (tty->literal) {
		tty->literal = false;
		keep(tty, c, false);
		return lines ? 0 : UK_TTY_IN;
	}
	if (flow(tty, c, &change))
		return change;
	sig = signal_of(tty, c);
	if (sig)
		return send_signal(tty, c, sig);
	if (is_on(tty, UK_ABI_IXON) && is_on(tty, UK_ABI_IXANY))
		change |= tty_stop(tty, false);
	if (c == '\r' && is_on(tty, UK_ABI_IGNCR))
		return change;
	was_return = c == '\r' && is_on(tty, UK_ABI_ICRNL);
	if (was_return)
		c = '\n';
	else if (c == '\n' && is_on(tty, UK_ABI_INLCR))
		c = '\r';
	if (lines && edit(tty, c, &change))
		return change;
	keep(tty, c, was_return);
	return lines ? change : change | UK_TTY_IN;
}

uint32_t uk_tty_receive(struct uk_tty *tty, const char *buf, size_t len)
{
	uint32_t change = 0;

	for (size_t i = 0; i < len; i++)
		change |= one(tty, (uint8_t)buf[i]);
	return change;
}
