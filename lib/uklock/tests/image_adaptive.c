/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Does who finds a mutex taken spin while that helps, and block while it does
 * not? The owner here sleeps with it, on the same CPU, and is more urgent: so
 * it is as if it ran on another CPU, but comes when its time has come.
 */
#include <uk/mutex.h>

#include <stdint.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>

#define STACK		8192
#define BOOT_CPU	UINT64_C(1)

/* Where spinning in vain ends, and a length from which it may go up. */
#define IN_VAIN		10u
#define LONG		150u

static struct {
	struct uk_mutex m;
	uint64_t free_ns;	/* when the owner gives it back */
} x;

static unsigned int learned(void)
{
	return __atomic_load_n(&x.m.spins, __ATOMIC_RELAXED);
}

static void sleep_with_it(void *arg UK_UNUSED)
{
	struct uk_thread *const me = uk_thread_current();

	uk_mutex_lock(&x.m);
	while (uk_time_now() < x.free_ns) {
		uk_thread_block_until(me, x.free_ns);
		uk_sched_yield();
	}
	uk_mutex_unlock(&x.m);
}

/* Somebody has it until @ns from now. */
static struct uk_thread *let_it_be_held(uint64_t ns)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, sleep_with_it, NULL, a, STACK, NULL, 0, NULL, false,
		"owner", NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_thread_set_affinity(uk_thread_current(), BOOT_CPU), 0);
	UK_EXPECT_EQ(uk_thread_set_affinity(t, BOOT_CPU), 0);
	UK_EXPECT_EQ(uk_thread_set_prio(t, UK_THREAD_PRIO_MAX), 0);
	x.free_ns = uk_time_now() + ns;
	/* It runs at once, up to its sleep. */
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

/* Lock it @ns before it becomes free. Returns whether the CPU was given up. */
static bool lock_before(struct uk_thread *owner, uint64_t ns)
{
	struct uk_thread_stats before = { 0 }, after = { 0 };
	struct uk_thread *const me = uk_thread_current();

	while (uk_time_now() + ns < x.free_ns)
		ukarch_spin_wait();
	UK_EXPECT_EQ(uk_thread_stats_get(me, &before), 0);
	uk_mutex_lock(&x.m);
	UK_EXPECT_EQ(uk_thread_stats_get(me, &after), 0);
	uk_mutex_unlock(&x.m);
	uk_thread_join(owner);
	/* Preempted, by the owner, it has not given it up. */
	return after.nswitches - before.nswitches >
	       after.npreempted - before.npreempted;
}

UK_TEST(mutex, spinning_that_does_not_help_is_given_up)
{
	unsigned int ngiven_up = 0;

	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS))
		UK_TEST_SKIP("nobody counts");
	uk_mutex_init(&x.m);
	x.m.spins = LONG;
	/* This CPU may be away now and then until the mutex is free. */
	for (unsigned int i = 0; i < 50 && learned() > IN_VAIN; i++) {
		struct uk_thread *const t =
			let_it_be_held(10 * UK_TIME_NS_PER_MS);

		if (!t)
			return;
		ngiven_up += lock_before(t, 9 * UK_TIME_NS_PER_MS);
	}
	UK_EXPECT_LE(learned(), IN_VAIN);
	UK_EXPECT_GE(ngiven_up, 1);
}

/* By the time that instructions take: run with QEMU's -icount. */
UK_TEST(on_demand, spinning_helps_if_a_mutex_is_free_soon)
{
	unsigned int nspun = 0;

	uk_mutex_init(&x.m);
	for (uint64_t ns = 100; ns <= 2000; ns += 100) {
		struct uk_thread *const t =
			let_it_be_held(UK_TIME_NS_PER_MS);

		if (!t)
			return;
		x.m.spins = LONG;
		if (!lock_before(t, ns) && learned() > LONG)
			nspun++;
	}
	UK_EXPECT_GE(nspun, 3);
}
