/* SPDX-License-Identifier: BSD-3-Clause */
/* Several CPUs in one address space: they touch, map and unmap at once. */
#include "world.h"

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/lcpu.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#define MAX		4u
#define NSHARED		64u
#define ROUNDS		40u
#define NCOPIES		16u
#define NCOPIED		12u
#define STACK		16384u

static struct {
	uintptr_t shared;
	unsigned int ready;	/* atomic, relaxed */
	unsigned int wrong;	/* atomic, relaxed */
	bool enough;		/* atomic, relaxed */
	unsigned int rounds[MAX];	/* of each thread */
} x;

static void wrong_if(bool it_is)
{
	if (it_is)
		(void)__atomic_fetch_add(&x.wrong, 1, __ATOMIC_RELAXED);
}

/* An area of one's own: written, cut, and gone. */
static void own_area(unsigned int me)
{
	struct uk_vma_request rq = {
		.len = 8 * PAGE, .prot = RW, .ops = &uk_vma_anon,
	};
	volatile unsigned int *p;

	if (uk_vma_map(&world.vas, &rq) < 0) {
		wrong_if(true);
		return;
	}
	p = (volatile unsigned int *)rq.vaddr;
	for (unsigned int i = 0; i < 8; i++) {
		wrong_if(p[i * PAGE / sizeof(*p)] != 0);
		p[i * PAGE / sizeof(*p)] = me;
	}
	wrong_if(uk_vma_unmap(&world.vas, rq.vaddr + 2 * PAGE, PAGE) < 0);
	for (unsigned int i = 3; i < 8; i++)
		wrong_if(p[i * PAGE / sizeof(*p)] != me);
	wrong_if(uk_vma_unmap(&world.vas, rq.vaddr, 8 * PAGE) < 0);
}

static void work(void *arg)
{
	const unsigned int me = (unsigned int)(uintptr_t)arg;

	uk_vas_activate(&world.vas);
	(void)__atomic_fetch_add(&x.ready, 1, __ATOMIC_RELAXED);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (unsigned int i = 0; i < NSHARED; i++) {
			unsigned int *const p = (unsigned int *)
				(x.shared + (i + me * 17) % NSHARED * PAGE);

			(void)__atomic_fetch_add(p, 1, __ATOMIC_RELAXED);
		}
		own_area(me + 1);
	}
}

/* Begin up to MAX threads, one on each CPU; returns how many there are. */
static unsigned int start(struct uk_thread **t, uk_thread_fn1_t fn)
{
	const unsigned int n = uk_lcpu_nup() < MAX ? uk_lcpu_nup() : MAX;
	struct uk_alloc *const a = uk_alloc_get_default();

	for (unsigned int i = 0; i < n; i++) {
		t[i] = uk_thread_create_fn1(a, fn, (void *)(uintptr_t)i, a,
					    STACK, NULL, 0, NULL, false,
					    "toucher", NULL, NULL);
		if (!UK_EXPECT_NOT_NULL(t[i]))
			return i;
		UK_EXPECT_EQ(uk_thread_set_affinity(t[i], UINT64_C(1) << i),
			     0);
		UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t[i]),
			     0);
	}
	return n;
}

/* The number in page @i of what is shared. */
static unsigned int count_in(unsigned int i)
{
	const unsigned char *const p =
		world_at(x.shared + i * PAGE, UK_TRAP_READ);

	return UK_EXPECT_NOT_NULL(p)
	       ? *(const unsigned int *)(const void *)p : 0;
}

UK_TEST(vmem_smp, cpus_that_touch_map_and_unmap_at_once_lose_nothing)
{
	struct uk_thread *t[MAX];
	struct uk_vas_stats stats;
	unsigned int n;

	if (uk_lcpu_nup() < 2)
		UK_TEST_SKIP("this machine has one CPU");
	if (!world_begin())
		return;
	x = (__typeof__(x)){
		.shared = world_map(0, NSHARED * PAGE, RW, &uk_vma_anon, 0),
	};
	n = start(t, work);
	for (unsigned int i = 0; i < n; i++)
		uk_thread_join(t[i]);

	UK_EXPECT_EQ(x.ready, n);
	UK_EXPECT_EQ(x.wrong, 0);
	for (unsigned int i = 0; i < NSHARED; i++)
		UK_EXPECT_EQ(count_in(i), n * ROUNDS);
	uk_vas_get_stats(&world.vas, &stats);
	UK_EXPECT_EQ(stats.resident, NSHARED * PAGE);
	UK_EXPECT_EQ(stats.nareas, 1);
	world_end();
}

/* Count in all pages, without a pause, until it is enough. */
static void count(void *arg)
{
	const unsigned int me = (unsigned int)(uintptr_t)arg;

	uk_vas_activate(&world.vas);
	while (!__atomic_load_n(&x.enough, __ATOMIC_RELAXED)) {
		for (unsigned int i = 0; i < NCOPIED; i++)
			(void)__atomic_fetch_add((unsigned int *)(x.shared +
								  i * PAGE),
						 1, __ATOMIC_RELAXED);
		x.rounds[me]++;
	}
}

UK_TEST(vmem_smp, no_write_is_lost_while_copies_are_made)
{
	static struct uk_vas copy;
	struct uk_thread *t[MAX];
	unsigned int n, sum = 0;

	if (uk_lcpu_nup() < 2)
		UK_TEST_SKIP("this machine has one CPU");
	if (!world_begin())
		return;
	x = (__typeof__(x)){
		.shared = world_map(0, NCOPIED * PAGE, RW, &uk_vma_anon, 0),
	};
	n = start(t, count);
	for (unsigned int i = 0; i < NCOPIES; i++) {
		if (UK_EXPECT_EQ(uk_vas_copy(&copy, &world.vas), 0))
			UK_EXPECT_EQ(uk_vas_destroy(&copy), 0);
		uk_sched_yield();
	}
	__atomic_store_n(&x.enough, true, __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < n; i++) {
		uk_thread_join(t[i]);
		sum += x.rounds[i];
	}
	for (unsigned int i = 0; i < NCOPIED; i++)
		UK_EXPECT_EQ(count_in(i), sum);
	world_end();
}
