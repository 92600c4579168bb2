/* SPDX-License-Identifier: BSD-3-Clause */
/* Time, for threads that are preempted and moved; and no ticks. */
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>
#include <uk/timer.h>

#include "../smp_priv.h"

#define STACK		8192
#define MAX		8u
#define MS		UK_TIME_NS_PER_MS
#define SLICE_NS	(CONFIG_LIBUKSCHEDSMP_SLICE_MS * MS)
#define ON(cpu)		(UINT64_C(1) << (cpu))

static struct {
	uint64_t latest;	/* atomic: that any thread has seen */
	uint64_t end_ns;
	unsigned int nreads;	/* atomic, relaxed */
	unsigned int nback;	/* atomic, relaxed: it went back */
	unsigned int nmoves;	/* atomic, relaxed */
	bool stop;		/* atomic, relaxed */
} x;

static struct uk_thread *start(uk_thread_fn1_t fn, uintptr_t arg)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, (void *)arg, a, STACK, NULL, 0, NULL, false, "clock",
		NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_thread_set_affinity(t, UK_THREAD_CPU_ANY), 0);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

/* Read the clock, and compare it with what others have read before. */
static uint64_t look(void)
{
	uint64_t latest = __atomic_load_n(&x.latest, __ATOMIC_SEQ_CST);
	const uint64_t now = uk_time_now();

	__atomic_fetch_add(&x.nreads, 1, __ATOMIC_RELAXED);
	if (now < latest)
		__atomic_fetch_add(&x.nback, 1, __ATOMIC_RELAXED);
	while (latest < now &&
	       !__atomic_compare_exchange_n(&x.latest, &latest, now, false,
					    __ATOMIC_SEQ_CST,
					    __ATOMIC_SEQ_CST))
		;
	return now;
}

static unsigned int ncpus(void)
{
	struct uk_thread *const me = uk_thread_current();
	unsigned int n = 1;

	while (n < MAX && uk_thread_set_affinity(me, ON(n)) == 0)
		n++;
	UK_EXPECT_EQ(uk_thread_set_affinity(me, ON(0)), 0);
	return n;
}

/* From CPU to CPU; one in three sleeps now and then. */
static void look_around(void *arg)
{
	struct uk_thread *const me = uk_thread_current();
	unsigned int at = (unsigned int)(uintptr_t)arg;

	/* Twice around, should its first turn come when the time is over. */
	for (unsigned int turn = 0; turn < 2 * MAX || look() < x.end_ns;
	     turn++) {
		for (unsigned int i = 0; i < 50; i++)
			(void)look();
		if ((uintptr_t)arg % 3 == 0)
			uk_sched_thread_sleep(MS / 10);
		/* Where there is no such CPU it goes on where it is. */
		if (uk_thread_set_affinity(me, ON(++at % MAX)) == 0)
			__atomic_fetch_add(&x.nmoves, 1, __ATOMIC_RELAXED);
	}
}

UK_TEST(smp, time_never_goes_back_for_threads_that_are_moved_and_preempted)
{
	struct uk_thread *t[2 * MAX];
	const unsigned int n = 2 * ncpus();

	x = (__typeof__(x)){ .end_ns = uk_time_now() + 20 * SLICE_NS };
	for (unsigned int i = 0; i < n; i++)
		t[i] = start(look_around, i);
	while (look() < x.end_ns)
		;
	for (unsigned int i = 0; i < n; i++)
		if (t[i])
			uk_thread_join(t[i]);
	UK_EXPECT_EQ(x.nback, 0);
	UK_EXPECT_GE(x.nreads, 1000);
	UK_EXPECT_GE(x.nmoves, n);
}

static void spin(void *arg UK_UNUSED)
{
	while (!__atomic_load_n(&x.stop, __ATOMIC_RELAXED))
		ukarch_spin_wait();
}

/* Is the timer of this CPU's slices waiting to interrupt it? */
static bool is_sliced(void)
{
	const unsigned long irq = ukarch_irq_save();
	struct smp_cpu *const cpu = smp_this_cpu();
	bool set;

	uk_spin_lock_(&cpu->lock);
	set = cpu->slice_set;
	uk_spin_unlock_(&cpu->lock);
	ukarch_irq_restore(irq);
	return set;
}

/* Does it come to be so within some slices, without giving up the CPU? */
static bool becomes_sliced(bool sliced)
{
	const uint64_t end = uk_time_now() + 10 * SLICE_NS;

	while (is_sliced() != sliced)
		if (uk_time_now() > end)
			return false;
	return true;
}

UK_TEST(preempt, there_is_a_timer_for_slices_only_while_equals_wait)
{
	struct uk_thread *t;

	UK_EXPECT_EQ(uk_thread_set_affinity(uk_thread_current(), ON(0)), 0);
	/* One that a thread of before has set comes, and is the last. */
	UK_EXPECT(becomes_sliced(false));
	x.stop = false;
	t = start(spin, 0);
	if (!t)
		return;
	UK_EXPECT_EQ(uk_thread_set_affinity(t, ON(0)), 0);
	UK_EXPECT(becomes_sliced(true));
	__atomic_store_n(&x.stop, true, __ATOMIC_RELAXED);
	uk_thread_join(t);
	UK_EXPECT(becomes_sliced(false));
}
