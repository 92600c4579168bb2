/* SPDX-License-Identifier: BSD-3-Clause */
/* A producer and a consumer at once. */
#include <uk/errno.h>
#include <uk/ring.h>
#include <uk/ring_spsc.h>
#include <uk/test.h>

#include "hosted_threads.h"

#define NSLOTS	16u
#define COUNT	200000u
#define BURST	11u	/* no divisor of anything here */

/* More than one word, so that a torn one would show. */
struct item {
	uint32_t num;
	uint32_t check;
};

UK_RING_SPSC_DEFINE(itemq, struct item)

struct run {
	struct itemq ring;
	struct itemq_slot slots[NSLOTS];
	/* The consumer's. */
	uint32_t ngot;
	uint32_t nwrong;
	uint32_t nlow;		/* counted less than it then got */
};

static struct item item_of(uint32_t num)
{
	return (struct item){ .num = num, .check = ~num };
}

static void take(struct run *run, struct item it)
{
	if (it.num != run->ngot || it.check != ~it.num)
		run->nwrong++;
	run->ngot++;
}

static void make(struct run *run, uint32_t pos)
{
	*run = (struct run){ .ngot = 0 };
	UK_EXPECT_EQ(itemq_init(&run->ring, run->slots, NSLOTS), 0);
	run->ring.producer.pos = run->ring.producer.seen = pos;
	run->ring.consumer.pos = run->ring.consumer.seen = pos;
}

static void expect_all(const struct run *run)
{
	UK_EXPECT_EQ(run->ngot, COUNT);
	UK_EXPECT_EQ(run->nwrong, 0);
	UK_EXPECT_EQ(run->nlow, 0);
	UK_EXPECT_EQ(itemq_count(&run->ring), 0);
}

static void produce(struct run *run)
{
	for (uint32_t i = 0; i < COUNT; i++) {
		const struct item it = item_of(i);

		while (itemq_enqueue(&run->ring, &it) == -ENOSPC)
			hosted_yield();
	}
}

static void consume(struct run *run)
{
	struct item it;

	while (run->ngot < COUNT) {
		const uint32_t n = itemq_count(&run->ring);

		if (itemq_dequeue(&run->ring, &it) == 0)
			take(run, it);
		else if (n > 0)
			run->nlow++;
		else
			hosted_yield();
	}
}

static void singles(void *run, unsigned int i)
{
	if (i == 0)
		produce(run);
	else
		consume(run);
}

UK_TEST(ring, spsc_brings_every_element_across_once_in_order)
{
	static struct run run;

	/* Across the wrap of the positions. */
	make(&run, -COUNT / 2);
	hosted_threads(2, singles, &run);
	expect_all(&run);
}

static void produce_bursts(struct run *run)
{
	struct item items[BURST];
	uint32_t next = 0;

	while (next < COUNT) {
		const uint32_t n = UK_MIN(COUNT - next, 1 + next % BURST);
		uint32_t done;

		for (uint32_t i = 0; i < n; i++)
			items[i] = item_of(next + i);
		done = itemq_enqueue_burst(&run->ring, items, n);
		next += done;
		if (done < n)
			hosted_yield();
	}
}

static void consume_bursts(struct run *run)
{
	struct item items[BURST];

	while (run->ngot < COUNT) {
		const uint32_t n = itemq_dequeue_burst(&run->ring, items,
						       BURST);

		for (uint32_t i = 0; i < n; i++)
			take(run, items[i]);
		if (n == 0)
			hosted_yield();
	}
}

static void bursts(void *run, unsigned int i)
{
	if (i == 0)
		produce_bursts(run);
	else
		consume_bursts(run);
}

UK_TEST(ring, spsc_bursts_bring_every_element_across_once_in_order)
{
	static struct run run;

	make(&run, -COUNT / 2);
	hosted_threads(2, bursts, &run);
	expect_all(&run);
}

static void consume_in_place(struct run *run)
{
	while (run->ngot < COUNT) {
		struct item *const it = itemq_peek(&run->ring);

		if (!it) {
			hosted_yield();
			continue;
		}
		take(run, *it);
		/* Its slot is the consumer's until the drop. */
		*it = (struct item){ .num = 0 };
		itemq_drop(&run->ring);
	}
}

static void in_place(void *run, unsigned int i)
{
	if (i == 0)
		produce(run);
	else
		consume_in_place(run);
}

UK_TEST(ring, spsc_peek_and_drop_bring_every_element_across_once_in_order)
{
	static struct run run;

	make(&run, 0);
	hosted_threads(2, in_place, &run);
	expect_all(&run);
}
