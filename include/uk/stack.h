/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/current.h>

/*
 * Stacks whose memory may be missing until it is touched: of the core's those
 * of lib/ukallocstack (CONFIG_LIBUKALLOCSTACK_DEMAND); and those of programs,
 * which have addresses of the low half (CONFIG_HAVE_PROGRAM_STACKS).
 */

/* Bytes of stack that core code uses at most. */
#define UK_STACK_RESERVE	((size_t)8192)

#if UK_IS_ENABLED(CONFIG_LIBUKALLOCSTACK_DEMAND)
static inline void uk_stack_reserve_core_(const struct uk_current *cur,
					  uintptr_t at)
{
	if (UK_LIKELY(at - cur->lazy_from >= cur->lazy_len))
		return;
	/* The last bytes of the stack are all that is left. */
	if (at < cur->lazy_from + UK_STACK_RESERVE)
		at = cur->lazy_from + UK_STACK_RESERVE;
	(void)*(const volatile char *)at;
}
#else
static inline
void uk_stack_reserve_core_(const struct uk_current *cur UK_UNUSED,
			    uintptr_t at UK_UNUSED)
{
}
#endif

#if UK_IS_ENABLED(CONFIG_HAVE_PROGRAM_STACKS)
static inline void uk_stack_reserve_program_(const struct uk_current *cur,
					     uintptr_t sp, size_t len)
{
	if (UK_UNLIKELY((intptr_t)sp >= 0) && cur->reserve_stack)
		cur->reserve_stack(sp, len);
}
#else
static inline
void uk_stack_reserve_program_(const struct uk_current *cur UK_UNUSED,
			       uintptr_t sp UK_UNUSED, size_t len UK_UNUSED)
{
}
#endif

/*
 * The @len bytes below the caller's whole frame, UK_STACK_RESERVE at most, have
 * memory when this returns, if they are the stack's. Called before a lock is
 * taken that the page fault for them would take, too: that of frames, and that
 * of the kernel's page table. Nothing where stacks have all their memory.
 *
 * Context: any.
 */
static inline void uk_stack_reserve(size_t len)
{
	const struct uk_current *cur;
	uintptr_t sp;

	if (!UK_IS_ENABLED(CONFIG_LIBUKALLOCSTACK_DEMAND) &&
	    !UK_IS_ENABLED(CONFIG_HAVE_PROGRAM_STACKS))
		return;
	cur = ukarch_current();
	sp = ukarch_sp();
	uk_stack_reserve_core_(cur, sp - len);
	uk_stack_reserve_program_(cur, sp, len);
}
