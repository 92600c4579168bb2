/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * The terminal that descriptors 0 to 2 are, for who delivers signals.
 */

/*
 * The terminal asks for signal @sig, one of UK_ABI_TTY_SIG… (<uk/abi/
 * termios.h>), to its foreground process group, which is that of the one
 * process. Context: any, with no lock of the terminal held; interrupts may be
 * off.
 */
typedef void (*uk_posix_tty_signal_fn)(int sig);

/*
 * Have @fn called for signals. Until then they are dropped, as if they were
 * ignored. Once. Context: boot, or thread.
 */
void uk_posix_tty_on_signal(uk_posix_tty_signal_fn fn);
