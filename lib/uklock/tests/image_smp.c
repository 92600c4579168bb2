/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Locks between CPUs; skipped where there is one. Whoever is to run on another
 * CPU is bound to it, so that the two meet.
 */
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/completion.h>
#include <uk/mutex.h>
#include <uk/sched.h>
#include <uk/semaphore.h>
#include <uk/test.h>
#include <uk/thread.h>

#define STACK		8192
#define MAX		8u
#define ROUNDS		1000u
#define TURNS		200u
#define ON(cpu)		(UINT64_C(1) << (cpu))

static struct {
	unsigned int n;		/* atomic, relaxed */
	bool wrong;		/* written by those who find it so */
} x;

/* How many there are, MAX at most: a thread cannot be bound to more. */
static unsigned int ncpus(void)
{
	struct uk_thread *const me = uk_thread_current();
	unsigned int n = 1;

	while (n < MAX && uk_thread_set_affinity(me, ON(n)) == 0)
		n++;
	UK_EXPECT_EQ(uk_thread_set_affinity(me, ON(0)), 0);
	return n;
}

#define NEED(count)							\
	do {								\
		if (ncpus() < (count))					\
			UK_TEST_SKIP("this machine has too few CPUs");	\
		x = (__typeof__(x)){ .n = 0 };				\
	} while (0)

static unsigned int count(void)
{
	return __atomic_load_n(&x.n, __ATOMIC_RELAXED);
}

static unsigned int step(void)
{
	return __atomic_add_fetch(&x.n, 1, __ATOMIC_RELAXED);
}

static struct uk_thread *start(uk_thread_fn1_t fn, unsigned long arg,
			       unsigned int cpu)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, (void *)arg, a, STACK, NULL, 0, NULL, false, "one",
		NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_thread_set_affinity(t, ON(cpu)), 0);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

/* Two threads that take turns, each waiting for the other. */
static struct uk_semaphore turn[2];

static void take_turns(void *arg)
{
	const unsigned long me = (unsigned long)arg;

	for (unsigned int i = 0; i < TURNS; i++) {
		uk_semaphore_down(&turn[me]);
		x.wrong |= count() != 2 * i + me;
		(void)step();
		uk_semaphore_up(&turn[!me]);
	}
}

UK_TEST(smp_locks, two_cpus_play_ping_pong)
{
	struct uk_thread *t[2];

	NEED(3);
	uk_semaphore_init(&turn[0], 1);
	uk_semaphore_init(&turn[1], 0);
	for (unsigned int i = 0; i < 2; i++)
		t[i] = start(take_turns, i, i + 1);
	for (unsigned int i = 0; i < 2; i++)
		uk_thread_join(t[i]);
	UK_EXPECT_EQ(count(), 2 * TURNS);
	UK_EXPECT(!x.wrong);
}

/*
 * A wake-up that comes while the other one is on its way to sleep: nobody
 * wakes a second time, so one that is lost ends in a hang.
 */
static void sleeper(void *arg)
{
	struct uk_completion *const c = arg;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		uk_completion_wait(&c[i]);
		(void)step();
	}
}

UK_TEST(smp_locks, no_wake_up_is_lost)
{
	static struct uk_completion c[ROUNDS];
	struct uk_thread *t;

	NEED(2);
	for (unsigned int i = 0; i < ROUNDS; i++)
		uk_completion_init(&c[i]);
	t = start(sleeper, (unsigned long)c, 1);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		for (unsigned int spin = 0; spin < i % 64; spin++)
			ukarch_spin_wait();
		uk_completion_done(&c[i]);
	}
	uk_thread_join(t);
	UK_EXPECT_EQ(count(), ROUNDS);
}

/* What a mutex guards, on all CPUs at once. */
static struct uk_mutex mutex;
static unsigned int guarded[2];

static void use_mutex(void *arg UK_UNUSED)
{
	for (unsigned int i = 0; i < TURNS; i++) {
		uk_mutex_lock(&mutex);
		x.wrong |= guarded[0] != guarded[1];
		guarded[0]++;
		/* Now and then the owner is not on a CPU. */
		if (i % 16 == 0)
			uk_sched_yield();
		guarded[1]++;
		uk_mutex_unlock(&mutex);
	}
}

UK_TEST(smp_locks, a_mutex_keeps_threads_of_all_cpus_apart)
{
	struct uk_thread *t[2 * MAX];
	const unsigned int n = ncpus();

	NEED(2);
	uk_mutex_init(&mutex);
	guarded[0] = guarded[1] = 0;
	for (unsigned int i = 0; i < 2 * n; i++)
		t[i] = start(use_mutex, 0, i % n);
	for (unsigned int i = 0; i < 2 * n; i++)
		uk_thread_join(t[i]);
	UK_EXPECT_EQ(guarded[0], 2 * n * TURNS);
	UK_EXPECT(!x.wrong);
}
