/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of the program. There is one process with one thread, so the end of
 * the thread is the end of both.
 */
#include <uk/end.h>
#include <uk/syscall.h>

UK_SYSCALL_R_DEFINE(long, exit_group, int, status)
{
	uk_exit(status & 0xff);
}

UK_SYSCALL_R_DEFINE(long, exit, int, status)
{
	uk_exit(status & 0xff);
}
