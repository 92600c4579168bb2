/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "newlib_priv.h"

void _exit(int status)
{
	(void)uk_syscall_r_exit_group(status);
	__builtin_trap();
}

/* A handler of signal() may leave; the system may end the program; or this. */
void abort(void)
{
	(void)raise(SIGABRT);
	__builtin_trap();
}

/* The image is one process, whether there are numbers or not. */
int _getpid_r(struct _reent *r)
{
	const long pid = uk_syscall_r_getpid();

	(void)r;
	return pid > 0 ? (int)pid : 1;
}

int _kill_r(struct _reent *r, int pid, int sig)
{
	return newlib_result(r, uk_syscall_r_kill(pid, sig));
}

int getentropy(void *buf, size_t len)
{
	const size_t most = 256;	/* POSIX.1-2024 */
	long got;

	if (len > most)
		return newlib_result(_REENT, -EIO);
	got = newlib_result(_REENT, uk_syscall_r_getrandom(
		(long)buf, (long)len, 0));
	return got < 0 ? -1 : 0;
}
