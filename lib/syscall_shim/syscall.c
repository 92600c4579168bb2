/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System calls whose number is known at run time only.
 *
 * A switch over the numbers that are provided, which the compiler makes a
 * jump table of direct calls: nothing is filled in at boot and nothing can be
 * overwritten. The cases are macros of the build; what is not provided, and
 * numbers out of range, share the default.
 */
#include <uk/syscall.h>

#include <uk/compiler.h>
#include <uk/config.h>

#include "syscall_shim_priv.h"

#define CALL(nr, name)							\
	case nr:							\
		return uk_syscall_r_fn##nr(a, b, c, d, e, f);
#define PROVIDED(nr, name)						\
	case nr:							\
		return 1;

long uk_syscall6_r(long nr, long a, long b, long c, long d, long e, long f)
{
	switch (nr) {
	UK_SYSCALL_MAP(CALL)
	default:
		return uk_syscall_r_nosys(nr, a, b, c, d, e, f);
	}
}

long uk_vsyscall_r(long nr, va_list ap)
{
	long arg[6];

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(arg); i++)
		arg[i] = va_arg(ap, long);
	return uk_syscall6_r(nr, arg[0], arg[1], arg[2], arg[3], arg[4],
			     arg[5]);
}

int uk_syscall_provided(long nr)
{
	switch (nr) {
	UK_SYSCALL_MAP(PROVIDED)
	default:
		return 0;
	}
}

long uk_syscall_r_nosys(long nr, ...)
{
	if (UK_IS_ENABLED(CONFIG_LIBSYSCALL_SHIM_WATCH))
		syscall_shim_watch_nosys(nr);
	return -ENOSYS;
}
