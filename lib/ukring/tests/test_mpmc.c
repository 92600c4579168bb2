/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Many producers and consumers, one thread: what the calls promise, and what
 * one call finds when it interrupts another.
 */
#include <uk/errno.h>
#include <uk/ring.h>
#include <uk/ring_mpmc.h>
#include <uk/test.h>

#define NSLOTS	8u

struct event {
	uint64_t id;
	char name[300];
};

UK_RING_MPMC_DEFINE(numq, uint32_t)
UK_RING_MPMC_DEFINE(eventq, struct event)

static struct numq_slot static_slots[NSLOTS];
static struct numq static_ring = UK_RING_INIT(static_slots);

/* An empty ring that has seen @pos elements. */
static void make(struct numq *q, struct numq_slot *slots, uint64_t pos)
{
	UK_EXPECT_EQ(numq_init(q, slots, NSLOTS), 0);
	q->producers.pos = q->consumers.pos = pos;
	for (uint64_t p = pos; p < pos + NSLOTS; p++)
		slots[p % NSLOTS].turn = (uint32_t)(p / NSLOTS * NSLOTS);
}

static int dequeue(struct numq *q, uint32_t *val, bool single)
{
	return single ? numq_dequeue_sc(q, val) : numq_dequeue(q, val);
}

/* Everything about full, empty and order. */
static void fill_and_drain(struct numq *q, uint32_t rounds, bool single)
{
	uint32_t in = 0, out = 0, val = 0;

	for (uint32_t r = 0; r < rounds; r++) {
		for (uint32_t i = 0; i < NSLOTS; i++, in++) {
			UK_EXPECT_EQ(numq_count(q), i);
			UK_EXPECT_EQ(numq_enqueue(q, &in), 0);
		}
		UK_EXPECT_EQ(numq_count(q), NSLOTS);
		UK_EXPECT_EQ(numq_enqueue(q, &in), -ENOSPC);
		UK_EXPECT_EQ(numq_count(q), NSLOTS);

		for (uint32_t i = 0; i < NSLOTS; i++, out++) {
			UK_EXPECT_EQ(dequeue(q, &val, single), 0);
			UK_EXPECT_EQ(val, out);
		}
		UK_EXPECT_EQ(dequeue(q, &val, single), -ENOENT);
		UK_EXPECT_EQ(val, out - 1);
		UK_EXPECT_EQ(numq_count(q), 0);
	}
}

UK_TEST(ring, mpmc_holds_as_many_as_it_has_slots_in_order)
{
	struct numq_slot slots[NSLOTS];
	struct numq q;

	make(&q, slots, 0);
	fill_and_drain(&q, 3, false);
	fill_and_drain(&q, 3, true);
}

UK_TEST(ring, mpmc_turns_come_round_at_32_bits)
{
	struct numq_slot slots[NSLOTS];
	struct numq q;

	for (uint64_t back = 1; back <= 2 * NSLOTS; back++) {
		make(&q, slots, (UINT64_C(1) << 32) - back);
		fill_and_drain(&q, 3, false);
		make(&q, slots, (UINT64_C(5) << 32) - back);
		fill_and_drain(&q, 3, true);
	}
}

UK_TEST(ring, a_static_mpmc_ring_works_without_init)
{
	fill_and_drain(&static_ring, 1, false);
}

UK_TEST(ring, mpmc_keeps_order_at_every_fill)
{
	struct numq_slot slots[NSLOTS];
	struct numq q;
	uint32_t in = 0, out = 0, val = 0;

	make(&q, slots, UINT32_MAX - 100);
	for (uint32_t fill = 0; fill < NSLOTS; fill++) {
		UK_EXPECT_EQ(numq_enqueue(&q, &in), 0);
		in++;
		for (uint32_t i = 0; i < 3 * NSLOTS; i++, out++) {
			UK_EXPECT_EQ(dequeue(&q, &val, i % 2), 0);
			UK_EXPECT_EQ(val, out);
			UK_EXPECT_EQ(numq_enqueue(&q, &in), 0);
			in++;
			UK_EXPECT_EQ(numq_count(&q), fill + 1);
		}
	}
}

UK_TEST(ring, mpmc_bursts_take_what_fits)
{
	static const uint32_t nums[10] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	struct numq_slot slots[NSLOTS];
	uint32_t got[10];
	struct numq q;

	for (uint32_t start = 0; start < NSLOTS; start++) {
		make(&q, slots, (UINT64_C(1) << 32) - 3 + start);
		UK_EXPECT_EQ(numq_dequeue_burst(&q, got, 10), 0);
		UK_EXPECT_EQ(numq_enqueue_burst(&q, nums, 0), 0);
		UK_EXPECT_EQ(numq_enqueue_burst(&q, nums, 5), 5);
		UK_EXPECT_EQ(numq_enqueue_burst(&q, nums + 5, 5), 3);
		UK_EXPECT_EQ(numq_enqueue_burst(&q, nums, 1), 0);
		UK_EXPECT_EQ(numq_dequeue_burst(&q, got, 0), 0);
		UK_EXPECT_EQ(numq_dequeue_burst(&q, got, 2), 2);
		UK_EXPECT_EQ(numq_count(&q), 6);
		UK_EXPECT_EQ(numq_enqueue_burst(&q, nums + 8, 2), 2);
		UK_EXPECT_EQ(numq_dequeue_burst(&q, got + 2, 8), 8);
		UK_EXPECT_MEM_EQ(got, nums, sizeof(nums));
		UK_EXPECT_EQ(numq_dequeue_burst(&q, got, 10), 0);
	}
}

UK_TEST(ring, mpmc_peek_shows_the_next_and_leaves_it)
{
	struct numq_slot slots[NSLOTS];
	uint32_t val = 1, *next;
	struct numq q;

	make(&q, slots, 0);
	UK_EXPECT_NULL(numq_peek_sc(&q));
	UK_EXPECT_EQ(numq_enqueue(&q, &val), 0);
	val = 2;
	UK_EXPECT_EQ(numq_enqueue(&q, &val), 0);

	next = numq_peek_sc(&q);
	if (!UK_EXPECT_NOT_NULL(next))
		return;
	UK_EXPECT_EQ(*next, 1);
	UK_EXPECT_EQ(numq_count(&q), 2);

	*next = 11;
	UK_EXPECT(numq_peek_sc(&q) == next);
	UK_EXPECT_EQ(numq_dequeue_sc(&q, &val), 0);
	UK_EXPECT_EQ(val, 11);

	next = numq_peek_sc(&q);
	UK_EXPECT(next && *next == 2);
	numq_drop_sc(&q);
	UK_EXPECT_NULL(numq_peek_sc(&q));
	UK_EXPECT_EQ(numq_count(&q), 0);
}

static void drop(void *q)
{
	numq_drop_sc(q);
}

UK_TEST(ring, mpmc_drop_from_an_empty_ring_is_a_bug)
{
	struct numq_slot slots[NSLOTS];
	struct numq q;

	make(&q, slots, 5);
	UK_EXPECT_CRASH(drop, &q);
}

UK_TEST(ring, mpmc_elements_may_be_large)
{
	static struct eventq_slot slots[4];
	static struct eventq q = UK_RING_INIT(slots);
	static struct event in[3], out;

	for (unsigned int i = 0; i < 3; i++) {
		in[i].id = i;
		for (unsigned int b = 0; b < sizeof(in[i].name); b++)
			in[i].name[b] = (char)(i + b);
	}
	UK_EXPECT_EQ(eventq_enqueue_burst(&q, in, 3), 3);
	for (unsigned int i = 0; i < 3; i++) {
		UK_EXPECT_EQ(eventq_dequeue(&q, &out), 0);
		UK_EXPECT_MEM_EQ(&out, &in[i], sizeof(out));
	}
}

/* The first part of an enqueue or a dequeue, as an interrupt may find it. */
static uint32_t claim(struct numq *q, struct uk_ring_mpmc_side *side,
		      uint32_t state, uint32_t n, uint64_t *pos)
{
	return uk_ring_mpmc_claim(side, &q->slots->turn, sizeof(*q->slots),
				  q->mask, state, n, pos);
}

/* And the last part. */
static void pass(struct numq *q, uint64_t pos, uint32_t state)
{
	uk_ring_mpmc_pass(&q->slots[pos & q->mask].turn, pos, q->mask, state);
}

UK_TEST(ring, an_interrupted_producer_holds_up_no_other)
{
	struct numq_slot slots[NSLOTS];
	struct numq q;
	uint64_t pos = 0;
	uint32_t val;

	make(&q, slots, 0);
	val = 100;
	UK_EXPECT_EQ(numq_enqueue(&q, &val), 0);
	UK_EXPECT_EQ(claim(&q, &q.producers, UK_RING_MPMC_FREE, 1, &pos), 1);

	/* Others go on behind it, until only its slot is left. */
	for (val = 102; val < 100 + NSLOTS; val++)
		UK_EXPECT_EQ(numq_enqueue(&q, &val), 0);
	UK_EXPECT_EQ(numq_enqueue(&q, &val), -ENOSPC);

	/* Consumers get what is before it, and do not wait. */
	UK_EXPECT_EQ(numq_dequeue(&q, &val), 0);
	UK_EXPECT_EQ(val, 100);
	UK_EXPECT_EQ(numq_dequeue(&q, &val), -ENOENT);
	UK_EXPECT_EQ(numq_dequeue_sc(&q, &val), -ENOENT);
	UK_EXPECT_NULL(numq_peek_sc(&q));

	/* It comes back, and nothing is lost or out of order. */
	slots[pos % NSLOTS].val = 101;
	pass(&q, pos, UK_RING_MPMC_FULL);
	for (uint32_t want = 101; want < 100 + NSLOTS; want++) {
		UK_EXPECT_EQ(numq_dequeue(&q, &val), 0);
		UK_EXPECT_EQ(val, want);
	}
	UK_EXPECT_EQ(numq_dequeue(&q, &val), -ENOENT);
}

UK_TEST(ring, an_interrupted_consumer_holds_up_no_other)
{
	struct numq_slot slots[NSLOTS];
	struct numq q;
	uint64_t pos = 0;
	uint32_t val;

	make(&q, slots, 0);
	for (val = 0; val < NSLOTS; val++)
		UK_EXPECT_EQ(numq_enqueue(&q, &val), 0);
	UK_EXPECT_EQ(claim(&q, &q.consumers, UK_RING_MPMC_FULL, 1, &pos), 1);

	/* Its slot is still in use, those behind it are not held up. */
	UK_EXPECT_EQ(numq_enqueue(&q, &val), -ENOSPC);
	for (uint32_t want = 1; want < NSLOTS; want++) {
		UK_EXPECT_EQ(numq_dequeue(&q, &val), 0);
		UK_EXPECT_EQ(val, want);
	}
	UK_EXPECT_EQ(numq_dequeue(&q, &val), -ENOENT);
	UK_EXPECT_EQ(numq_enqueue(&q, &val), -ENOSPC);

	/* It comes back. */
	UK_EXPECT_EQ(slots[pos % NSLOTS].val, 0);
	pass(&q, pos, NSLOTS);
	for (val = 0; val < NSLOTS; val++)
		UK_EXPECT_EQ(numq_enqueue(&q, &val), 0);
	UK_EXPECT_EQ(numq_dequeue(&q, &val), 0);
	UK_EXPECT_EQ(val, 0);
}

UK_TEST(ring, what_lies_behind_an_unfinished_burst_keeps_its_place)
{
	static const uint32_t nums[3] = { 1, 2, 3 };
	struct numq_slot slots[NSLOTS];
	uint64_t first = 0;
	struct numq q;
	uint32_t val;

	make(&q, slots, 6);
	UK_EXPECT_EQ(claim(&q, &q.producers, UK_RING_MPMC_FREE, 3, &first), 3);
	UK_EXPECT_EQ(first, 6);
	val = 4;
	UK_EXPECT_EQ(numq_enqueue(&q, &val), 0);

	/* Published last to first: none comes out before the one ahead. */
	for (uint32_t i = 3; i-- > 0;) {
		UK_EXPECT_EQ(numq_dequeue(&q, &val), -ENOENT);
		slots[(first + i) % NSLOTS].val = nums[i];
		pass(&q, first + i, UK_RING_MPMC_FULL);
	}
	for (uint32_t want = 1; want <= 4; want++) {
		UK_EXPECT_EQ(numq_dequeue(&q, &val), 0);
		UK_EXPECT_EQ(val, want);
	}
}

UK_TEST(ring, an_mpmc_count_is_possible_whenever_it_was_read)
{
	struct numq_slot slots[NSLOTS];
	struct numq q;

	make(&q, slots, 3);
	q.consumers.pos = 5;
	UK_EXPECT_EQ(numq_count(&q), 0);
	q.producers.pos = 500;
	UK_EXPECT_EQ(numq_count(&q), NSLOTS);
}
