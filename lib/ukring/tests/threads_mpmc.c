/* SPDX-License-Identifier: BSD-3-Clause */
/* Producers and consumers, several of both, at once. */
#include <uk/errno.h>
#include <uk/ring.h>
#include <uk/ring_mpmc.h>
#include <uk/test.h>

#include "hosted_threads.h"

#define NSLOTS		16u
#define NPRODUCERS	4u
#define NCONSUMERS	4u
#define EACH		30000u	/* elements of each producer */
#define TOTAL		(NPRODUCERS * EACH)
#define BURST		5u

struct item {
	uint32_t producer;
	uint32_t num;
	uint32_t check;
};

UK_RING_MPMC_DEFINE(itemq, struct item)

/* What one consumer found; nobody else looks until it is done. */
struct found {
	uint32_t ngot;
	uint32_t nwrong;		/* no element that anybody enqueued */
	uint32_t ndisorder;		/* behind a later one of its producer */
	uint32_t next[NPRODUCERS];	/* no number below may come */
	uint8_t seen[TOTAL];
} UK_ALIGNED(UK_CACHELINE);

struct run {
	struct itemq ring;
	struct itemq_slot slots[NSLOTS];
	uint32_t ngot;			/* by all; relaxed, only ends the run */
	struct found found[NCONSUMERS];
};

static struct run run;

static struct item item_of(uint32_t producer, uint32_t num)
{
	return (struct item){ .producer = producer, .num = num,
			      .check = ~(producer * EACH + num) };
}

static void take(struct found *f, struct item it)
{
	const uint32_t at = it.producer * EACH + it.num;

	f->ngot++;
	if (it.producer >= NPRODUCERS || it.num >= EACH || it.check != ~at) {
		f->nwrong++;
		return;
	}
	f->ndisorder += it.num < f->next[it.producer];
	f->next[it.producer] = it.num + 1;
	f->seen[at]++;
}

/* Across the wrap of the turns. */
static void make(void)
{
	const uint64_t pos = (UINT64_C(1) << 32) - TOTAL / 2;

	run = (struct run){ .ngot = 0 };
	UK_EXPECT_EQ(itemq_init(&run.ring, run.slots, NSLOTS), 0);
	run.ring.producers.pos = run.ring.consumers.pos = pos;
	for (uint64_t p = pos; p < pos + NSLOTS; p++)
		run.slots[p % NSLOTS].turn = (uint32_t)(p / NSLOTS * NSLOTS);
}

static void expect_all(unsigned int nconsumers)
{
	uint32_t ngot = 0, nonce = 0;

	for (unsigned int c = 0; c < nconsumers; c++) {
		ngot += run.found[c].ngot;
		UK_EXPECT_EQ(run.found[c].nwrong, 0);
		UK_EXPECT_EQ(run.found[c].ndisorder, 0);
	}
	for (uint32_t at = 0; at < TOTAL; at++) {
		uint32_t times = 0;

		for (unsigned int c = 0; c < nconsumers; c++)
			times += run.found[c].seen[at];
		nonce += times == 1;
	}
	UK_EXPECT_EQ(ngot, TOTAL);
	UK_EXPECT_EQ(nonce, TOTAL);
	UK_EXPECT_EQ(itemq_count(&run.ring), 0);
}

static bool all_taken(void)
{
	return __atomic_load_n(&run.ngot, __ATOMIC_RELAXED) == TOTAL;
}

static void count_taken(uint32_t n)
{
	__atomic_fetch_add(&run.ngot, n, __ATOMIC_RELAXED);
}

static void produce(uint32_t producer)
{
	for (uint32_t i = 0; i < EACH; i++) {
		const struct item it = item_of(producer, i);

		while (itemq_enqueue(&run.ring, &it) == -ENOSPC)
			hosted_yield();
	}
}

static void produce_bursts(uint32_t producer)
{
	struct item items[BURST];
	uint32_t next = 0;

	while (next < EACH) {
		const uint32_t n = UK_MIN(EACH - next, 1 + next % BURST);
		uint32_t done;

		for (uint32_t i = 0; i < n; i++)
			items[i] = item_of(producer, next + i);
		done = itemq_enqueue_burst(&run.ring, items, n);
		next += done;
		if (done < n)
			hosted_yield();
	}
}

static void consume(struct found *f)
{
	struct item it;

	while (!all_taken()) {
		if (itemq_dequeue(&run.ring, &it) == 0) {
			take(f, it);
			count_taken(1);
		} else {
			hosted_yield();
		}
	}
}

static void consume_bursts(struct found *f)
{
	struct item items[BURST];

	while (!all_taken()) {
		const uint32_t n = itemq_dequeue_burst(&run.ring, items,
						       BURST);

		for (uint32_t i = 0; i < n; i++)
			take(f, items[i]);
		count_taken(n);
		if (n == 0)
			hosted_yield();
	}
}

static void singles(void *arg UK_UNUSED, unsigned int i)
{
	if (i < NPRODUCERS)
		produce(i);
	else
		consume(&run.found[i - NPRODUCERS]);
}

UK_TEST(ring, mpmc_4_producers_and_4_consumers_exchange_each_element_once)
{
	make();
	hosted_threads(NPRODUCERS + NCONSUMERS, singles, NULL);
	expect_all(NCONSUMERS);
}

/* Bursts and singles mixed. */
static void mixed(void *arg UK_UNUSED, unsigned int i)
{
	if (i == 0)
		produce(i);
	else if (i < NPRODUCERS)
		produce_bursts(i);
	else if (i == NPRODUCERS)
		consume(&run.found[0]);
	else
		consume_bursts(&run.found[i - NPRODUCERS]);
}

UK_TEST(ring, mpmc_bursts_of_4_and_4_exchange_each_element_once)
{
	make();
	hosted_threads(NPRODUCERS + NCONSUMERS, mixed, NULL);
	expect_all(NCONSUMERS);
}

static void consume_single(struct found *f)
{
	struct item it;

	while (f->ngot < TOTAL) {
		struct item *const next = itemq_peek_sc(&run.ring);

		if (!next) {
			hosted_yield();
		} else if (f->ngot % 2) {
			take(f, *next);
			*next = (struct item){ .num = 0 };
			itemq_drop_sc(&run.ring);
		} else if (itemq_dequeue_sc(&run.ring, &it) == 0) {
			take(f, it);
		} else {
			/* What was seen is gone, though nobody else takes. */
			f->nwrong++;
		}
	}
}

static void one_consumer(void *arg UK_UNUSED, unsigned int i)
{
	if (i < NPRODUCERS)
		produce(i);
	else
		consume_single(&run.found[0]);
}

UK_TEST(ring, the_one_consumer_of_4_producers_gets_each_element_once)
{
	make();
	hosted_threads(NPRODUCERS + 1, one_consumer, NULL);
	expect_all(1);
}

/* As many as there are, out and in again: the ring is never full or empty. */
static void turn_over(void *arg UK_UNUSED, unsigned int i)
{
	struct found *const f = &run.found[i % NCONSUMERS];
	struct item it;

	for (uint32_t n = 0; n < EACH; n++) {
		while (itemq_dequeue(&run.ring, &it) == -ENOENT)
			hosted_yield();
		f->nwrong += it.check != ~(it.producer * EACH + it.num);
		while (itemq_enqueue(&run.ring, &it) == -ENOSPC)
			hosted_yield();
	}
}

UK_TEST(ring, what_4_threads_turn_over_stays_in_the_mpmc_ring)
{
	uint32_t seen = 0;
	struct item it;

	make();
	for (uint32_t i = 0; i < NSLOTS / 2; i++) {
		it = item_of(0, i);
		UK_EXPECT_EQ(itemq_enqueue(&run.ring, &it), 0);
	}
	hosted_threads(4, turn_over, NULL);
	UK_EXPECT_EQ(itemq_count(&run.ring), NSLOTS / 2);
	while (itemq_dequeue(&run.ring, &it) == 0)
		seen |= UINT32_C(1) << it.num;
	UK_EXPECT_EQ(seen, (1u << NSLOTS / 2) - 1);
	for (unsigned int c = 0; c < NCONSUMERS; c++)
		UK_EXPECT_EQ(run.found[c].nwrong, 0);
}
