/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/syscall.h>

#include <stddef.h>

#define NAME(nr, name)							\
	case nr:							\
		return #name;

const char *uk_syscall_name(long nr)
{
	switch (nr) {
	UK_SYSCALL_NAMES(NAME)
	default:
		return NULL;
	}
}
