/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads on all CPUs map, unmap, protect and touch, all in one range. */
#include "calls.h"

#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/lcpu.h>
#include <uk/sched.h>
#include <uk/thread.h>
#include <uk/time.h>

#define MAX	4u
#define ROUNDS	60u
/* Fewer where CPUs wait long for each other, as those of an emulator may. */
#define SPAN_NS	(5 * UK_TIME_NS_PER_SEC)
#define NPAGES	8u
#define STACK	16384u

/* What all may unmap: where no hole of it is somebody's next own memory. */
#define STAGE	((uintptr_t)0x390000000000)

static struct {
	unsigned int wrong;	/* atomic, relaxed */
	unsigned int done;	/* atomic, relaxed */
	unsigned int rounds;	/* of those that are done; likewise */
	uintptr_t counters;	/* shared memory */
} x;

static void wrong_if(bool it_is)
{
	if (it_is)
		(void)__atomic_fetch_add(&x.wrong, 1, __ATOMIC_RELAXED);
}

/* Memory of one's own is nobody else's, whatever they do. */
static void use_own(unsigned int me)
{
	const long at = mmap(0, NPAGES * PAGE, RW, ANON);
	long to;

	if (at < 0) {
		wrong_if(true);
		return;
	}
	for (unsigned int i = 0; i < NPAGES; i++) {
		volatile unsigned char *const p =
			byte((uintptr_t)at + i * PAGE);

		wrong_if(*p != 0);
		*p = (unsigned char)me;
	}
	wrong_if(mprotect((uintptr_t)at + PAGE, 2 * PAGE,
			  UK_ABI_PROT_READ) < 0);
	to = mremap((uintptr_t)at, PAGE, 3 * PAGE, UK_ABI_MREMAP_MAYMOVE, 0);
	wrong_if(to < 0 || *byte((uintptr_t)to) != me);
	wrong_if(to > 0 && *byte((uintptr_t)to + PAGE) != 0);
	for (unsigned int i = 1; i < NPAGES; i++)
		wrong_if(*byte((uintptr_t)at + i * PAGE) != me);
	wrong_if(madvise((uintptr_t)at + 4 * PAGE, PAGE,
			 UK_ABI_MADV_DONTNEED) < 0);
	wrong_if(*byte((uintptr_t)at + 4 * PAGE) != 0);
	/* Its first page may be somebody else's by now. */
	wrong_if(munmap((uintptr_t)at + PAGE, (NPAGES - 1) * PAGE) < 0);
	wrong_if(to > 0 && munmap((uintptr_t)to, 3 * PAGE) < 0);
}

/* All do this to the same pages; what it comes to is nobody's to know. */
static void fight(unsigned int me, unsigned int round)
{
	const uintptr_t at = STAGE + (me + round) % NPAGES * PAGE;
	const long kind = round % 3 ? ANON : SHARED;
	unsigned char vec;
	long rc;

	rc = mmap(at, 2 * PAGE, RW, kind | FIXED);
	wrong_if(rc != (long)at);
	rc = mprotect(at, PAGE, round % 2 ? RW : UK_ABI_PROT_READ);
	wrong_if(rc < 0 && rc != -ENOMEM);
	rc = madvise(at, 2 * PAGE, round % 2 ? UK_ABI_MADV_POPULATE_READ
					     : UK_ABI_MADV_DONTNEED);
	wrong_if(rc < 0 && rc != -ENOMEM);
	rc = uk_syscall_r_mincore((long)at, PAGE, (long)&vec);
	wrong_if(rc < 0 && rc != -ENOMEM);
	/* A page of it may be touched at any moment of a change. */
	rc = uk_vma_touch(mm_vas(), at, UK_TRAP_WRITE);
	wrong_if(rc < 0 && rc != -EFAULT && rc != -EACCES);
	wrong_if(munmap(at, PAGE) < 0);
}

static void work(void *arg)
{
	const unsigned int me = (unsigned int)(uintptr_t)arg + 1;
	const uint64_t end = uk_time_now() + SPAN_NS;
	unsigned int i = 0;

	do {
		use_own(me);
		fight(me, i);
		(void)__atomic_fetch_add((unsigned int *)x.counters, 1,
					 __ATOMIC_RELAXED);
	} while (++i < ROUNDS && uk_time_now() < end);
	(void)__atomic_fetch_add(&x.rounds, i, __ATOMIC_RELAXED);
	(void)__atomic_fetch_add(&x.done, 1, __ATOMIC_RELAXED);
}

UK_TEST(mmap_smp, cpus_that_call_and_touch_at_once_lose_nothing)
{
	const unsigned int n = uk_lcpu_nup() < MAX ? uk_lcpu_nup() : MAX;
	struct uk_alloc *const a = uk_alloc_get_default();
	const struct levels before = levels();
	struct uk_thread *t[MAX];

	if (uk_lcpu_nup() < 2)
		UK_TEST_SKIP("this machine has one CPU");
	x = (__typeof__(x)){
		.counters = some(PAGE, RW, SHARED),
	};
	for (unsigned int i = 0; i < n; i++) {
		t[i] = uk_thread_create_fn1(a, work, (void *)(uintptr_t)i, a,
					    STACK, NULL, 0, NULL, false,
					    "caller", NULL, NULL);
		if (!UK_EXPECT_NOT_NULL(t[i]))
			return;
		UK_EXPECT_EQ(uk_thread_set_affinity(t[i], UINT64_C(1) << i),
			     0);
		UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t[i]),
			     0);
	}
	for (unsigned int i = 0; i < n; i++)
		uk_thread_join(t[i]);
	UK_EXPECT_EQ(x.wrong, 0);
	UK_EXPECT_EQ(x.done, n);
	UK_EXPECT_EQ(*(unsigned int *)x.counters, x.rounds);
	UK_EXPECT_EQ(munmap(x.counters, PAGE), 0);
	UK_EXPECT_EQ(munmap(STAGE, (NPAGES + 1) * PAGE), 0);
	expect_levels(&before);
}
