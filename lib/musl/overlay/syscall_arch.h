/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * How musl makes system calls here; shadows its own header of this name.
 *
 * A call with a constant number is a direct call of uk_syscall_r_<name>(), as
 * of any function. Which calls an image provides is not known here and must
 * not be: so the archive is the same for every image, and what an image lacks
 * is settled when it is linked (nosys.ld). Arguments beyond those that musl
 * gives are unspecified, as they are with a trap.
 *
 * Numbers that are known at run time only go through the table of
 * lib/syscall_shim.
 */

/* long uk_syscall_r_<name>() for all, and UK_CALLS(X): X(number, name) each. */
#include "uk_calls.h"

#define __SYSCALL_LL_E(x)	(x)
#define __SYSCALL_LL_O(x)	(x)
#define IPC_64			0

long uk_syscall6_r(long nr, long a, long b, long c, long d, long e, long f);

#define UK_INLINE	static inline __attribute__((__always_inline__))
#define UK_CASE(nr, name)						\
	case nr:							\
		return uk_syscall_r_##name;

/* Folds to one symbol where @nr is a constant. */
UK_INLINE long (*uk_call(long nr))()
{
	switch (nr) {
	UK_CALLS(UK_CASE)
	}
	return 0;
}

UK_INLINE long __syscall0(long nr)
{
	if (__builtin_constant_p(nr))
		return ((long (*)(void))uk_call(nr))();
	return uk_syscall6_r(nr, 0, 0, 0, 0, 0, 0);
}

UK_INLINE long __syscall1(long nr, long a)
{
	if (__builtin_constant_p(nr))
		return ((long (*)(long))uk_call(nr))(a);
	return uk_syscall6_r(nr, a, 0, 0, 0, 0, 0);
}

UK_INLINE long __syscall2(long nr, long a, long b)
{
	if (__builtin_constant_p(nr))
		return ((long (*)(long, long))uk_call(nr))(a, b);
	return uk_syscall6_r(nr, a, b, 0, 0, 0, 0);
}

UK_INLINE long __syscall3(long nr, long a, long b, long c)
{
	if (__builtin_constant_p(nr))
		return ((long (*)(long, long, long))uk_call(nr))(a, b, c);
	return uk_syscall6_r(nr, a, b, c, 0, 0, 0);
}

UK_INLINE long __syscall4(long nr, long a, long b, long c, long d)
{
	if (__builtin_constant_p(nr))
		return ((long (*)(long, long, long, long))
			uk_call(nr))(a, b, c, d);
	return uk_syscall6_r(nr, a, b, c, d, 0, 0);
}

UK_INLINE long __syscall5(long nr, long a, long b, long c, long d, long e)
{
	if (__builtin_constant_p(nr))
		return ((long (*)(long, long, long, long, long))
			uk_call(nr))(a, b, c, d, e);
	return uk_syscall6_r(nr, a, b, c, d, e, 0);
}

UK_INLINE long __syscall6(long nr, long a, long b, long c, long d, long e,
			  long f)
{
	if (__builtin_constant_p(nr))
		return ((long (*)(long, long, long, long, long, long))
			uk_call(nr))(a, b, c, d, e, f);
	return uk_syscall6_r(nr, a, b, c, d, e, f);
}
