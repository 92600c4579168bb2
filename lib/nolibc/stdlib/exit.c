/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ends of a program.
 *
 * main()'s return never passes here: the image ends, and what the libc has to
 * do then (handlers of atexit(), streams) are term functions of the boot
 * stages. So exit() only has to end the image, and the hasty ends have to say
 * that they are.
 */
#include <stdlib.h>
#include <unistd.h>

#include <uk/syscall.h>

#include "../stdio/file.h"

/* The shells' status of a program that SIGABRT ended. */
#define STATUS_ABORT	134

bool nolibc_quick_exit;

__attribute__((noreturn))
static void end(int status)
{
	uk_syscall_r_exit_group(status);
	__builtin_trap();
}

void exit(int status)
{
	end(status);
}

void _Exit(int status)
{
	nolibc_quick_exit = true;
	end(status);
}

void _exit(int status)
{
	_Exit(status);
}

void abort(void)
{
	_Exit(STATUS_ABORT);
}
