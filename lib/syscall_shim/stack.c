/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The stack of a thread for calls that come by a trap: its auxiliary one, if
 * its creator gave it one, else one that it gets here and that goes with it.
 *
 * Core code takes 8 KiB of a caller's stack at most, and what interrupts it is
 * on the trap stack; the rest is for a handler's call inside a call.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/arch/ctx.h>
#include <uk/arch/percpu.h>
#include <uk/errno.h>
#include <uk/thread.h>

#define STACK_LEN	16384u

static int give_stack(struct uk_thread *child, struct uk_thread *parent)
{
	if (!child->auxsp) {
		struct uk_alloc *const a = uk_alloc_get_default();
		char *const stack = uk_memalign(a, UKARCH_SP_ALIGN, STACK_LEN);

		if (!stack)
			return -ENOMEM;
		/* Freed with the thread's memory: it may exit on it. */
		child->_mem.auxstack = stack;
		child->_mem.auxstack_a = a;
		child->auxsp = (uintptr_t)stack + STACK_LEN;
	}
	child->cur.call_stack_top = child->auxsp &
				    ~(uintptr_t)(UKARCH_SP_ALIGN - 1);
	/* The boot context becomes the first thread. */
	if (!parent)
		ukarch_current()->call_stack_top = child->cur.call_stack_top;
	return 0;
}

UK_THREAD_INIT_PRIO(give_stack, NULL, 0);
