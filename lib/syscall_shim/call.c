/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of a call in which something was asked of the thread.
 *
 * While the registered function works the thread counts as in the call, so
 * nothing is delivered on top of what it is about to deliver. Afterwards it is
 * counted out, and only then looks whether more has come: what is asked after
 * that look waits for the end of the next call. So none is done while a result
 * is still to be changed by it.
 */
#include <uk/call.h>

#include <uk/assert.h>
#include <uk/compiler.h>
#include <uk/current.h>
#include <uk/errno.h>

#include "syscall_shim_priv.h"

uk_call_exit_fn syscall_shim_exit;

void uk_call_set_exit(uk_call_exit_fn fn)
{
	UK_ASSERT(fn && !syscall_shim_exit);
	syscall_shim_exit = fn;
}

bool syscall_shim_has_work(const struct uk_current *cur)
{
	return syscall_shim_exit &&
	       __atomic_load_n(&cur->pending, __ATOMIC_RELAXED);
}

bool syscall_shim_work(long *ret, struct ukarch_regs *regs)
{
	if (syscall_shim_exit && syscall_shim_exit(ret, regs))
		return true;
	if (*ret == -UK_CALL_RESTART)
		*ret = -EINTR;
	return false;
}

static void count(struct uk_current *cur, uint32_t calls)
{
	uk_compiler_barrier();
	cur->calls = calls;
	uk_compiler_barrier();
}

struct uk_call_end uk_call_end_slow(struct uk_current *cur, long ret,
				    struct ukarch_regs *regs)
{
	struct uk_call_end end = { .ret = ret, .again = false };

	if (cur->calls > 1) {
		/* It is the outermost one's to see. */
		count(cur, cur->calls - 1);
		return end;
	}
	do {
		count(cur, 1);
		end.again = syscall_shim_work(&end.ret, regs);
		if (end.again)
			return end;
		count(cur, 0);
	} while (syscall_shim_has_work(cur));
	return end;
}
