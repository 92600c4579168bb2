/* SPDX-License-Identifier: BSD-3-Clause */
/* One producer, one consumer, one thread: what the calls promise. */
#include <uk/errno.h>
#include <uk/ring.h>
#include <uk/ring_spsc.h>
#include <uk/test.h>

#define NSLOTS	8u

/* 24 bytes, and the size of a slot. */
struct event {
	uint64_t id;
	char name[16];
};

UK_RING_SPSC_DEFINE(numq, uint32_t)
UK_RING_SPSC_DEFINE(eventq, struct event)
UK_RING_SPSC_DEFINE(ptrq, struct event *)

static struct numq_slot static_slots[NSLOTS];
static struct numq static_ring = UK_RING_INIT(static_slots);

/* An empty ring that has seen @pos elements. */
static void make(struct numq *q, struct numq_slot *slots, uint32_t pos)
{
	UK_EXPECT_EQ(numq_init(q, slots, NSLOTS), 0);
	q->producer.pos = q->producer.seen = pos;
	q->consumer.pos = q->consumer.seen = pos;
}

/* Everything about full, empty and order, from position @pos on. */
static void fill_and_drain(struct numq *q, uint32_t rounds)
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
			UK_EXPECT_EQ(numq_dequeue(q, &val), 0);
			UK_EXPECT_EQ(val, out);
		}
		UK_EXPECT_EQ(numq_dequeue(q, &val), -ENOENT);
		UK_EXPECT_EQ(val, out - 1);
		UK_EXPECT_EQ(numq_count(q), 0);
	}
}

UK_TEST(ring, spsc_holds_as_many_as_it_has_slots_in_order)
{
	struct numq_slot slots[NSLOTS];
	struct numq q;

	make(&q, slots, 0);
	fill_and_drain(&q, 3);
}

UK_TEST(ring, spsc_positions_come_round_at_32_bits)
{
	struct numq_slot slots[NSLOTS];
	struct numq q;

	/* The wrap lies at each place of a lap. */
	for (uint32_t back = 1; back <= 2 * NSLOTS; back++) {
		make(&q, slots, -back);
		fill_and_drain(&q, 3);
	}
}

UK_TEST(ring, a_static_spsc_ring_works_without_init)
{
	fill_and_drain(&static_ring, 1);
}

UK_TEST(ring, spsc_keeps_order_at_every_fill)
{
	struct numq_slot slots[NSLOTS];
	struct numq q;
	uint32_t in = 0, out = 0, val = 0;

	make(&q, slots, UINT32_MAX - 100);
	for (uint32_t fill = 0; fill < NSLOTS; fill++) {
		UK_EXPECT_EQ(numq_enqueue(&q, &in), 0);
		in++;
		for (uint32_t i = 0; i < 3 * NSLOTS; i++, out++) {
			UK_EXPECT_EQ(numq_dequeue(&q, &val), 0);
			UK_EXPECT_EQ(val, out);
			UK_EXPECT_EQ(numq_enqueue(&q, &in), 0);
			in++;
			UK_EXPECT_EQ(numq_count(&q), fill + 1);
		}
	}
}

UK_TEST(ring, spsc_bursts_take_what_fits)
{
	static const uint32_t nums[10] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	struct numq_slot slots[NSLOTS];
	uint32_t got[10];
	struct numq q;

	for (uint32_t start = 0; start < NSLOTS; start++) {
		make(&q, slots, start - 3);
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

UK_TEST(ring, spsc_peek_shows_the_next_and_leaves_it)
{
	struct numq_slot slots[NSLOTS];
	uint32_t val = 1, *next;
	struct numq q;

	make(&q, slots, 0);
	UK_EXPECT_NULL(numq_peek(&q));
	UK_EXPECT_EQ(numq_enqueue(&q, &val), 0);
	val = 2;
	UK_EXPECT_EQ(numq_enqueue(&q, &val), 0);

	next = numq_peek(&q);
	if (!UK_EXPECT_NOT_NULL(next))
		return;
	UK_EXPECT_EQ(*next, 1);
	UK_EXPECT_EQ(numq_count(&q), 2);

	/* It may be changed where it lies. */
	*next = 11;
	UK_EXPECT(numq_peek(&q) == next);
	UK_EXPECT_EQ(numq_dequeue(&q, &val), 0);
	UK_EXPECT_EQ(val, 11);

	next = numq_peek(&q);
	UK_EXPECT(next && *next == 2);
	numq_drop(&q);
	UK_EXPECT_NULL(numq_peek(&q));
	UK_EXPECT_EQ(numq_count(&q), 0);
}

static void drop(void *q)
{
	numq_drop(q);
}

UK_TEST(ring, spsc_drop_from_an_empty_ring_is_a_bug)
{
	struct numq_slot slots[NSLOTS];
	struct numq q;

	make(&q, slots, 5);
	UK_EXPECT_CRASH(drop, &q);
}

UK_TEST(ring, spsc_elements_may_be_structures_and_pointers)
{
	struct eventq_slot eslots[2];
	struct ptrq_slot pslots[2];
	struct event in = { .id = 42, .name = "answer" }, out;
	struct event *ptr = &in;
	struct eventq eq;
	struct ptrq pq;

	UK_EXPECT_EQ(sizeof(eslots[0]), sizeof(struct event));
	UK_EXPECT_EQ(eventq_init(&eq, eslots, 2), 0);
	UK_EXPECT_EQ(ptrq_init(&pq, pslots, 2), 0);
	UK_EXPECT_EQ(eventq_enqueue(&eq, &in), 0);
	UK_EXPECT_EQ(ptrq_enqueue(&pq, &ptr), 0);
	ptr = NULL;
	UK_EXPECT_EQ(eventq_dequeue(&eq, &out), 0);
	UK_EXPECT_EQ(ptrq_dequeue(&pq, &ptr), 0);
	UK_EXPECT_EQ(out.id, 42);
	UK_EXPECT_STR_EQ(out.name, "answer");
	UK_EXPECT(ptr == &in);
}

UK_TEST(ring, a_count_is_possible_whenever_the_sides_were_read)
{
	struct numq_slot slots[NSLOTS];
	struct numq q;

	make(&q, slots, 3);
	/* An onlooker that read the consumer late, or early. */
	q.consumer.pos = 5;
	UK_EXPECT_EQ(numq_count(&q), 0);
	q.producer.pos = 500;
	UK_EXPECT_EQ(numq_count(&q), NSLOTS);
}
