/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Calls that are cancellation points.
 *
 * Elsewhere musl's signal handler sees by the program counter whether a
 * thread is about to make its call, or waits in it, and has it go on at
 * __cp_cancel. Here a call is a function and handlers run inside of it, at its
 * end, when it is known whether the call is made again: there the request is
 * looked for. So the range that the handler compares with is empty.
 *
 * The caller is counted into a call before it looks first, and until it makes
 * no call any more. No handler runs meanwhile, and a signal that comes ends
 * the call's wait; so none is missed between a look and a wait.
 */
#include <stdbool.h>

#include <uk/call.h>
#include <uk/errno.h>

#include "pthread_impl.h"
#include "syscall.h"

extern const char __cp_begin[1], __cp_end[1];

long __cancel(void);
long __syscall_cp_asm(const volatile int *cancel, long nr, long a, long b,
		      long c, long d, long e, long f);

/* Data, where no code lies. */
const char __cp_begin[1], __cp_end[1];

/* A handler may have forbidden it since the caller has looked. */
static bool is_asked(const volatile int *cancel)
{
	return *cancel && __pthread_self()->canceldisable !=
			  PTHREAD_CANCEL_DISABLE;
}

/* musl's name: elsewhere it must be assembler. */
long __syscall_cp_asm(const volatile int *cancel, long nr, long a, long b,
		      long c, long d, long e, long f)
{
	struct uk_current *const cur = uk_call_enter();

	while (!is_asked(cancel)) {
		const long ret = uk_syscall6_r(nr, a, b, c, d, e, f);
		struct uk_call_end end;

		if (uk_call_end(cur, ret))
			return ret;
		end = uk_call_end_slow(cur, ret, NULL);
		if (!end.again)
			return end.ret;
	}
	(void)uk_call_end_slow(cur, -EINTR, NULL);
	return __cancel();
}
