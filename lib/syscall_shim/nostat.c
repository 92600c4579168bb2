/* SPDX-License-Identifier: BSD-3-Clause */
/* Counters, in an image that has none. */
#include <uk/syscall.h>

#include <uk/compiler.h>

bool uk_syscall_stat(unsigned int id UK_UNUSED,
		     struct uk_syscall_stat *stat UK_UNUSED)
{
	return false;
}
