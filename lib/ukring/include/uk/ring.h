/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/essentials.h>

/*
 * Bounded rings without locks: first in, first out, in slots that the owner
 * supplies. This header is what both forms have in common:
 *
 *   <uk/ring_spsc.h>  one producer, one consumer; each call is wait-free
 *   <uk/ring_mpmc.h>  any number of both
 *
 * A line makes the type of ring for a type of element, and with it the
 * functions, all inline and all typed:
 *
 *	UK_RING_SPSC_DEFINE(evq, struct event)
 *
 *	static struct evq_slot slots[64];
 *	static struct evq q = UK_RING_INIT(slots);
 *
 *	rc = evq_enqueue(&q, &event);
 *	rc = evq_dequeue(&q, &event);
 *
 * An element is anything that can be assigned, of any size: it is copied in
 * and copied out. Full and empty are results, nobody ever waits for them.
 *
 * Capacity: a power of two, 2 to UK_RING_NSLOTS_MAX, and all of it is used.
 * UK_RING_INIT() checks that when it is compiled, <name>_init() when it runs.
 *
 * Memory: what a producer wrote before it enqueued an element is seen by the
 * consumer that dequeued it. A ring allocates nothing; <uk/ring_alloc.h> of
 * lib/ukringalloc makes rings of an allocator's memory.
 */

/* 32-bit distances between positions stay positive. */
#define UK_RING_NSLOTS_MAX	(UINT32_C(1) << 30)

/*
 * The empty ring whose slots are all of @array, which is in scope as an array,
 * zeroed, and lives as long as the ring. For static rings: nothing has to run
 * before their first use.
 */
#define UK_RING_INIT(array)						\
	{								\
		.slots = (array),					\
		.mask = UK_RING_MASK_(array),				\
	}

/*
 * Can a ring have @nslots slots?
 *
 * Returns 0, or
 *   -EINVAL  no power of two, less than 2 or more than UK_RING_NSLOTS_MAX
 */
UK_MUST_USE int uk_ring_check(uint32_t nslots);

/* Behind the macros. */

#define UK_RING_IS_ARRAY_(a)						\
	(!__builtin_types_compatible_p(__typeof__(a), __typeof__(&(a)[0])))

/* The number of slots less one; what cannot be a ring does not compile. */
#define UK_RING_MASK_(array)						\
	(UK_ARRAY_SIZE(array) - 1 + 0 * sizeof(struct {			\
		_Static_assert(UK_RING_IS_ARRAY_(array),		\
			       "UK_RING_INIT() takes an array");	\
		_Static_assert(UK_IS_POW2(UK_ARRAY_SIZE(array)) &&	\
			       UK_ARRAY_SIZE(array) >= 2 &&		\
			       UK_ARRAY_SIZE(array) <= UK_RING_NSLOTS_MAX, \
			       "a ring has 2^n slots, at least 2");	\
		int unused;						\
	}))
