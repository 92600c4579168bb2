/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

struct uk_alloc;

/*
 * Stacks: blocks of whole pages with nothing mapped around them, so that who
 * runs over an end is caught at that instruction.
 *
 *	t = uk_thread_create_fn1(a, fn, arg, uk_allocstack_get(), len, …);
 *
 * A block lies in the high half, seen by all address spaces, but not in the
 * linear map: uk_virt_to_phys() is not for what is on a stack. It is neither
 * zeroed nor does it stay mapped when it is free and not kept for the next
 * one. Below it there are UK_ALLOCSTACK_GUARD_LEN bytes that never are mapped,
 * and above it as many.
 *
 * With CONFIG_LIBUKALLOCSTACK_DEMAND a block of uk_allocstack_take() may have
 * memory at its upper end only, and the rest comes when it is touched. That is
 * for code of threads, with interrupts on or off and any lock held but those of
 * frames and of the kernel's page table: whoever takes these calls
 * uk_stack_reserve() before (<uk/stack.h>), which knows the stack by what its
 * struct uk_current says. Without memory for a page there, the image ends.
 *
 * Context: threads, from stage MEM on; no lock held that anybody takes with
 * interrupts off.
 */
#define UK_ALLOCSTACK_GUARD_LEN	((size_t)65536)

/* Bytes that a block has at most. */
#define UK_ALLOCSTACK_MAX	((size_t)1 << 30)

/*
 * The allocator, for whoever asks for a struct uk_alloc that stacks are from.
 * There is one; it is not in the list of allocators, as it has no memory that
 * would not be counted as frames already. Alignments up to
 * UK_ALLOCSTACK_GUARD_LEN are fine; NULL: no memory, no address, or too large.
 * To free what is no block, or free already, ends in the crash screen.
 */
struct uk_alloc *uk_allocstack_get(void);

/*
 * A block of @len bytes of which the upper @eager at least, and
 * CONFIG_LIBUKALLOCSTACK_EAGER pages, have memory from the beginning. Errors as
 * above. Where memory does not come on demand all of it is there.
 */
UK_MUST_USE void *uk_allocstack_take(size_t len, size_t eager);

/*
 * How many bytes from the lower end of @block on may have no memory yet; 0: it
 * has all, or is none of these blocks.
 */
size_t uk_allocstack_lazy_len(const void *block);

/*
 * Which block is at @addr, or has it in its guard? False: none that is in use.
 * *@end is behind its last page. Context: any.
 */
bool uk_allocstack_find(uintptr_t addr, uintptr_t *begin, uintptr_t *end);

/*
 * Give back unused stacks until those that are kept have @keep bytes at most.
 * Returns the bytes that were given back.
 */
size_t uk_allocstack_trim(size_t keep);

/*
 * Exact at some moment during the call, which takes longer the more blocks
 * there have been at once. Bytes are of memory, not addresses.
 */
struct uk_allocstack_stats {
	uint32_t nused;		/* blocks */
	uint32_t nkept;		/* that wait for their next use */
	uint32_t nleaving;	/* that somebody is giving back right now */
	size_t used, kept;	/* bytes of the first two */
	uint64_t nmade;		/* blocks that were mapped … */
	uint64_t nreused;	/* … and others that had been kept */
	uint64_t nfaults;	/* page faults that brought memory */
};

void uk_allocstack_stats_get(struct uk_allocstack_stats *stats);
