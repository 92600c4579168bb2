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
 * Stacks whose memory may be missing until it is touched (lib/ukallocstack,
 * CONFIG_LIBUKALLOCSTACK_DEMAND).
 */

/* Bytes of stack that core code uses at most. */
#define UK_STACK_RESERVE	((size_t)8192)

/*
 * The @len bytes below the caller's whole frame, UK_STACK_RESERVE at most, have
 * memory when this returns, if they are the stack's. Called before a lock is
 * taken that the page fault for them would take, too: that of frames, and that
 * of the kernel's page table. Nothing where stacks have all their memory.
 *
 * Context: any.
 */
#if UK_IS_ENABLED(CONFIG_LIBUKALLOCSTACK_DEMAND)
static inline void uk_stack_reserve(size_t len)
{
	const struct uk_current *const cur = ukarch_current();
	uintptr_t at = ukarch_sp() - len;

	if (UK_LIKELY(at - cur->lazy_from >= cur->lazy_len))
		return;
	/* The last bytes of the stack are all that is left. */
	if (at < cur->lazy_from + UK_STACK_RESERVE)
		at = cur->lazy_from + UK_STACK_RESERVE;
	(void)*(const volatile char *)at;
}
#else
static inline void uk_stack_reserve(size_t len UK_UNUSED)
{
}
#endif
