/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

/* Definitions are in C. */
#ifndef __cplusplus
#include <uk/call.h>
#endif
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#ifndef __cplusplus
#include <uk/execenv.h>
#endif

/*
 * Linux system calls as direct function calls.
 *
 * A library that provides one says so in its Makefile.uk, with the number of
 * arguments,
 *
 *	UK_PROVIDED_SYSCALLS-y += write-3
 *
 * and defines it with
 *
 *	UK_SYSCALL_R_DEFINE(ssize_t, write, int, fd, const void *, buf,
 *			    size_t, len)
 *	{
 *		... return a count, or a negative errno
 *	}
 *
 * which makes the function long uk_syscall_r_write(long, long, long). Its
 * exportsyms.uk lists that name. Exactly one library provides a call; the
 * build refuses a second one. What nobody provides returns -ENOSYS.
 *
 * A call is counted (<uk/call.h>): what is asked of the thread meanwhile is
 * done where it leaves the outermost one. UK_SYSCALL_R_LEAF_DEFINE is for those
 * that need no count: they take no lock, do not block, and touch the caller's
 * memory by <uk/nofault.h> if at all.
 *
 * Whoever wants the call uses the cheapest of
 *
 *	uk_syscall_r_write(fd, (long)buf, len)		one direct call
 *	uk_syscall_r_static(SYS_write, fd, buf, len)	the same, by number; the
 *							number is a constant
 *	uk_syscall_r(nr, fd, buf, len)			any number, at run time
 *
 * The forms without _r are the same in the style of C libraries: they return
 * -1 and set errno. They are for programs, which have a libc's <errno.h>.
 *
 * Context: thread. A call that may block says so.
 */

/* What each argument and the result of a system call is passed as. */
typedef long uk_syscall_arg_t;

/*
 * Made for this image and architecture: SYS_x and __NR_x for each call of
 * Linux; HAVE_uk_syscall_x and the prototype for each one provided, and a
 * macro that gives -ENOSYS in the place of each other.
 */
#include <uk/bits/syscall_nrs.h>
#include <uk/bits/syscall_nrs2.h>
#include <uk/bits/syscall_provided.h>
#include <uk/bits/syscall_ids.h>
#include <uk/bits/syscall_stubs.h>
#include <uk/bits/syscall_map.h>
#include <uk/bits/syscall_r_static.h>
#include <uk/bits/syscall_static.h>

/*
 * Call @nr with six arguments. Returns what the call does, -ENOSYS if it is
 * not provided or no number of a call.
 */
long uk_syscall6_r(long nr, long a, long b, long c, long d, long e, long f);

/* The same; @ap has six arguments, each a long. */
long uk_vsyscall_r(long nr, va_list ap);

/* The name of call @nr on this architecture, or NULL. */
const char *uk_syscall_name(long nr);

/* Is call @nr provided in this image? */
int uk_syscall_provided(long nr);

/*
 * How often a call was made (CONFIG_LIBSYSCALL_SHIM_STATS; without it, never),
 * each way to make one counted alike.
 */
struct uk_syscall_stat {
	const char *name;
	uint64_t ncalls;
	uint64_t nerrors;	/* of these, that have returned an error */
};

/*
 * Fill in @stat for call @id: those provided are 0 and up, by name, then come
 * all others as one, whose name is "". False: there is no such @id, and @stat
 * is untouched. Context: any.
 */
bool uk_syscall_stat(unsigned int id, struct uk_syscall_stat *stat);

/* The result of the calls that nobody provides; the arguments are ignored. */
long uk_syscall_r_nosys(long nr, ...);

/* Is @ret, a system call's result, an error? */
#define uk_syscall_is_err(ret)						\
	((unsigned long)(ret) >= (unsigned long)-4095L)

/* @ret in the style of C libraries; errno is the including program's. */
#define uk_syscall_to_errno(ret)					\
	__extension__ ({						\
		long uk_ret_ = (ret);					\
									\
		if (uk_syscall_is_err(uk_ret_)) {			\
			errno = (int)-uk_ret_;				\
			uk_ret_ = -1;					\
		}							\
		uk_ret_;						\
	})

/* Any number, known at run time, and up to six arguments of any type. */
#define uk_syscall_r(...)						\
	UK_SYSCALL_PAD_(UK_SYSCALL_RUN_, __VA_ARGS__)
#define uk_syscall(...)		uk_syscall_to_errno(uk_syscall_r(__VA_ARGS__))
#define uk_syscall6(nr, a, b, c, d, e, f)				\
	uk_syscall_to_errno(uk_syscall6_r(nr, a, b, c, d, e, f))
#define uk_vsyscall(nr, ap)	uk_syscall_to_errno(uk_vsyscall_r(nr, ap))

/*
 * A number that is a macro for a plain literal, and up to six arguments of
 * any type: missing ones are 0, surplus ones are only evaluated.
 */
#define uk_syscall_r_static(...)					\
	UK_SYSCALL_PAD_(UK_SYSCALL_STATIC_, __VA_ARGS__)
#define uk_syscall_static(...)						\
	UK_SYSCALL_PAD_(UK_SYSCALL_STATIC_E_, __VA_ARGS__)

/* Behind the macros: op(nr, a, b, c, d, e, f) with zeros filled in. */
#define UK_SYSCALL_PAD_(op, ...)					\
	UK_SYSCALL_PAD__(op, __VA_ARGS__, 0, 0, 0, 0, 0, 0, ~)
#define UK_SYSCALL_PAD__(op, nr, a, b, c, d, e, f, ...)			\
	op(nr, a, b, c, d, e, f)
#define UK_SYSCALL_RUN_(nr, a, b, c, d, e, f)				\
	uk_syscall6_r((long)(nr), (long)(a), (long)(b), (long)(c),	\
		      (long)(d), (long)(e), (long)(f))
#define UK_SYSCALL_STATIC_(nr, a, b, c, d, e, f)			\
	UK_CONCAT(uk_syscall_r_fn, nr)(a, b, c, d, e, f)
#define UK_SYSCALL_STATIC_E_(nr, a, b, c, d, e, f)			\
	UK_CONCAT(uk_syscall_e_fn, nr)(a, b, c, d, e, f)

/*
 * Define system call @name with result type @rtype; the rest are type and
 * name of each argument. The definition checks against the number of
 * arguments that was announced. The two forms differ in that other trees let
 * the first one make a C library's function as well; here a libc does that.
 */
#define UK_SYSCALL_R_DEFINE(rtype, name, ...)				\
	UK_LLSYSCALL_R_DEFINE(rtype, name, ##__VA_ARGS__)

#define UK_LLSYSCALL_R_DEFINE(rtype, name, ...)				\
	UK_SYSCALL_BEGIN_(rtype, name, ##__VA_ARGS__)			\
	{								\
		UK_SYSCALL_COUNTED_(uk_syscall_do_##name(		\
			UK_SYSCALL_MAP0_(CAST, ##__VA_ARGS__)), NULL)	\
	}								\
	UK_SYSCALL_ENTRY_(name, ##__VA_ARGS__)				\
	static inline rtype						\
	uk_syscall_do_##name(UK_SYSCALL_MAP_(TYPED, ##__VA_ARGS__))

/* The same for a leaf, which is not counted. */
#define UK_SYSCALL_R_LEAF_DEFINE(rtype, name, ...)			\
	UK_SYSCALL_BEGIN_(rtype, name, ##__VA_ARGS__)			\
	{								\
		return (long)uk_syscall_do_##name(			\
			UK_SYSCALL_MAP0_(CAST, ##__VA_ARGS__));		\
	}								\
	UK_SYSCALL_ENTRY_(name, ##__VA_ARGS__)				\
	static inline rtype						\
	uk_syscall_do_##name(UK_SYSCALL_MAP_(TYPED, ##__VA_ARGS__))

/*
 * The same for a call that sees its caller's registers, announced as name-5e:
 * the body has struct ukarch_execenv *execenv. What it does to them is what the
 * caller goes on with, at its return address and stack pointer, but that the
 * result takes its place in them. The _U_ form, announced as name-5u, has the
 * name that older trees use, usc.
 */
#define UK_SYSCALL_R_E_DEFINE(rtype, name, ...)				\
	UK_LLSYSCALL_R_E_DEFINE(rtype, name, ##__VA_ARGS__)
#define UK_LLSYSCALL_R_E_DEFINE(rtype, name, ...)			\
	UK_SYSCALL_ENV_(rtype, name, execenv,				\
			struct ukarch_execenv *, execenv, ##__VA_ARGS__)
#define UK_LLSYSCALL_R_U_DEFINE(rtype, name, ...)			\
	UK_SYSCALL_ENV_(rtype, name, usc,				\
			struct ukarch_execenv *, usc, ##__VA_ARGS__)

#define UK_SYSCALL_ENV_(rtype, name, env, ...)				\
	_Static_assert(HAVE_uk_syscall_##name,				\
		       "the call is not in UK_PROVIDED_SYSCALLS");	\
	static inline rtype						\
	uk_syscall_do_##name(UK_SYSCALL_MAP_(TYPED, __VA_ARGS__));	\
	static inline long						\
	uk_syscall_in_##name(UK_SYSCALL_MAP_(LONG, __VA_ARGS__))	\
	{								\
		UK_SYSCALL_COUNTED_(uk_syscall_do_##name(		\
			UK_SYSCALL_MAP_(CAST, __VA_ARGS__)),		\
			&((struct ukarch_execenv *)env)->regs)		\
	}								\
	long								\
	(uk_syscall_r_e_##name)(UK_SYSCALL_MAP_(LONG, __VA_ARGS__))	\
	{								\
		const long uk_args_[] = {				\
			UK_SYSCALL_MAPN_(ARG, __VA_ARGS__) };		\
									\
		/* The first one is the environment. */			\
		UK_SYSCALL_WATCHED_(name, uk_args_ + 1,			\
			UK_SYSCALL_RANGED_(1, uk_syscall_in_##name(	\
				UK_SYSCALL_MAP0_(ARG, __VA_ARGS__)),	\
				__VA_ARGS__))				\
	}								\
	static inline rtype						\
	uk_syscall_do_##name(UK_SYSCALL_MAP_(TYPED, __VA_ARGS__))

/* The body of a function that makes @call, as often as its end says. */
#define UK_SYSCALL_COUNTED_(call, regs)					\
	struct uk_current *const uk_cur_ = uk_call_enter();		\
									\
	for (;;) {							\
		const long uk_ret_ = (long)call;			\
		struct uk_call_end uk_end_;				\
									\
		if (UK_LIKELY(uk_call_end(uk_cur_, uk_ret_)))		\
			return uk_ret_;					\
		uk_end_ = uk_call_end_slow(uk_cur_, uk_ret_, regs);	\
		if (!uk_end_.again)					\
			return uk_end_.ret;				\
	}

/* Up to the entry's body. */
#define UK_SYSCALL_BEGIN_(rtype, name, ...)				\
	_Static_assert(HAVE_uk_syscall_##name,				\
		       "the call is not in UK_PROVIDED_SYSCALLS");	\
	static inline rtype						\
	uk_syscall_do_##name(UK_SYSCALL_MAP_(TYPED, ##__VA_ARGS__));	\
	static inline long						\
	uk_syscall_in_##name(UK_SYSCALL_MAP_(LONG, ##__VA_ARGS__))

/* The entry itself. */
#define UK_SYSCALL_ENTRY_(name, ...)					\
	long								\
	(uk_syscall_r_##name)(UK_SYSCALL_MAP_(LONG, ##__VA_ARGS__))	\
	{								\
		const long uk_args_[] = {				\
			UK_SYSCALL_MAPN_(ARG, ##__VA_ARGS__) };		\
									\
		UK_SYSCALL_WATCHED_(name, uk_args_,			\
			UK_SYSCALL_RANGED_(0, uk_syscall_in_##name(	\
				UK_SYSCALL_MAP0_(ARG, ##__VA_ARGS__)),	\
				##__VA_ARGS__))				\
	}

/*
 * What @call does, or -EFAULT: one of its arguments from @first on is a pointer
 * that it may not use. The others are numbers here.
 */
#define UK_SYSCALL_RANGED_(first, call, ...)				\
	(UK_IS_ENABLED(CONFIG_LIBSYSCALL_SHIM_RANGE) &&			\
	 !uk_syscall_may_use_(uk_args_, (const bool[]){			\
		UK_SYSCALL_MAPN_(IS_PTR, ##__VA_ARGS__) }, first,	\
		UK_SYSCALL_NPAIRS_(__VA_ARGS__)) ? -EFAULT : (call))

/* GCC's manual, "__builtin_classify_type": 5 is a pointer. */
#define UK_SYSCALL_IS_PTR_(type, arg)	(__builtin_classify_type((type)0) == 5)

#ifndef __cplusplus
static inline bool uk_syscall_may_use_(const long *args, const bool *is_ptr,
				       unsigned int first, unsigned int n)
{
	for (unsigned int i = first; i < n; i++)
		if (is_ptr[i] && !uk_call_may_use((const void *)args[i]))
			return false;
	return true;
}
#endif

/* Return what @call does, and tell of it who wants to know. */
#define UK_SYSCALL_WATCHED_(name, args, call)				\
	long uk_ret_;							\
									\
	if (!UK_IS_ENABLED(CONFIG_LIBSYSCALL_SHIM_WATCH)) {		\
		(void)(args);						\
		return call;						\
	}								\
	uk_syscall_begins_(UK_SYSCALL_ID_##name, args);			\
	uk_ret_ = call;							\
	uk_syscall_ends_(UK_SYSCALL_ID_##name, args, uk_ret_);		\
	return uk_ret_;

/* Behind that; for calls of an image that has such an option (watch.c). */
void uk_syscall_begins_(unsigned int id, const long *args);
void uk_syscall_ends_(unsigned int id, const long *args, long ret);

/* One argument: as parameter, as parameter of the entry, as argument. */
#define UK_SYSCALL_ARG_(type, arg)	arg
#define UK_SYSCALL_TYPED_(type, arg)	type arg
#define UK_SYSCALL_LONG_(type, arg)	long arg
#define UK_SYSCALL_CAST_(type, arg)	(type)arg

/*
 * The list for zero to seven (type, name) pairs; MAP0 has nothing for none,
 * and MAPN a 0.
 */
#define UK_SYSCALL_NPAIRS_(...)						\
	UK_SYSCALL_NPAIRS__(~, ##__VA_ARGS__, 7, 7, 6, 6, 5, 5, 4, 4,	\
			    3, 3, 2, 2, 1, 1, 0)
#define UK_SYSCALL_NPAIRS__(x, a, b, c, d, e, f, g, h, i, j, k, l, m,	\
			    o, n, ...) n
#define UK_SYSCALL_MAP_(op, ...)					\
	UK_CONCAT(UK_SYSCALL_MAP_,					\
		  UK_SYSCALL_NPAIRS_(__VA_ARGS__))(op, void, ##__VA_ARGS__)
#define UK_SYSCALL_MAP0_(op, ...)					\
	UK_CONCAT(UK_SYSCALL_MAP_,					\
		  UK_SYSCALL_NPAIRS_(__VA_ARGS__))(op, , ##__VA_ARGS__)
#define UK_SYSCALL_MAPN_(op, ...)					\
	UK_CONCAT(UK_SYSCALL_MAP_,					\
		  UK_SYSCALL_NPAIRS_(__VA_ARGS__))(op, 0, ##__VA_ARGS__)
#define UK_SYSCALL_MAP_0(op, none)	none
#define UK_SYSCALL_MAP_1(op, none, t, a)				\
	UK_SYSCALL_##op##_(t, a)
#define UK_SYSCALL_MAP_2(op, none, t, a, ...)				\
	UK_SYSCALL_##op##_(t, a), UK_SYSCALL_MAP_1(op, none, __VA_ARGS__)
#define UK_SYSCALL_MAP_3(op, none, t, a, ...)				\
	UK_SYSCALL_##op##_(t, a), UK_SYSCALL_MAP_2(op, none, __VA_ARGS__)
#define UK_SYSCALL_MAP_4(op, none, t, a, ...)				\
	UK_SYSCALL_##op##_(t, a), UK_SYSCALL_MAP_3(op, none, __VA_ARGS__)
#define UK_SYSCALL_MAP_5(op, none, t, a, ...)				\
	UK_SYSCALL_##op##_(t, a), UK_SYSCALL_MAP_4(op, none, __VA_ARGS__)
#define UK_SYSCALL_MAP_6(op, none, t, a, ...)				\
	UK_SYSCALL_##op##_(t, a), UK_SYSCALL_MAP_5(op, none, __VA_ARGS__)
#define UK_SYSCALL_MAP_7(op, none, t, a, ...)				\
	UK_SYSCALL_##op##_(t, a), UK_SYSCALL_MAP_6(op, none, __VA_ARGS__)
