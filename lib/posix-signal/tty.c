/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is typed at the terminal to interrupt the program.
 */
#include <uk/init.h>
#include <uk/essentials.h>
#include <uk/posix_tty.h>
#include <uk/signal.h>

static void on_signal(int sig)
{
	(void)uk_signal_process(sig, NULL);
}

static int start(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_posix_tty_on_signal(on_signal);
	return 0;
}

UK_INIT(SERVICE, start, NULL);
