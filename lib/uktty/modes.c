/* SPDX-License-Identifier: BSD-3-Clause */
#include "tty_priv.h"

#define CTRL(key)	((key) & 0x1f)

void uk_tty_init(struct uk_tty *tty, const struct uk_tty_ops *ops)
{
	*tty = (struct uk_tty){
		.ops = ops,
		.modes = {
			.c_iflag = UK_ABI_ICRNL | UK_ABI_IXON,
			.c_oflag = UK_ABI_OPOST | UK_ABI_ONLCR,
			.c_cflag = UK_ABI_B38400 | UK_ABI_CS8 | UK_ABI_CREAD |
				   UK_ABI_HUPCL,
			.c_lflag = UK_ABI_ISIG | UK_ABI_ICANON | UK_ABI_ECHO |
				   UK_ABI_ECHOE | UK_ABI_ECHOK |
				   UK_ABI_ECHOCTL | UK_ABI_ECHOKE |
				   UK_ABI_IEXTEN,
			.c_cc = {
				[UK_ABI_VINTR] = CTRL('C'),
				[UK_ABI_VQUIT] = CTRL('\\'),
				[UK_ABI_VERASE] = 0x7f,
				[UK_ABI_VKILL] = CTRL('U'),
				[UK_ABI_VEOF] = CTRL('D'),
				[UK_ABI_VMIN] = 1,
				[UK_ABI_VSTART] = CTRL('Q'),
				[UK_ABI_VSTOP] = CTRL('S'),
				[UK_ABI_VSUSP] = CTRL('Z'),
				[UK_ABI_VREPRINT] = CTRL('R'),
				[UK_ABI_VDISCARD] = CTRL('O'),
				[UK_ABI_VWERASE] = CTRL('W'),
				[UK_ABI_VLNEXT] = CTRL('V'),
			},
		},
	};
}

uint32_t uk_tty_set_modes(struct uk_tty *tty,
			  const struct uk_abi_termios *modes)
{
	const bool lines = tty_has(modes->c_lflag, UK_ABI_ICANON);
	const uint32_t off = tty->modes.c_iflag & ~modes->c_iflag;
	uint32_t change = UK_TTY_IN;

	if (lines != tty_local(tty, UK_ABI_ICANON))
		tty_queue_rule_lines(tty, lines);
	tty->modes = *modes;
	/* The key that would let it go on has no meaning now. */
	if (tty_has(off, UK_ABI_IXON))
		change |= tty_stop(tty, false);
	return change;
}
