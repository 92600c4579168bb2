/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Four producers and four consumers, on as many CPUs as there are, through a
 * ring so small that it is full or empty most of the time. A thread may be
 * preempted anywhere, also between claiming a slot and filling it.
 */
#include <uk/ring_mpmc.h>

#include <stdint.h>

#include <uk/alloc.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#define STACK		8192
#define NSIDE		4u
#define NEACH		5000u

struct element {
	uint32_t producer;
	uint32_t number;
};

UK_RING_MPMC_DEFINE(test_ring, struct element)

static struct {
	struct test_ring ring;
	struct test_ring_slot slots[8];
	unsigned int ntaken;		/* atomic, relaxed */
	uint64_t sum;			/* atomic, relaxed: of the numbers */
	bool wrong;			/* written by those who find it so */
} x;

static void produce(void *arg)
{
	struct element e = { .producer = (uint32_t)(uintptr_t)arg };

	for (e.number = 1; e.number <= NEACH; e.number++)
		while (test_ring_enqueue(&x.ring, &e) < 0)
			uk_sched_yield();
}

/* Of each producer, a consumer gets what comes later later. */
static void consume(void *arg UK_UNUSED)
{
	uint32_t last[NSIDE] = { 0 };
	uint64_t sum = 0;
	struct element e;

	while (__atomic_load_n(&x.ntaken, __ATOMIC_RELAXED) < NSIDE * NEACH) {
		if (test_ring_dequeue(&x.ring, &e) < 0) {
			uk_sched_yield();
			continue;
		}
		x.wrong |= e.producer >= NSIDE || e.number > NEACH ||
			   e.number <= last[e.producer];
		last[e.producer % NSIDE] = e.number;
		sum += e.number;
		__atomic_fetch_add(&x.ntaken, 1, __ATOMIC_RELAXED);
	}
	__atomic_fetch_add(&x.sum, sum, __ATOMIC_RELAXED);
}

static struct uk_thread *start(uk_thread_fn1_t fn, uintptr_t arg)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, (void *)arg, a, STACK, NULL, 0, NULL, false, "side",
		NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_thread_set_affinity(t, UK_THREAD_CPU_ANY), 0);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

UK_TEST(mpmc_threads, what_four_put_in_four_take_out_once_and_in_order)
{
	struct uk_thread *t[2 * NSIDE];

	x = (__typeof__(x)){ .ntaken = 0 };
	UK_EXPECT_EQ(test_ring_init(&x.ring, x.slots, 8), 0);
	for (unsigned int i = 0; i < NSIDE; i++) {
		t[i] = start(produce, i);
		t[NSIDE + i] = start(consume, 0);
	}
	for (unsigned int i = 0; i < 2 * NSIDE; i++)
		uk_thread_join(t[i]);
	UK_EXPECT_EQ(x.ntaken, NSIDE * NEACH);
	UK_EXPECT_EQ(x.sum, (uint64_t)NSIDE * NEACH * (NEACH + 1) / 2);
	UK_EXPECT(!x.wrong);
}
