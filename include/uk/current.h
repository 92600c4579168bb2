/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/config.h>

/*
 * The head of whatever a CPU runs: each thread begins with one, and before
 * there are threads each CPU has one for its boot context. The ground needs
 * no more of a thread than this; ukarch_current() (<uk/arch/percpu.h>) is the
 * one that runs.
 */
struct uk_current {
	/*
	 * 0: may be preempted. Changed by this context itself, and so
	 * without atomics: see <uk/preempt.h>.
	 */
	uint32_t preempt_off;

	/* 1: switch when that is possible. Set on its CPU in interrupts. */
	uint32_t resched;

	/* Interrupts being handled on top of it; changed by arch/ only. */
	uint32_t irq_depth;

	/* 1: the head of a struct uk_thread; 0: a boot context. Constant. */
	uint32_t is_thread;

	/* Shown by logs and the crash screen; lives as long as this. */
	const char *name;

	/* Trap stack, its upper end: see <uk/arch/ctx.h>. */
	uintptr_t trap_stack_top;

	/* System calls that it is in, changed by this context itself; and
	 * what is to be done when it leaves them, atomic: see <uk/call.h>. */
	uint32_t calls;
	uint32_t pending;

#if UK_IS_ENABLED(CONFIG_HAVE_SYSCALL_TRAP)
	/*
	 * Where the stack of the next system call that comes by a trap
	 * begins, 0: none may come. Changed by this context itself: see
	 * <uk/call.h>.
	 */
	uintptr_t call_stack_top;
#endif
	/* What system calls know of the thread: see <uk/task.h>; or NULL. */
	void *task;

#if UK_IS_ENABLED(CONFIG_LIBUKALLOCSTACK_DEMAND)
	/*
	 * The part of its stack that may have no memory yet, with the
	 * UK_STACK_RESERVE bytes below: see <uk/stack.h>. Length 0: none.
	 */
	uintptr_t lazy_from;
	size_t lazy_len;
#endif

#if UK_IS_ENABLED(CONFIG_HAVE_PROGRAM_STACKS)
	/*
	 * Have @len bytes below @sp, which is an address of the program's, be
	 * there as far as the stack goes: see <uk/stack.h>. NULL: they are.
	 */
	void (*reserve_stack)(uintptr_t sp, size_t len);
#endif
};

/* Its call_stack_top; 0 in an image without calls by a trap. */
#if UK_IS_ENABLED(CONFIG_HAVE_SYSCALL_TRAP)
static inline uintptr_t uk_current_call_stack(const struct uk_current *cur)
{
	return cur->call_stack_top;
}

static inline void uk_current_set_call_stack(struct uk_current *cur,
					     uintptr_t top)
{
	cur->call_stack_top = top;
}
#else
static inline uintptr_t
uk_current_call_stack(const struct uk_current *cur UK_UNUSED)
{
	return 0;
}

static inline void uk_current_set_call_stack(struct uk_current *cur UK_UNUSED,
					     uintptr_t top UK_UNUSED)
{
}
#endif
