/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/assert.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/ring.h>

/*
 * Rings with one producer and one consumer; see <uk/ring.h> for what they
 * share with the other form.
 *
 * UK_RING_SPSC_DEFINE(name, type) makes
 *
 *   struct <name>       the ring; the owner's, and nobody looks inside
 *   struct <name>_slot  one slot, `val` is the element
 *
 *   int <name>_init(ring, slots, nslots)
 *	Make @ring empty, with the @nslots slots at @slots, which live as long
 *	as the ring. Nobody else may use the ring yet.
 *	0, or -EINVAL: see uk_ring_check(); nothing is changed then.
 *
 *   The producer's:
 *
 *   int <name>_enqueue(ring, const type *val)
 *	0, or -ENOSPC: the ring is full.
 *   uint32_t <name>_enqueue_burst(ring, const type *vals, n)
 *	The first of the @n elements at @vals, as many as there is room for.
 *	They become visible together. Returns how many.
 *
 *   The consumer's:
 *
 *   int <name>_dequeue(ring, type *val)
 *	0, or -ENOENT: the ring is empty; @val is untouched then.
 *   uint32_t <name>_dequeue_burst(ring, type *vals, n)
 *	At most @n elements, in order. Returns how many.
 *   type *<name>_peek(ring)
 *	The element that is next, where it lies; NULL: the ring is empty. It
 *	may be changed, and stays there until it is dequeued or dropped.
 *   void <name>_drop(ring)
 *	Take out the element that peek() just gave.
 *
 *   Anybody's:
 *
 *   uint32_t <name>_count(ring)
 *	For the consumer: at least so many are there. For the producer: at
 *	most so many. For others: what was true at some time during the call,
 *	give or take what both did meanwhile.
 *
 * Context: any, NMIs too. One producer means one at a time: a thread and an
 * interrupt handler of its CPU are two, unless the thread masks interrupts
 * around the call. Producer and consumer may interrupt each other anywhere;
 * each call takes a fixed number of steps, whatever the other side does.
 */
#define UK_RING_SPSC_DEFINE(name, type)					\
	struct name##_slot {						\
		type val;						\
	};								\
									\
	struct name {							\
		struct name##_slot *slots;				\
		uint32_t mask;						\
		struct uk_ring_spsc_side producer;			\
		struct uk_ring_spsc_side consumer;			\
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
		return 0;						\
	}								\
									\
	UK_UNUSED UK_MUST_USE static inline uint32_t			\
	name##_enqueue_burst(struct name *ring, type const *vals,	\
			     uint32_t n)				\
	{								\
		const uint32_t pos = ring->producer.pos;		\
									\
		n = uk_ring_spsc_claim(&ring->producer, &ring->consumer, \
				       ring->mask + 1, n);		\
		for (uint32_t i = 0; i < n; i++)			\
			ring->slots[(pos + i) & ring->mask].val = vals[i]; \
		uk_ring_spsc_pass(&ring->producer, pos + n);		\
		return n;						\
	}								\
									\
	UK_UNUSED UK_MUST_USE static inline int				\
	name##_enqueue(struct name *ring, type const *val)		\
	{								\
		const uint32_t pos = ring->producer.pos;		\
									\
		if (!uk_ring_spsc_claim(&ring->producer, &ring->consumer, \
					ring->mask + 1, 1))		\
			return -ENOSPC;					\
		ring->slots[pos & ring->mask].val = *val;		\
		uk_ring_spsc_pass(&ring->producer, pos + 1);		\
		return 0;						\
	}								\
									\
	UK_UNUSED UK_MUST_USE static inline uint32_t			\
	name##_dequeue_burst(struct name *ring, type *vals, uint32_t n)	\
	{								\
		const uint32_t pos = ring->consumer.pos;		\
									\
		n = uk_ring_spsc_claim(&ring->consumer, &ring->producer, \
				       0, n);				\
		for (uint32_t i = 0; i < n; i++)			\
			vals[i] = ring->slots[(pos + i) & ring->mask].val; \
		uk_ring_spsc_pass(&ring->consumer, pos + n);		\
		return n;						\
	}								\
									\
	UK_UNUSED UK_MUST_USE static inline type *			\
	name##_peek(struct name *ring)					\
	{								\
		if (!uk_ring_spsc_claim(&ring->consumer, &ring->producer, \
					0, 1))				\
			return NULL;					\
		return &ring->slots[ring->consumer.pos & ring->mask].val; \
	}								\
									\
	UK_UNUSED static inline void name##_drop(struct name *ring)	\
	{								\
		const uint32_t pos = ring->consumer.pos;		\
									\
		UK_ASSERT(ring->consumer.seen != pos);			\
		uk_ring_spsc_pass(&ring->consumer, pos + 1);		\
	}								\
									\
	UK_UNUSED UK_MUST_USE static inline int				\
	name##_dequeue(struct name *ring, type *val)			\
	{								\
		const uint32_t pos = ring->consumer.pos;		\
									\
		if (!uk_ring_spsc_claim(&ring->consumer, &ring->producer, \
					0, 1))				\
			return -ENOENT;					\
		*val = ring->slots[pos & ring->mask].val;		\
		uk_ring_spsc_pass(&ring->consumer, pos + 1);		\
		return 0;						\
	}								\
									\
	UK_UNUSED UK_MUST_USE static inline uint32_t			\
	name##_count(const struct name *ring)				\
	{								\
		return uk_ring_spsc_count(&ring->producer,		\
					  &ring->consumer, ring->mask);	\
	}

/* Behind the macro. */

/*
 * A side of the ring. Positions count elements from 0 and wrap at 2^32; an
 * element lies in slot position modulo capacity. The producer is 0 to
 * capacity ahead of the consumer. On a cache line of its own: what a side
 * reads per call only it writes, the other's line moves only when `seen`
 * says full or empty.
 */
struct uk_ring_spsc_side {
	uint32_t pos;	/* next; this side alone writes it, release */
	uint32_t seen;	/* the other's pos when last asked; this side's own */
} UK_ALIGNED(UK_CACHELINE);

/*
 * How many of @n slots are @own's to use, from own->pos on. @lead is how far
 * it may get ahead of @other: the producer the capacity, the consumer 0.
 */
static UK_ALWAYS_INLINE uint32_t
uk_ring_spsc_claim(struct uk_ring_spsc_side *own,
		   const struct uk_ring_spsc_side *other, uint32_t lead,
		   uint32_t n)
{
	uint32_t have = own->seen + lead - own->pos;

	if (have < n) {
		/* Acquire, with uk_ring_spsc_pass(): it is done with those. */
		own->seen = __atomic_load_n(&other->pos, __ATOMIC_ACQUIRE);
		have = own->seen + lead - own->pos;
	}
	return UK_MIN(have, n);
}

/* @own is done with the slots before @pos: they are the other side's. */
static UK_ALWAYS_INLINE void
uk_ring_spsc_pass(struct uk_ring_spsc_side *own, uint32_t pos)
{
	/* Release, with the acquire in uk_ring_spsc_claim(). */
	__atomic_store_n(&own->pos, pos, __ATOMIC_RELEASE);
}

/* Relaxed: a number, and no element is looked at because of it. */
static inline uint32_t
uk_ring_spsc_count(const struct uk_ring_spsc_side *producer,
		   const struct uk_ring_spsc_side *consumer, uint32_t mask)
{
	const uint32_t head = __atomic_load_n(&consumer->pos,
					      __ATOMIC_RELAXED);
	const uint32_t tail = __atomic_load_n(&producer->pos,
					      __ATOMIC_RELAXED);
	const uint32_t n = tail - head;

	/* An onlooker may read a head of long ago, or one of the future. */
	if (n > UINT32_MAX / 2)
		return 0;
	return UK_MIN(n, mask + 1);
}
