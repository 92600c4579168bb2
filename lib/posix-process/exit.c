/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of the program, and of a thread of it.
 */
#include <uk/end.h>
#include <uk/syscall.h>

#include "process_priv.h"

UK_SYSCALL_R_DEFINE(long, exit_group, int, status)
{
	uk_exit(status & 0xff);
}

UK_SYSCALL_R_DEFINE(long, exit, int, status)
{
	process_thread_exit(status & 0xff);
}
