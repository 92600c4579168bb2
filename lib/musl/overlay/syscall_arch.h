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

/* 64 bits are one argument; no flag tells new structures of IPC from old. */
#define __SYSCALL_LL_E(value)	((long)(value))
#define __SYSCALL_LL_O(value)	__SYSCALL_LL_E(value)
#define IPC_64			0x0

long uk_syscall6_r(long nr, long u, long v, long w, long x, long y, long z);

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

/*
 * long __syscall@n() with @params, of the @types, which are @passed; the rest
 * is what a call by number gets.
 */
#define UK_BY_NUMBER(n, params, types, passed, ...)			\
	UK_INLINE long __syscall##n params				\
	{								\
		return __builtin_constant_p(nr) ?			\
		       ((long (*)types)uk_call(nr))passed :		\
		       uk_syscall6_r(nr, __VA_ARGS__);			\
	}

UK_BY_NUMBER(0, (long nr), (void), (), 0, 0, 0, 0, 0, 0)
UK_BY_NUMBER(1, (long nr, long u), (long), (u), u, 0, 0, 0, 0, 0)
UK_BY_NUMBER(2, (long nr, long u, long v), (long, long), (u, v),
	     u, v, 0, 0, 0, 0)
UK_BY_NUMBER(3, (long nr, long u, long v, long w), (long, long, long),
	     (u, v, w), u, v, w, 0, 0, 0)
UK_BY_NUMBER(4, (long nr, long u, long v, long w, long x),
	     (long, long, long, long), (u, v, w, x), u, v, w, x, 0, 0)
UK_BY_NUMBER(5, (long nr, long u, long v, long w, long x, long y),
	     (long, long, long, long, long), (u, v, w, x, y),
	     u, v, w, x, y, 0)
UK_BY_NUMBER(6, (long nr, long u, long v, long w, long x, long y, long z),
	     (long, long, long, long, long, long), (u, v, w, x, y, z),
	     u, v, w, x, y, z)
