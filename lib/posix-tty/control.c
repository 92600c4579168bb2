/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ioctl(2) of a terminal. There is one process, which leads the one session
 * and is the one group of it, so most of what is about those is known.
 *
 * Output has left when a write returns: whatever waits for it has nothing to
 * wait for.
 */
#include "posix_tty_priv.h"

#include <uk/errno.h>
#include <uk/nofault.h>

/* Session, its leader and group. */
#define PROCESS	1

static long put(long to, const void *from, size_t len)
{
	return uk_nofault_memcpy((void *)to, from, len, 0) == len ? 0
								   : -EFAULT;
}

static long put_int(long to, int n)
{
	return put(to, &n, sizeof(n));
}

static bool get(void *to, long from, size_t len)
{
	return uk_nofault_memcpy(to, (const void *)from, len, 0) == len;
}

static long get_modes(long arg)
{
	const unsigned long irq = uk_spin_lock_irqsave(&term.lock);
	const struct uk_abi_termios modes = term.tty.modes;

	uk_spin_unlock_irqrestore(&term.lock, irq);
	return put(arg, &modes, sizeof(modes));
}

static long set_modes(long arg, bool flush)
{
	struct uk_abi_termios modes;
	unsigned long irq;
	uint32_t change;

	if (!get(&modes, arg, sizeof(modes)))
		return -EFAULT;
	irq = uk_spin_lock_irqsave(&term.lock);
	if (flush)
		uk_tty_flush(&term.tty);
	change = uk_tty_set_modes(&term.tty, &modes);
	uk_spin_unlock_irqrestore(&term.lock, irq);
	term_tell(change);
	return 0;
}

static long get_size(long arg)
{
	const unsigned long irq = uk_spin_lock_irqsave(&term.lock);
	const struct uk_abi_winsize size = term.size;

	uk_spin_unlock_irqrestore(&term.lock, irq);
	return put(arg, &size, sizeof(size));
}

static bool same(const struct uk_abi_winsize *a,
		 const struct uk_abi_winsize *b)
{
	return a->ws_row == b->ws_row && a->ws_col == b->ws_col &&
	       a->ws_xpixel == b->ws_xpixel && a->ws_ypixel == b->ws_ypixel;
}

static long set_size(long arg)
{
	struct uk_abi_winsize size;
	unsigned long irq;

	if (!get(&size, arg, sizeof(size)))
		return -EFAULT;
	irq = uk_spin_lock_irqsave(&term.lock);
	if (!same(&size, &term.size)) {
		term.size = size;
		term.signals |= UINT32_C(1) << UK_ABI_TTY_SIGWINCH;
	}
	uk_spin_unlock_irqrestore(&term.lock, irq);
	term_tell(0);
	return 0;
}

static long flush(long what)
{
	unsigned long irq;

	if (what < UK_ABI_TCIFLUSH || what > UK_ABI_TCIOFLUSH)
		return -EINVAL;
	if (what == UK_ABI_TCOFLUSH)
		return 0;
	term_pump();
	irq = uk_spin_lock_irqsave(&term.lock);
	uk_tty_flush(&term.tty);
	uk_spin_unlock_irqrestore(&term.lock, irq);
	term_pump();
	return 0;
}

/* Ask the other end to stop sending, or to go on. */
static void send_flow(unsigned int index)
{
	const char c = (char)term.tty.modes.c_cc[index];

	if (c)
		term_send(&c, 1);
}

static long flow(long what)
{
	uint32_t change = 0;
	unsigned long irq;

	if (what < UK_ABI_TCOOFF || what > UK_ABI_TCION)
		return -EINVAL;
	irq = uk_spin_lock_irqsave(&term.lock);
	if (what == UK_ABI_TCOOFF) {
		term.held = true;
	} else if (what == UK_ABI_TCOON) {
		term.held = false;
		change = UK_TTY_OUT;
	} else {
		send_flow(what == UK_ABI_TCIOFF ? UK_ABI_VSTOP
						: UK_ABI_VSTART);
	}
	uk_spin_unlock_irqrestore(&term.lock, irq);
	term_tell(change);
	return 0;
}

static long waiting(long arg)
{
	unsigned long irq;
	size_t n;

	term_pump();
	irq = uk_spin_lock_irqsave(&term.lock);
	n = uk_tty_waiting(&term.tty);
	uk_spin_unlock_irqrestore(&term.lock, irq);
	return put_int(arg, (int)n);
}

static long set_group(long arg)
{
	int group;

	if (!get(&group, arg, sizeof(group)))
		return -EFAULT;
	if (group < 0)
		return -EINVAL;
	return group == PROCESS ? 0 : -ESRCH;
}

long term_ioctl(struct uk_file *file UK_UNUSED, unsigned long cmd, long arg)
{
	switch (cmd) {
	case UK_ABI_TCGETS:
		return get_modes(arg);
	case UK_ABI_TCSETS:
	case UK_ABI_TCSETSW:
		return set_modes(arg, false);
	case UK_ABI_TCSETSF:
		return set_modes(arg, true);
	case UK_ABI_TIOCGWINSZ:
		return get_size(arg);
	case UK_ABI_TIOCSWINSZ:
		return set_size(arg);
	case UK_ABI_TCFLSH:
		return flush(arg);
	case UK_ABI_TCXONC:
		return flow(arg);
	case UK_ABI_TIOCINQ:
		return waiting(arg);
	case UK_ABI_TIOCOUTQ:
		return put_int(arg, 0);
	case UK_ABI_TIOCGPGRP:
	case UK_ABI_TIOCGSID:
		return put_int(arg, PROCESS);
	case UK_ABI_TIOCSPGRP:
		return set_group(arg);
	/* Done: nothing is on its way, consoles send no break, and it is. */
	case UK_ABI_TCSBRK:
	case UK_ABI_TCSBRKP:
	case UK_ABI_TIOCSCTTY:
		return 0;
	default:
		return -ENOTTY;
	}
}
