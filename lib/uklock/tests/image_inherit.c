/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A thread that waits for a mutex is not held up by those that are less urgent
 * than itself. The case is the most urgent of all, and has the others begin in
 * the order it wants; a hog computes and never lets go by itself.
 */
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/condvar.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/mutex.h>
#include <uk/sched.h>
#include <uk/semaphore.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>

#define STACK	8192
#define MS	UK_TIME_NS_PER_MS
#define ON(cpu)	(UINT64_C(1) << (cpu))

#define LOW	4u
#define LINK	6u
#define HOG	10u
#define HIGH	20u
#define CASE	30u

static struct {
	struct uk_mutex m, m2;
	struct uk_condvar cv;
	struct uk_semaphore ready, go, done;
	bool stop;		/* atomic, relaxed, as these */
	bool hogged;		/* the hog has run */
	bool gave_up;		/* by itself, after a second */
	unsigned int order[4];
	unsigned int n;
	int rc;
} x;

static bool get(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_RELAXED);
}

static void set(bool *flag)
{
	__atomic_store_n(flag, true, __ATOMIC_RELAXED);
}

static void begin(void)
{
	struct uk_thread *const me = uk_thread_current();

	x = (__typeof__(x)){ .rc = 1 };
	uk_mutex_init(&x.m);
	uk_mutex_init(&x.m2);
	uk_condvar_init(&x.cv);
	uk_semaphore_init(&x.ready, 0);
	uk_semaphore_init(&x.go, 0);
	uk_semaphore_init(&x.done, 0);
	UK_EXPECT_EQ(uk_thread_set_affinity(me, ON(0)), 0);
	UK_EXPECT_EQ(uk_thread_set_prio(me, CASE), 0);
}

static void end(struct uk_thread **t, unsigned int n)
{
	set(&x.stop);
	for (unsigned int i = 0; i < n; i++)
		uk_thread_join(t[i]);
	UK_EXPECT_EQ(uk_thread_set_prio(uk_thread_current(),
					UK_THREAD_PRIO_DEFAULT), 0);
	UK_EXPECT(!uk_mutex_is_locked(&x.m));
	UK_EXPECT(!uk_mutex_is_locked(&x.m2));
}

static struct uk_thread *start_on(uk_thread_fn1_t fn, void *arg,
				  unsigned int prio, unsigned int cpu)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, arg, a, STACK, NULL, 0, NULL, false, "heir", NULL,
		NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_thread_set_prio(t, prio), 0);
	UK_EXPECT_EQ(uk_thread_set_affinity(t, ON(cpu)), 0);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

static struct uk_thread *start(uk_thread_fn1_t fn, void *arg,
			       unsigned int prio)
{
	return start_on(fn, arg, prio, 0);
}

/* One that says when it has come as far as it can for now. */
static struct uk_thread *start_and_wait(uk_thread_fn1_t fn, void *arg,
					unsigned int prio, unsigned int cpu)
{
	struct uk_thread *const t = start_on(fn, arg, prio, cpu);

	uk_semaphore_down(&x.ready);
	return t;
}

static unsigned int prio_of(const struct uk_thread *t)
{
	return __atomic_load_n(&t->prio, __ATOMIC_RELAXED);
}

/* So that a failure is one, and not the end of the run. */
static void hog(void *arg UK_UNUSED)
{
	const uint64_t end_ns = uk_time_now() + 5000 * MS;

	set(&x.hogged);
	uk_semaphore_up(&x.ready);
	while (!get(&x.stop))
		if (uk_time_now() > end_ns) {
			set(&x.gave_up);
			return;
		}
}

/* Has @m, and lets go when it is told to and gets to it. */
static void have(void *m)
{
	uk_mutex_lock(m);
	uk_semaphore_up(&x.ready);
	uk_semaphore_down(&x.go);
	uk_mutex_unlock(m);
}

static void have_for_long(void *m)
{
	uk_mutex_lock(m);
	uk_semaphore_up(&x.ready);
	for (unsigned int i = 0; i < 10000; i++)
		ukarch_spin_wait();
	uk_mutex_unlock(m);
}

/* Has m2 and wants m. */
static void link(void *arg UK_UNUSED)
{
	uk_mutex_lock(&x.m2);
	uk_semaphore_up(&x.ready);
	uk_mutex_lock(&x.m);
	uk_mutex_unlock(&x.m);
	uk_mutex_unlock(&x.m2);
}

/* Wants @m, and ends what holds it up when it has it. */
static void want(void *m)
{
	uk_mutex_lock(m);
	uk_mutex_unlock(m);
	set(&x.stop);
	uk_semaphore_up(&x.done);
}

UK_TEST(inherit, a_hog_does_not_keep_an_urgent_thread_from_a_mutex)
{
	struct uk_thread *t[3];

	begin();
	t[0] = start_and_wait(have_for_long, &x.m, LOW, 0);
	t[1] = start(hog, NULL, HOG);
	t[2] = start(want, &x.m, HIGH);
	uk_semaphore_down(&x.done);
	UK_EXPECT(!get(&x.hogged));
	end(t, 3);
	UK_EXPECT(!get(&x.gave_up));
}

/* Until those that have a part in it are as far as they can come. */
static void let_others(void)
{
	struct uk_thread *const me = uk_thread_current();

	UK_EXPECT_EQ(uk_thread_set_prio(me, 0), 0);
	UK_EXPECT_EQ(uk_thread_set_prio(me, CASE), 0);
}

UK_TEST(inherit, a_hog_does_not_keep_up_a_chain_of_three)
{
	struct uk_thread *t[4];

	begin();
	t[0] = start_and_wait(have, &x.m, LOW, 0);
	t[1] = start_and_wait(link, NULL, LINK, 0);
	/* The link waits, before anybody waits for it. */
	let_others();
	UK_EXPECT_EQ(prio_of(t[0]), LINK);
	uk_semaphore_up(&x.go);
	t[2] = start(hog, NULL, HOG);
	t[3] = start(want, &x.m2, HIGH);
	uk_semaphore_down(&x.done);
	UK_EXPECT(!get(&x.hogged));
	end(t, 4);
	UK_EXPECT(!get(&x.gave_up));
}

UK_TEST(inherit, the_owner_has_its_own_priority_back_after_the_unlock)
{
	struct uk_thread *t[2];

	begin();
	t[0] = start_and_wait(have, &x.m, LOW, 0);
	t[1] = start(want, &x.m, HIGH);
	UK_EXPECT_EQ(prio_of(t[0]), LOW);
	let_others();
	UK_EXPECT_EQ(prio_of(t[0]), HIGH);
	uk_semaphore_up(&x.go);
	uk_semaphore_down(&x.done);
	UK_EXPECT_EQ(prio_of(t[0]), LOW);
	end(t, 2);
}

UK_TEST(inherit, what_is_set_while_it_inherits_counts_afterwards)
{
	struct uk_thread *t[2];

	begin();
	t[0] = start_and_wait(have, &x.m, LOW, 0);
	t[1] = start(want, &x.m, HIGH);
	let_others();
	UK_EXPECT_EQ(uk_thread_set_prio(t[0], LOW + 1), 0);
	UK_EXPECT_EQ(prio_of(t[0]), HIGH);
	/* The waiter's own, too. */
	UK_EXPECT_EQ(uk_thread_set_prio(t[1], HIGH + 1), 0);
	UK_EXPECT_EQ(prio_of(t[0]), HIGH + 1);
	UK_EXPECT_EQ(uk_thread_set_prio(t[1], HIGH), 0);
	UK_EXPECT_EQ(prio_of(t[0]), HIGH);
	uk_semaphore_up(&x.go);
	uk_semaphore_down(&x.done);
	UK_EXPECT_EQ(prio_of(t[0]), LOW + 1);
	end(t, 2);
}

UK_TEST(inherit, an_owner_that_is_set_below_its_waiter_inherits)
{
	struct uk_thread *t[2];

	begin();
	t[0] = start_and_wait(have, &x.m, HIGH, 0);
	t[1] = start(want, &x.m, LINK);
	let_others();
	UK_EXPECT_EQ(prio_of(t[0]), HIGH);
	UK_EXPECT_EQ(uk_thread_set_prio(t[0], LOW), 0);
	UK_EXPECT_EQ(prio_of(t[0]), LINK);
	uk_semaphore_up(&x.go);
	uk_semaphore_down(&x.done);
	end(t, 2);
}

static void want_a_little(void *m)
{
	x.rc = uk_mutex_lock_until(m, uk_time_now() + 2 * MS);
	if (x.rc == 0)
		uk_mutex_unlock(m);
	uk_semaphore_up(&x.done);
}

UK_TEST(inherit, the_owner_has_its_own_priority_back_after_a_time_out)
{
	struct uk_thread *t[3];

	begin();
	t[0] = start_and_wait(have, &x.m, LOW, 0);
	t[1] = start_and_wait(link, NULL, LINK, 0);
	t[2] = start(want_a_little, &x.m2, HIGH);
	uk_semaphore_down(&x.done);
	UK_EXPECT_EQ(x.rc, -ETIMEDOUT);
	/* The link still waits. */
	UK_EXPECT_EQ(prio_of(t[1]), LINK);
	UK_EXPECT_EQ(prio_of(t[0]), LINK);
	uk_semaphore_up(&x.go);
	let_others();
	UK_EXPECT_EQ(prio_of(t[0]), LOW);
	end(t, 3);
}

static void lock_and_note(void *i)
{
	uk_mutex_lock(&x.m);
	x.order[x.n++] = (unsigned int)(uintptr_t)i;
	uk_mutex_unlock(&x.m);
}

UK_TEST(inherit, the_most_urgent_waiter_gets_it_first_and_equals_in_order)
{
	static const unsigned int prios[] = { HOG, HIGH, HOG + 1, HIGH };
	static const unsigned int order[] = { 1, 3, 2, 0 };
	struct uk_thread *t[5];

	begin();
	t[4] = start_and_wait(have, &x.m, LOW, 0);
	for (uintptr_t i = 0; i < 4; i++) {
		t[i] = start(lock_and_note, (void *)i, prios[i]);
		let_others();
	}
	uk_semaphore_up(&x.go);
	let_others();
	UK_EXPECT_EQ(x.n, 4);
	for (unsigned int i = 0; i < 4; i++)
		UK_EXPECT_EQ(x.order[i], order[i]);
	end(t, 5);
}

static void wait_cv(void *arg UK_UNUSED)
{
	uk_mutex_lock(&x.m);
	uk_semaphore_up(&x.ready);
	uk_condvar_wait(&x.cv, &x.m);
	uk_mutex_unlock(&x.m);
	uk_semaphore_up(&x.done);
}

UK_TEST(inherit, who_is_told_by_a_condvar_lends_to_who_has_its_mutex)
{
	struct uk_thread *t[2];

	begin();
	t[0] = start_and_wait(wait_cv, NULL, HIGH, 0);
	t[1] = start_and_wait(have, &x.m, LOW, 0);
	UK_EXPECT_EQ(prio_of(t[1]), LOW);
	uk_condvar_signal(&x.cv);
	let_others();
	UK_EXPECT_EQ(prio_of(t[1]), HIGH);
	uk_semaphore_up(&x.go);
	uk_semaphore_down(&x.done);
	UK_EXPECT_EQ(prio_of(t[1]), LOW);
	end(t, 2);
}

static void have_twice(void *arg UK_UNUSED)
{
	struct uk_thread *const me = uk_thread_current();

	while (!uk_mutex_trylock(&x.m))
		;
	uk_mutex_lock(&x.m);
	uk_semaphore_up(&x.ready);
	uk_semaphore_down(&x.go);
	uk_mutex_unlock(&x.m);
	x.order[0] = prio_of(me);
	uk_mutex_unlock(&x.m);
	x.order[1] = prio_of(me);
}

UK_TEST(inherit, a_recursive_mutex_lends_until_its_last_unlock)
{
	struct uk_thread *t[2];

	begin();
	uk_mutex_init_config(&x.m, UK_MUTEX_CONFIG_RECURSE);
	t[0] = start_and_wait(have_twice, NULL, LOW, 0);
	t[1] = start(want, &x.m, HIGH);
	let_others();
	uk_semaphore_up(&x.go);
	end(t, 2);
	UK_EXPECT_EQ(x.order[0], HIGH);
	UK_EXPECT_EQ(x.order[1], LOW);
}

static void leave(void *arg UK_UNUSED)
{
	uk_thread_exit();
}

static bool begins_with(const char *s, const char *with)
{
	while (*with && *s == *with) {
		s++;
		with++;
	}
	return !*with;
}

UK_TEST(inherit, who_exits_with_a_mutex_that_others_wait_for_is_stopped)
{
	struct uk_thread *const me = uk_thread_current();
	struct uk_thread *t[1];

	begin();
	uk_mutex_lock(&x.m);
	t[0] = start(want, &x.m, HIGH);
	UK_EXPECT_EQ(uk_thread_set_prio(me, LOW), 0);
	UK_EXPECT_EQ(prio_of(me), HIGH);
	UK_EXPECT_CRASH(leave, NULL);
	UK_EXPECT(begins_with(uk_test_crash_cause(),
			      "assertion failed: !t->lent_prio_ at exit.c"));
	uk_mutex_unlock(&x.m);
	end(t, 1);
}

/* How many CPUs there are, 4 at most. */
static unsigned int ncpus(void)
{
	struct uk_thread *const me = uk_thread_current();
	unsigned int n = 1;

	while (n < 4 && uk_thread_set_affinity(me, ON(n)) == 0)
		n++;
	UK_EXPECT_EQ(uk_thread_set_affinity(me, ON(0)), 0);
	return n;
}

UK_TEST(inherit, a_hog_on_the_owners_cpu_does_not_keep_up_another_cpu)
{
	struct uk_thread *t[3];

	if (ncpus() < 2)
		UK_TEST_SKIP("this machine has one CPU");
	begin();
	t[0] = start_and_wait(have, &x.m, LOW, 1);
	t[1] = start_and_wait(hog, NULL, HOG, 1);
	uk_semaphore_up(&x.go);
	/* It could go on, but for the hog. */
	t[2] = start(want, &x.m, HIGH);
	uk_semaphore_down(&x.done);
	UK_EXPECT(!get(&x.gave_up));
	end(t, 3);
}

UK_TEST(inherit, a_chain_goes_through_three_cpus)
{
	struct uk_thread *t[5];

	if (ncpus() < 3)
		UK_TEST_SKIP("this machine has too few CPUs");
	begin();
	t[0] = start_and_wait(have, &x.m, LOW, 1);
	t[1] = start_and_wait(link, NULL, LINK, 2);
	while (prio_of(t[0]) != LINK)
		ukarch_spin_wait();
	t[2] = start_and_wait(hog, NULL, HOG, 1);
	t[3] = start_and_wait(hog, NULL, HOG, 2);
	uk_semaphore_up(&x.go);
	t[4] = start(want, &x.m2, HIGH);
	uk_semaphore_down(&x.done);
	UK_EXPECT(!get(&x.gave_up));
	end(t, 5);
}
