/* SPDX-License-Identifier: BSD-3-Clause */
/* Several CPUs in one address space: they touch, map and unmap at once. */
#include "world.h"

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/lcpu.h>
#include <uk/preempt.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#define MAX		4u
#define NSHARED		64u
#define ROUNDS		40u
#define STACK		16384u

static struct {
	uintptr_t shared;
	unsigned int ready;	/* atomic, relaxed */
	unsigned int wrong;	/* atomic, relaxed */
} x;

static void wrong_if(bool it_is)
{
	if (it_is)
		(void)__atomic_fetch_add(&x.wrong, 1, __ATOMIC_RELAXED);
}

/* Threads are bound to a CPU each, which keeps the address space. */
static void use(struct uk_vas *vas)
{
	uk_preempt_disable();
	uk_vas_activate(vas);
	uk_preempt_enable();
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

	use(&world.vas);
	(void)__atomic_fetch_add(&x.ready, 1, __ATOMIC_RELAXED);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (unsigned int i = 0; i < NSHARED; i++) {
			unsigned int *const p = (unsigned int *)
				(x.shared + (i + me * 17) % NSHARED * PAGE);

			(void)__atomic_fetch_add(p, 1, __ATOMIC_RELAXED);
		}
		own_area(me + 1);
	}
	use(NULL);
}

UK_TEST(vmem_smp, cpus_that_touch_map_and_unmap_at_once_lose_nothing)
{
	const unsigned int n = uk_lcpu_nup() < MAX ? uk_lcpu_nup() : MAX;
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *t[MAX];
	struct uk_vas_stats stats;

	if (n < 2)
		UK_TEST_SKIP("this machine has one CPU");
	if (!world_begin())
		return;
	x = (__typeof__(x)){
		.shared = world_map(0, NSHARED * PAGE, RW, &uk_vma_anon, 0),
	};
	for (unsigned int i = 0; i < n; i++) {
		t[i] = uk_thread_create_fn1(a, work, (void *)(uintptr_t)i, a,
					    STACK, NULL, 0, NULL, false,
					    "toucher", NULL, NULL);
		if (!UK_EXPECT_NOT_NULL(t[i]))
			return;
		UK_EXPECT_EQ(uk_thread_set_affinity(t[i], UINT64_C(1) << i),
			     0);
		UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t[i]),
			     0);
	}
	for (unsigned int i = 0; i < n; i++)
		uk_thread_join(t[i]);

	UK_EXPECT_EQ(x.ready, n);
	UK_EXPECT_EQ(x.wrong, 0);
	for (unsigned int i = 0; i < NSHARED; i++) {
		const unsigned char *const p =
			world_at(x.shared + i * PAGE, UK_TRAP_READ);

		if (UK_EXPECT_NOT_NULL(p))
			UK_EXPECT_EQ(*(const unsigned int *)(const void *)p,
				     n * ROUNDS);
	}
	uk_vas_get_stats(&world.vas, &stats);
	UK_EXPECT_EQ(stats.resident, NSHARED * PAGE);
	UK_EXPECT_EQ(stats.nareas, 1);
	world_end();
}
