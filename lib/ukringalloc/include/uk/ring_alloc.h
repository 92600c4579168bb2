/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/ring.h>

/*
 * Rings in memory of an allocator: the ring and its slots are one block.
 *
 *	UK_RING_SPSC_DEFINE(evq, struct event)
 *	UK_RING_ALLOC_DEFINE(evq)
 *
 * UK_RING_ALLOC_DEFINE(name) adds to a ring of either form
 *
 *   int <name>_alloc(struct uk_alloc *a, uint32_t nslots, struct <name> **ring)
 *	Make an empty ring of @nslots slots, the caller's until it frees it.
 *	@a NULL: there is no memory.
 *
 *	Returns 0, or, with *@ring as it was,
 *	  -EINVAL  @nslots is no capacity, see uk_ring_check()
 *	  -ENOMEM  no memory
 *
 *   void <name>_free(struct uk_alloc *a, struct <name> *ring)
 *	Give a ring of <name>_alloc() back to @a, which it is from. Nobody uses
 *	it any more; elements in it are forgotten. @ring NULL does nothing.
 *
 * Context: as the allocator says; never an interrupt handler.
 */
#define UK_RING_ALLOC_DEFINE(name)					\
	_Static_assert(_Alignof(struct name##_slot) <=			\
		       _Alignof(struct name), "slots follow the ring");	\
									\
	UK_UNUSED UK_MUST_USE static inline int				\
	name##_alloc(struct uk_alloc *a, uint32_t nslots,		\
		     struct name **ring)				\
	{								\
		void *block;						\
		int rc;							\
									\
		rc = uk_ring_alloc_block(a, sizeof(**ring),		\
					 sizeof(struct name##_slot),	\
					 nslots, &block);		\
		if (rc < 0)						\
			return rc;					\
		rc = name##_init(block, (void *)((struct name *)block + 1), \
				 nslots);				\
		if (rc < 0) {						\
			uk_free(a, block);				\
			return rc;					\
		}							\
		*ring = block;						\
		return 0;						\
	}								\
									\
	UK_UNUSED static inline void name##_free(struct uk_alloc *a,	\
						 struct name *ring)	\
	{								\
		uk_free(a, ring);					\
	}

/*
 * Behind the macro: @head bytes on a cache line of their own, and @nslots
 * times @stride behind them. Errors as above.
 */
UK_MUST_USE int uk_ring_alloc_block(struct uk_alloc *a, size_t head,
				    size_t stride, uint32_t nslots,
				    void **block);
