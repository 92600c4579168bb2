/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Lists of free things that are each CPU's own, from which a thread takes the
 * first one, and to which it adds one, without keeping the CPU: what the short
 * way of an allocator does. Contract: each architecture fills it in
 * <uk/bits/arch/cpulist.h>, by sequences that begin again when an interrupt
 * comes in between (<uk/restart.h>).
 *
 * A list is a UK_PERCPU pointer, named by the boot CPU's; empty it is NULL.
 * Whoever does more with it has preemption off, or handles an interrupt; these
 * functions are not for interrupt handlers themselves.
 */
struct ukarch_item {
	struct ukarch_item *next;
	size_t room;	/* for how many more the list has room */
};

_Static_assert(offsetof(struct ukarch_item, next) == 0 &&
	       offsetof(struct ukarch_item, room) == 8, "asm");

/*
 * Take the first item of this CPU's list @i of those at @lists. Returns NULL:
 * it is empty.
 */
static inline void *ukarch_cpulist_pop(struct ukarch_item **lists, size_t i);

/*
 * Have @item be the first one of that list. Returns false, and @item may be
 * written to, but is in no list: it is empty, or full.
 */
static inline bool ukarch_cpulist_push(struct ukarch_item **lists, size_t i,
				       struct ukarch_item *item);

#include <uk/bits/arch/cpulist.h>
