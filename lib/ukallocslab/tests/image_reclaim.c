/* SPDX-License-Identifier: BSD-3-Clause */
/* Other CPUs are asked for what they have in their lists, at a bad moment. */
#include <uk/allocslab.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/lcpu.h>
#include <uk/preempt.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#include "slab_priv.h"

#define SIZE	1000u
#define NBLOCKS	16u
#define ON(cpu)	(UINT64_C(1) << (cpu))

/* Flags and counts are atomic. */
static struct {
	struct uk_alloc *a;
	bool stop;
	uint32_t nready;
	uint32_t nfilled;	/* times that count_rounds() found nothing */
	bool kept;		/* what hold() had at its end */
} x;

static bool is_set(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

static bool has_list(void)
{
	return *SLAB_LIST(x.a, slab_class_of(SIZE)) != NULL;
}

/* An interrupt that waits comes here, and mostly no other. */
static void be_asked(void)
{
	ukarch_irq_enable();
	/* On x86_64 not before the second instruction. */
	__asm__ volatile("nop\n\tnop" : : : "memory");
	ukarch_irq_disable();
}

static bool rounds_are(uint32_t until)
{
	return __atomic_load_n(&x.nfilled, __ATOMIC_ACQUIRE) >= until ||
	       is_set(&x.stop);
}

/* Keep the CPU until it was asked in @arg rounds, or the reclaim is over. */
static void hold(void *arg)
{
	const uint32_t until = (uint32_t)(uintptr_t)arg;

	uk_preempt_disable();
	slab_free(x.a, slab_malloc(x.a, SIZE));
	__atomic_fetch_add(&x.nready, 1, __ATOMIC_RELEASE);
	ukarch_irq_disable();
	while (!rounds_are(until)) {
		be_asked();
	}
	if (!is_set(&x.stop)) {
		uk_preempt_enable();
		ukarch_irq_enable();
		while (!is_set(&x.stop))
			;
		uk_preempt_disable();
	}
	ukarch_irq_enable();
	x.kept = has_list();
	uk_preempt_enable();
}

/* Whenever this CPU's list is empty there was a round: fill it. */
static void count_rounds(void *arg UK_UNUSED)
{
	void *blocks[NBLOCKS];
	unsigned int n = 0;

	for (unsigned int i = 0; i < NBLOCKS; i++)
		blocks[i] = slab_malloc(x.a, SIZE);
	ukarch_irq_disable();
	slab_free(x.a, blocks[n++]);
	__atomic_fetch_add(&x.nready, 1, __ATOMIC_RELEASE);
	while (!is_set(&x.stop)) {
		if (n < NBLOCKS && !has_list()) {
			slab_free(x.a, blocks[n++]);
			__atomic_fetch_add(&x.nfilled, 1, __ATOMIC_RELEASE);
		}
		be_asked();
	}
	ukarch_irq_enable();
	while (n < NBLOCKS)
		slab_free(x.a, blocks[n++]);
}

static struct uk_thread *start_on(uk_thread_fn1_t fn, uintptr_t arg,
				  unsigned int cpu)
{
	struct uk_sched *const s = uk_sched_current();
	struct uk_thread *const t = uk_thread_create_fn1(
		s->a, fn, (void *)arg, s->a_stack, 16384, NULL, 0, NULL, false,
		"asked", NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_thread_set_affinity(t, ON(cpu)), 0);
	UK_EXPECT_EQ(uk_sched_thread_add(s, t), 0);
	return t;
}

/* Ask while CPU 1 gives nothing for @nrounds. Returns how many there were. */
static uint32_t ask(uint32_t nrounds)
{
	struct uk_thread *t[2];

	x = (__typeof__(x)){ .a = uk_alloc_get_default() };
	t[0] = start_on(hold, nrounds, 1);
	t[1] = start_on(count_rounds, 0, 2);
	if (t[0] && t[1]) {
		while (__atomic_load_n(&x.nready, __ATOMIC_ACQUIRE) < 2)
			uk_sched_yield();
		slab_reclaim_others(x.a);
	}
	__atomic_store_n(&x.stop, true, __ATOMIC_RELEASE);
	for (unsigned int i = 0; i < 2; i++)
		if (t[i])
			uk_thread_join(t[i]);
	return x.nfilled;
}

static bool can_ask(void)
{
	struct uk_thread *const me = uk_thread_current();

	return UK_IS_ENABLED(CONFIG_HAVE_PREEMPT) &&
	       uk_thread_set_affinity(me, ON(2)) == 0 &&
	       UK_EXPECT_EQ(uk_thread_set_affinity(me, ON(0)), 0);
}

UK_TEST(heap, a_cpu_that_keeps_its_lists_is_asked_again_and_gives_them)
{
	if (!can_ask())
		UK_TEST_SKIP("threads do not run on three CPUs");
	UK_EXPECT_GE(ask(2), 2);
	UK_EXPECT(!x.kept);
}

UK_TEST(heap, a_cpu_that_is_never_ready_keeps_its_lists_and_is_not_waited_for)
{
	uint32_t n;

	if (!can_ask())
		UK_TEST_SKIP("threads do not run on three CPUs");
	n = ask(UINT32_MAX);
	UK_EXPECT(n >= 2 && n < NBLOCKS - 1);
	UK_EXPECT(x.kept);
}
