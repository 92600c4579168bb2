/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/assert.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/ring.h>

/*
 * Rings with any number of producers and consumers; see <uk/ring.h> for what
 * they share with the other form.
 *
 * UK_RING_MPMC_DEFINE(name, type) makes
 *
 *   struct <name>       the ring; the owner's, and nobody looks inside
 *   struct <name>_slot  one slot, `val` is the element
 *
 *   int <name>_init(ring, slots, nslots)
 *	Make @ring empty, with the @nslots slots at @slots, which live as long
 *	as the ring. Nobody else may use the ring yet.
 *	0, or -EINVAL: see uk_ring_check(); nothing is changed then.
 *
 *   int <name>_enqueue(ring, const type *val)
 *	0, or -ENOSPC: the ring is full.
 *   uint32_t <name>_enqueue_burst(ring, const type *vals, n)
 *	The first of the @n elements at @vals, as many as there is room for,
 *	with nobody else's between them. Returns how many.
 *
 *   int <name>_dequeue(ring, type *val)
 *	0, or -ENOENT: the ring is empty; @val is untouched then.
 *   uint32_t <name>_dequeue_burst(ring, type *vals, n)
 *	At most @n elements that follow each other. Returns how many.
 *
 *   uint32_t <name>_count(ring)
 *	A hint: what was there at some time during the call, give or take
 *	what others did meanwhile.
 *
 * and for a ring that has one consumer, and so none that uses the two
 * dequeue functions above, a wait-free way without compare-and-swap:
 *
 *   int <name>_dequeue_sc(ring, type *val)
 *	As <name>_dequeue().
 *   type *<name>_peek_sc(ring)
 *	The element that is next, where it lies; NULL: the ring is empty. It
 *	may be changed, and stays there until it is dequeued or dropped.
 *   void <name>_drop_sc(ring)
 *	Take out the element that peek_sc() just gave.
 *
 * Context: any, NMIs too; producers and consumers may interrupt each other
 * and themselves anywhere. No call waits for another. It begins anew only
 * when another call has just claimed the slots it was after, so it is
 * bounded when they are; some call always gets on.
 *
 * A call that is interrupted between its claim and its end holds its slots:
 *   - of a producer: consumers get what lies before these slots, and after
 *     that -ENOENT, even if elements lie behind. Producers go on behind them.
 *   - of a consumer: producers go on until they come round to these slots,
 *     and then get -ENOSPC. Consumers go on behind them.
 * Nothing is lost or out of order. So who is told of an element after it was
 * enqueued takes out elements up to -ENOENT; one that is still held then is
 * told of by its own producer.
 *
 * Elements of one producer come out in its order. With several consumers that
 * is the order of their claims.
 */
#define UK_RING_MPMC_DEFINE(name, type)					\
	struct name##_slot {						\
		uint32_t turn;						\
		type val;						\
	};								\
									\
	struct name {							\
		struct name##_slot *slots;				\
		uint32_t mask;						\
		struct uk_ring_mpmc_side producers;			\
		struct uk_ring_mpmc_side consumers;			\
	};								\
									\
	UK_UNUSED UK_MUST_USE static inline int				\
	name##_init(struct name *ring, struct name##_slot *slots,	\
		    uint32_t nslots)					\
	{								\
		const int rc = uk_ring_check(nslots);			\
									\
		if (rc < 0)						\
			return rc;					\
		*ring = (struct name){ .slots = slots,			\
				       .mask = nslots - 1 };		\
		uk_ring_mpmc_clear(&slots->turn, sizeof(*slots), nslots); \
		return 0;						\
	}								\
									\
	UK_UNUSED UK_MUST_USE static inline uint32_t			\
	name##_enqueue_burst(struct name *ring, type const *vals,	\
			     uint32_t n)				\
	{								\
		struct name##_slot *const slots = ring->slots;		\
		const uint32_t mask = ring->mask;			\
		uint64_t pos;						\
									\
		n = uk_ring_mpmc_claim(&ring->producers, &slots->turn,	\
				       sizeof(*slots), mask,		\
				       UK_RING_MPMC_FREE, n, &pos);	\
		for (uint32_t i = 0; i < n; i++, pos++) {		\
			slots[pos & mask].val = vals[i];		\
			uk_ring_mpmc_pass(&slots[pos & mask].turn, pos,	\
					  mask, UK_RING_MPMC_FULL);	\
		}							\
		return n;						\
	}								\
									\
	UK_UNUSED UK_MUST_USE static inline int				\
	name##_enqueue(struct name *ring, type const *val)		\
	{								\
		struct name##_slot *const slots = ring->slots;		\
		const uint32_t mask = ring->mask;			\
		uint64_t pos;						\
									\
		if (!uk_ring_mpmc_claim(&ring->producers, &slots->turn,	\
					sizeof(*slots), mask,		\
					UK_RING_MPMC_FREE, 1, &pos))	\
			return -ENOSPC;					\
		slots[pos & mask].val = *val;				\
		uk_ring_mpmc_pass(&slots[pos & mask].turn, pos, mask,	\
				  UK_RING_MPMC_FULL);			\
		return 0;						\
	}								\
									\
	UK_UNUSED UK_MUST_USE static inline uint32_t			\
	name##_dequeue_burst(struct name *ring, type *vals, uint32_t n)	\
	{								\
		struct name##_slot *const slots = ring->slots;		\
		const uint32_t mask = ring->mask;			\
		uint64_t pos;						\
									\
		n = uk_ring_mpmc_claim(&ring->consumers, &slots->turn,	\
				       sizeof(*slots), mask,		\
				       UK_RING_MPMC_FULL, n, &pos);	\
		for (uint32_t i = 0; i < n; i++, pos++) {		\
			vals[i] = slots[pos & mask].val;		\
			uk_ring_mpmc_pass(&slots[pos & mask].turn, pos,	\
					  mask, mask + 1);		\
		}							\
		return n;						\
	}								\
									\
	UK_UNUSED UK_MUST_USE static inline int				\
	name##_dequeue(struct name *ring, type *val)			\
	{								\
		struct name##_slot *const slots = ring->slots;		\
		const uint32_t mask = ring->mask;			\
		uint64_t pos;						\
									\
		if (!uk_ring_mpmc_claim(&ring->consumers, &slots->turn,	\
					sizeof(*slots), mask,		\
					UK_RING_MPMC_FULL, 1, &pos))	\
			return -ENOENT;					\
		*val = slots[pos & mask].val;				\
		uk_ring_mpmc_pass(&slots[pos & mask].turn, pos, mask,	\
				  mask + 1);				\
		return 0;						\
	}								\
									\
	UK_UNUSED UK_MUST_USE static inline type *			\
	name##_peek_sc(struct name *ring)				\
	{								\
		const uint32_t mask = ring->mask;			\
		const uint64_t pos = ring->consumers.pos;		\
		struct name##_slot *const slot = &ring->slots[pos & mask]; \
									\
		return uk_ring_mpmc_is(&slot->turn, pos, mask,		\
				       UK_RING_MPMC_FULL) ? &slot->val	\
							  : NULL;	\
	}								\
									\
	UK_UNUSED static inline void name##_drop_sc(struct name *ring)	\
	{								\
		const uint32_t mask = ring->mask;			\
		const uint64_t pos = ring->consumers.pos;		\
		struct name##_slot *const slot = &ring->slots[pos & mask]; \
									\
		UK_ASSERT(uk_ring_mpmc_is(&slot->turn, pos, mask,	\
					  UK_RING_MPMC_FULL));		\
		uk_ring_mpmc_pass(&slot->turn, pos, mask, mask + 1);	\
		uk_ring_mpmc_advance(&ring->consumers, pos + 1);	\
	}								\
									\
	UK_UNUSED UK_MUST_USE static inline int				\
	name##_dequeue_sc(struct name *ring, type *val)			\
	{								\
		const uint32_t mask = ring->mask;			\
		const uint64_t pos = ring->consumers.pos;		\
		struct name##_slot *const slot = &ring->slots[pos & mask]; \
									\
		if (!uk_ring_mpmc_is(&slot->turn, pos, mask,		\
				     UK_RING_MPMC_FULL))		\
			return -ENOENT;					\
		*val = slot->val;					\
		uk_ring_mpmc_pass(&slot->turn, pos, mask, mask + 1);	\
		uk_ring_mpmc_advance(&ring->consumers, pos + 1);	\
		return 0;						\
	}								\
									\
	UK_UNUSED UK_MUST_USE static inline uint32_t			\
	name##_count(const struct name *ring)				\
	{								\
		return uk_ring_mpmc_count(&ring->producers,		\
					  &ring->consumers, ring->mask); \
	}

/* Behind the macro. */

/*
 * Whose turn a slot is at. Positions count elements from 0; position p lies in
 * slot p modulo capacity, in lap p less that. The slot's `turn` is the lap,
 * 32 bits of it, plus
 *
 *   UK_RING_MPMC_FREE  the producer of this lap may write
 *   UK_RING_MPMC_FULL  the consumer of this lap may read
 *   capacity           the next lap, where it is free again
 *
 * so that zeroed slots are an empty ring. The positions have 64 bits and do not
 * come round: a call may sleep between reading one and claiming it for as long
 * as it will, the claim fails if it is an old one. Of the lap 32 bits will do,
 * because a slot is at most one lap behind the positions of both sides.
 */
#define UK_RING_MPMC_FREE	0u
#define UK_RING_MPMC_FULL	1u

/* The producers' or the consumers' next position, on its own cache line. */
struct uk_ring_mpmc_side {
	/*
	 * Relaxed everywhere: it only hands out positions, each one once. What
	 * orders the elements is the turn of their slot.
	 */
	uint64_t pos;
} UK_ALIGNED(UK_CACHELINE);

/* Zero the turns of @nslots slots; see uk_ring_mpmc_turn(). */
void uk_ring_mpmc_clear(uint32_t *turns, size_t stride, uint32_t nslots);

/* The turn of slot @i. @turns is that of the first, @stride a slot's bytes. */
static UK_ALWAYS_INLINE uint32_t *
uk_ring_mpmc_turn(uint32_t *turns, size_t stride, uint64_t i)
{
	return (uint32_t *)(void *)((char *)turns + i * stride);
}

/* Is the slot of @pos, whose turn is @turn, at @state of the lap of @pos? */
static UK_ALWAYS_INLINE bool
uk_ring_mpmc_is(const uint32_t *turn, uint64_t pos, uint32_t mask,
		uint32_t state)
{
	/* Acquire, with uk_ring_mpmc_pass(): who had the slot is done. */
	return __atomic_load_n(turn, __ATOMIC_ACQUIRE) ==
	       ((uint32_t)pos & ~mask) + state;
}

/* The slot of @pos goes on to @state; its holder is done with it. */
static UK_ALWAYS_INLINE void
uk_ring_mpmc_pass(uint32_t *turn, uint64_t pos, uint32_t mask, uint32_t state)
{
	/* Release, with the acquire in uk_ring_mpmc_is(). */
	__atomic_store_n(turn, ((uint32_t)pos & ~mask) + state,
			 __ATOMIC_RELEASE);
}

/*
 * Claim up to @n positions in a row whose slots are at @state; the first one
 * goes to @first. Returns how many, 0 if the next slot is not at @state.
 *
 * Only who has claimed a position moves its slot away from @state, and nobody
 * has as long as the position of @side does not move. So what was found of
 * the slots holds if afterwards that is still @pos.
 *
 * The slots come as three numbers: as a structure they would live in memory
 * wherever the compiler is told not to take structures apart, as external
 * trees are.
 */
static UK_ALWAYS_INLINE uint32_t
uk_ring_mpmc_claim(struct uk_ring_mpmc_side *side, uint32_t *turns,
		   size_t stride, uint32_t mask, uint32_t state, uint32_t n,
		   uint64_t *first)
{
	uint64_t pos = __atomic_load_n(&side->pos, __ATOMIC_RELAXED);

	for (;;) {
		const uint64_t old = pos;
		uint32_t got = 0;

		while (got < n &&
		       uk_ring_mpmc_is(uk_ring_mpmc_turn(turns, stride,
							 (pos + got) & mask),
				       pos + got, mask, state))
			got++;

		if (got == 0) {
			pos = __atomic_load_n(&side->pos, __ATOMIC_RELAXED);
			if (pos == old)
				return 0;
		} else if (__atomic_compare_exchange_n(&side->pos, &pos,
						       old + got, true,
						       __ATOMIC_RELAXED,
						       __ATOMIC_RELAXED)) {
			*first = old;
			return got;
		}
	}
}

/* A side that has one call at a time goes on to @pos without a claim. */
static UK_ALWAYS_INLINE void
uk_ring_mpmc_advance(struct uk_ring_mpmc_side *side, uint64_t pos)
{
	__atomic_store_n(&side->pos, pos, __ATOMIC_RELAXED);
}

/* Relaxed: a number, and no element is looked at because of it. */
static inline uint32_t
uk_ring_mpmc_count(const struct uk_ring_mpmc_side *producers,
		   const struct uk_ring_mpmc_side *consumers, uint32_t mask)
{
	const uint64_t head = __atomic_load_n(&consumers->pos,
					      __ATOMIC_RELAXED);
	const uint64_t tail = __atomic_load_n(&producers->pos,
					      __ATOMIC_RELAXED);

	/* The two were not read at once. */
	if (tail <= head)
		return 0;
	return (uint32_t)UK_MIN(tail - head, (uint64_t)mask + 1);
}
