/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * Terminals, as Linux's ABI has them: the kernel's structures and the numbers
 * of ioctl_tty(2) and termios(3). x86_64 and arm64 both have the generic ones.
 * A C library's `struct termios` is longer than the kernel's.
 */

#define UK_ABI_NCCS	19

struct uk_abi_termios {
	uint32_t c_iflag;
	uint32_t c_oflag;
	uint32_t c_cflag;
	uint32_t c_lflag;
	uint8_t c_line;
	uint8_t c_cc[UK_ABI_NCCS];
};

_Static_assert(sizeof(struct uk_abi_termios) == 36, "Linux ABI, generic");

struct uk_abi_winsize {
	uint16_t ws_row;
	uint16_t ws_col;
	uint16_t ws_xpixel;
	uint16_t ws_ypixel;
};

/* Indices of c_cc. A character that is 0 is switched off. */
#define UK_ABI_VINTR	0
#define UK_ABI_VQUIT	1
#define UK_ABI_VERASE	2
#define UK_ABI_VKILL	3
#define UK_ABI_VEOF	4
#define UK_ABI_VTIME	5	/* tenths of a second */
#define UK_ABI_VMIN	6	/* bytes */
#define UK_ABI_VSTART	8
#define UK_ABI_VSTOP	9
#define UK_ABI_VSUSP	10
#define UK_ABI_VEOL	11
#define UK_ABI_VREPRINT	12
#define UK_ABI_VDISCARD	13
#define UK_ABI_VWERASE	14
#define UK_ABI_VLNEXT	15
#define UK_ABI_VEOL2	16

/* c_iflag */
#define UK_ABI_ISTRIP	0x0020u
#define UK_ABI_INLCR	0x0040u
#define UK_ABI_IGNCR	0x0080u
#define UK_ABI_ICRNL	0x0100u
#define UK_ABI_IUCLC	0x0200u
#define UK_ABI_IXON	0x0400u
#define UK_ABI_IXANY	0x0800u
#define UK_ABI_IXOFF	0x1000u
#define UK_ABI_IUTF8	0x4000u

/* c_oflag */
#define UK_ABI_OPOST	0x0001u
#define UK_ABI_OLCUC	0x0002u
#define UK_ABI_ONLCR	0x0004u
#define UK_ABI_OCRNL	0x0008u
#define UK_ABI_ONOCR	0x0010u
#define UK_ABI_ONLRET	0x0020u
#define UK_ABI_XTABS	0x1800u

/* c_cflag */
#define UK_ABI_B38400	0x000fu
#define UK_ABI_CS8	0x0030u
#define UK_ABI_CREAD	0x0080u
#define UK_ABI_HUPCL	0x0400u

/* c_lflag */
#define UK_ABI_ISIG	0x0001u
#define UK_ABI_ICANON	0x0002u
#define UK_ABI_ECHO	0x0008u
#define UK_ABI_ECHOE	0x0010u
#define UK_ABI_ECHOK	0x0020u
#define UK_ABI_ECHONL	0x0040u
#define UK_ABI_NOFLSH	0x0080u
#define UK_ABI_ECHOCTL	0x0200u
#define UK_ABI_ECHOKE	0x0800u
#define UK_ABI_IEXTEN	0x8000u

/* Commands of ioctl(2); *: what the argument points to. */
#define UK_ABI_TCGETS		0x5401	/* struct termios * */
#define UK_ABI_TCSETS		0x5402	/* likewise; at once, */
#define UK_ABI_TCSETSW		0x5403	/* after the output, */
#define UK_ABI_TCSETSF		0x5404	/* and input is thrown away */
#define UK_ABI_TCSBRK		0x5409	/* not 0: wait for the output */
#define UK_ABI_TCXONC		0x540a	/* UK_ABI_TCOOFF, … */
#define UK_ABI_TCFLSH		0x540b	/* UK_ABI_TCIFLUSH, … */
#define UK_ABI_TIOCSCTTY	0x540e
#define UK_ABI_TIOCGPGRP	0x540f	/* int * */
#define UK_ABI_TIOCSPGRP	0x5410	/* const int * */
#define UK_ABI_TIOCOUTQ		0x5411	/* int * */
#define UK_ABI_TIOCGWINSZ	0x5413	/* struct winsize * */
#define UK_ABI_TIOCSWINSZ	0x5414	/* const struct winsize * */
#define UK_ABI_TIOCINQ		0x541b	/* FIONREAD; int * */
#define UK_ABI_TCSBRKP		0x5425
#define UK_ABI_TIOCGSID		0x5429	/* int * */

/* Of TCXONC: output, and input by telling the other end. */
#define UK_ABI_TCOOFF		0
#define UK_ABI_TCOON		1
#define UK_ABI_TCIOFF		2
#define UK_ABI_TCION		3

/* Of TCFLSH. */
#define UK_ABI_TCIFLUSH		0
#define UK_ABI_TCOFLUSH		1
#define UK_ABI_TCIOFLUSH	2

/* Signals that terminals send: signal(7). */
#define UK_ABI_TTY_SIGINT	2
#define UK_ABI_TTY_SIGQUIT	3
#define UK_ABI_TTY_SIGTSTP	20
#define UK_ABI_TTY_SIGWINCH	28
