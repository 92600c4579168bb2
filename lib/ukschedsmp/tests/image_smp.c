/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads on several CPUs; skipped where there is one. The case itself is on
 * the boot CPU, as all cases are.
 */
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/event.h>
#include <uk/init.h>
#include <uk/lcpu.h>
#include <uk/preempt.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>

#define STACK		8192
#define MAX		8u
#define MS		UK_TIME_NS_PER_MS
#define ABOVE		(UK_THREAD_PRIO_DEFAULT + 1)
#define BELOW		(UK_THREAD_PRIO_DEFAULT - 1)
#define ON(cpu)		(UINT64_C(1) << (cpu))
#define ANY		UK_THREAD_CPU_ANY

static struct {
	unsigned int n;		/* atomic, relaxed */
	bool stop;		/* atomic, relaxed */
	uint64_t cpus;		/* atomic, relaxed: those that were seen */
	bool wrong;		/* written by those who find it so */
} x;

/* That take part; the boot CPU is one of them. */
static unsigned int ncpus(void)
{
	return uk_lcpu_nup() < MAX ? uk_lcpu_nup() : MAX;
}

#define NEED(count)							\
	do {								\
		if (ncpus() < (count))					\
			UK_TEST_SKIP("this machine has too few CPUs");	\
		x = (__typeof__(x)){ .n = 0 };				\
	} while (0)

static unsigned int here(void)
{
	unsigned int idx;

	uk_preempt_disable();
	idx = uk_lcpu_idx();
	uk_preempt_enable();
	return idx;
}

static unsigned int count(void)
{
	return __atomic_load_n(&x.n, __ATOMIC_RELAXED);
}

static unsigned int step(void)
{
	return __atomic_add_fetch(&x.n, 1, __ATOMIC_RELAXED);
}

static bool stopped(void)
{
	return __atomic_load_n(&x.stop, __ATOMIC_RELAXED);
}

static void stop(void)
{
	__atomic_store_n(&x.stop, true, __ATOMIC_RELAXED);
}

static bool is_count(unsigned int n)
{
	const uint64_t end = uk_time_now() + 2000 * MS;

	while (count() != n)
		if (uk_time_now() > end)
			return false;
	return true;
}

static bool is_above(unsigned int n)
{
	const uint64_t end = uk_time_now() + 2000 * MS;

	while (count() <= n)
		if (uk_time_now() > end)
			return false;
	return true;
}

static struct uk_thread *start(uk_thread_fn1_t fn, unsigned long arg,
			       unsigned int prio, uint64_t cpus)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, (void *)arg, a, STACK, NULL, 0, NULL, false, "one",
		NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_thread_set_prio(t, prio), 0);
	UK_EXPECT_EQ(uk_thread_set_affinity(t, cpus), 0);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

static void join(struct uk_thread **t, unsigned int n)
{
	stop();
	for (unsigned int i = 0; i < n; i++)
		uk_thread_join(t[i]);
}

/* Keeps its CPU until the end, and says that it has one. */
static void occupy(void *arg UK_UNUSED)
{
	(void)__atomic_fetch_or(&x.cpus, ON(here()), __ATOMIC_RELAXED);
	(void)step();
	while (!stopped())
		;
}

/*
 * The CPUs are held up on their way to their first thread until the image is
 * about to begin, which is when it is looked whether they take threads.
 */
static struct {
	bool done;		/* atomic, relaxed */
	struct uk_thread *thread;
	unsigned int taken;	/* CPUs that it was sent to, by index */
} begin;

static enum uk_event_result hold_up(void *data UK_UNUSED)
{
	const uint64_t end = uk_time_now() + 5000 * MS;

	while (!__atomic_load_n(&begin.done, __ATOMIC_RELAXED) &&
	       uk_time_now() < end)
		ukarch_spin_wait();
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER_PRIO(uk_lcpu_up, hold_up, 0);

static void do_nothing(void *arg UK_UNUSED)
{
}

/* A thread that waits for this CPU is sent to each one. */
static int look_at_begin(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, do_nothing, NULL, a, STACK, NULL, 0, NULL, false,
		"at the beginning", NULL, NULL);

	if (!t || uk_thread_set_prio(t, BELOW) < 0 ||
	    uk_thread_set_affinity(t, ON(0)) < 0 ||
	    uk_sched_thread_add(uk_sched_current(), t) < 0)
		return -ENOMEM;
	while (begin.taken < ncpus() &&
	       uk_thread_set_affinity(t, ON(begin.taken)) == 0)
		begin.taken++;
	__atomic_store_n(&begin.done, true, __ATOMIC_RELAXED);
	begin.thread = t;
	return 0;
}

UK_INIT(LATE, look_at_begin, NULL);

UK_TEST(smp, every_cpu_takes_threads_when_the_image_begins)
{
	NEED(2);
	UK_EXPECT_EQ(begin.taken, ncpus());
	if (begin.thread)
		uk_thread_join(begin.thread);
	begin.thread = NULL;
}

UK_TEST(smp, as_many_threads_as_cpus_run_at_once)
{
	struct uk_thread *t[MAX];
	const unsigned int n = ncpus() - 1;

	NEED(2);
	for (unsigned int i = 0; i < n; i++)
		t[i] = start(occupy, 0, UK_THREAD_PRIO_DEFAULT, ANY);
	/* This CPU is not let go, so they are on others, each on its own. */
	UK_EXPECT(is_count(n));
	UK_EXPECT_EQ(__builtin_popcountll(x.cpus), n);
	UK_EXPECT_EQ(x.cpus & 1, 0);
	join(t, n);
}

static void check_place(void *arg)
{
	x.wrong |= here() != (unsigned long)arg;
	(void)step();
}

UK_TEST(smp, a_thread_begins_on_the_cpu_it_is_bound_to)
{
	struct uk_thread *t[MAX];

	NEED(2);
	for (unsigned int i = 0; i < ncpus(); i++)
		t[i] = start(check_place, i, UK_THREAD_PRIO_DEFAULT, ON(i));
	join(t, ncpus());
	UK_EXPECT_EQ(count(), ncpus());
	UK_EXPECT(!x.wrong);
}

UK_TEST(smp, a_thread_may_run_where_its_creator_may)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const me = uk_thread_current();
	const uint64_t mine = me->cpus_;
	struct uk_thread *t;

	NEED(2);
	UK_EXPECT_EQ(uk_thread_set_affinity(me, ON(0)), 0);
	t = uk_thread_create_fn1(a, check_place, NULL, a, STACK, NULL, 0, NULL,
				 false, "heir", NULL, NULL);
	if (UK_EXPECT_NOT_NULL(t)) {
		uk_preempt_disable();
		UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
		/* Others have nothing to do, and must not take it. */
		for (unsigned int i = 0; i < 1000; i++)
			ukarch_spin_wait();
		UK_EXPECT_EQ(count(), 0);
		uk_preempt_enable();
		uk_thread_join(t);
	}
	UK_EXPECT_EQ(count(), 1);
	UK_EXPECT(!x.wrong);
	UK_EXPECT_EQ(uk_thread_set_affinity(me, mine), 0);
}

static void wander(void *arg UK_UNUSED)
{
	struct uk_thread *const me = uk_thread_current();

	for (unsigned int i = 0; i < 20 * ncpus(); i++) {
		const unsigned int cpu = i * 3 % ncpus();

		x.wrong |= uk_thread_set_affinity(me, ON(cpu)) != 0;
		x.wrong |= here() != cpu;
	}
	(void)step();
}

UK_TEST(smp, a_thread_goes_where_it_binds_itself_to_at_once)
{
	struct uk_thread *t[2];

	NEED(2);
	for (unsigned int i = 0; i < 2; i++)
		t[i] = start(wander, 0, UK_THREAD_PRIO_DEFAULT, ANY);
	join(t, 2);
	UK_EXPECT_EQ(count(), 2);
	UK_EXPECT(!x.wrong);
}

static void note_places(void *arg UK_UNUSED)
{
	(void)step();
	while (!stopped())
		__atomic_store_n(&x.cpus, ON(here()), __ATOMIC_RELAXED);
}

static bool is_on(unsigned int cpu)
{
	const uint64_t end = uk_time_now() + 2000 * MS;

	while (__atomic_load_n(&x.cpus, __ATOMIC_RELAXED) != ON(cpu))
		if (uk_time_now() > end)
			return false;
	return true;
}

UK_TEST(smp, a_running_thread_is_sent_to_another_cpu)
{
	struct uk_thread *t;

	NEED(3);
	t = start(note_places, 0, UK_THREAD_PRIO_DEFAULT, ON(1));
	UK_EXPECT(is_count(1));
	for (unsigned int i = 0; i < 10; i++) {
		const unsigned int cpu = 1 + i % (ncpus() - 1);

		UK_EXPECT_EQ(uk_thread_set_affinity(t, ON(cpu)), 0);
		if (!UK_EXPECT(is_on(cpu)))
			break;
	}
	join(&t, 1);
}

UK_TEST(smp, who_waits_for_a_busy_cpu_may_be_let_run_on_idle_ones)
{
	struct uk_thread *t[MAX + 1];
	const unsigned int n = ncpus();

	NEED(2);
	/* All of them wait for this CPU, which is not let go. */
	uk_preempt_disable();
	for (unsigned int i = 0; i < n - 1; i++)
		t[i] = start(occupy, 0, UK_THREAD_PRIO_DEFAULT, ON(0));
	uk_preempt_enable();
	UK_EXPECT_EQ(count(), 0);
	for (unsigned int i = 0; i < n - 1; i++)
		UK_EXPECT_EQ(uk_thread_set_affinity(t[i], ANY), 0);
	UK_EXPECT(is_count(n - 1));
	join(t, n - 1);
}

UK_TEST(smp, a_cpu_that_becomes_free_takes_who_waits_for_another)
{
	struct uk_thread *t[MAX], *last;
	const unsigned int n = ncpus() - 1;

	NEED(2);
	for (unsigned int i = 0; i < n; i++)
		t[i] = start(occupy, 0, ABOVE, ON(i + 1));
	UK_EXPECT(is_count(n));
	/* It waits for this CPU, which is the least urgent and not let go. */
	last = start(occupy, 0, BELOW, ANY);
	UK_EXPECT_EQ(count(), n);
	UK_EXPECT_EQ(uk_thread_set_prio(t[0], BELOW - 1), 0);
	UK_EXPECT_EQ(uk_thread_set_affinity(t[0], ON(0)), 0);
	UK_EXPECT(is_count(n + 1));
	join(t, n);
	uk_thread_join(last);
}

UK_TEST(smp, a_more_urgent_thread_takes_the_cpu_of_the_least_urgent)
{
	struct uk_thread *t[MAX], *urgent;
	const unsigned int n = ncpus() - 1;

	NEED(3);
	for (unsigned int i = 0; i < n; i++)
		t[i] = start(occupy, 0, i == 1 ? BELOW : ABOVE, ON(i + 1));
	UK_EXPECT(is_count(n));
	x.cpus = 0;
	urgent = start(occupy, 0, UK_THREAD_PRIO_DEFAULT, ANY & ~ON(0));
	UK_EXPECT(is_count(n + 1));
	UK_EXPECT_EQ(x.cpus, ON(2));
	join(t, n);
	uk_thread_join(urgent);
}

static void nothing(void *arg UK_UNUSED)
{
	(void)step();
}

static void make_threads(void *arg UK_UNUSED)
{
	for (unsigned int i = 0; i < 12; i++) {
		struct uk_thread *t[4];

		for (unsigned int j = 0; j < 4; j++)
			t[j] = start(nothing, 0, UK_THREAD_PRIO_DEFAULT, ANY);
		for (unsigned int j = 0; j < 4; j++)
			uk_thread_join(t[j]);
	}
}

UK_TEST(smp, threads_are_made_and_joined_by_several_at_once)
{
	struct uk_thread *t[3];

	NEED(2);
	for (unsigned int i = 0; i < 3; i++)
		t[i] = start(make_threads, 0, UK_THREAD_PRIO_DEFAULT, ANY);
	join(t, 3);
	UK_EXPECT_EQ(count(), 3 * 48);
}

/* More than it takes for each CPU to be looked at once. */
#define NMANY	(8u * (MAX + 1))

UK_TEST(smp, of_many_who_wait_for_a_busy_cpu_some_go_to_another)
{
	struct uk_thread *t[MAX], *many[NMANY];
	const unsigned int n = ncpus() - 1;

	NEED(2);
	for (unsigned int i = 0; i < n; i++)
		t[i] = start(occupy, 0, UK_THREAD_PRIO_DEFAULT, ON(i + 1));
	UK_EXPECT(is_count(n));
	/* Nobody is idle, and nobody leaves this CPU while it is kept. */
	uk_preempt_disable();
	for (unsigned int i = 0; i < NMANY; i++)
		many[i] = start(nothing, 0, UK_THREAD_PRIO_DEFAULT, ANY);
	UK_EXPECT(is_above(n));
	uk_preempt_enable();
	join(t, n);
	for (unsigned int i = 0; i < NMANY; i++)
		uk_thread_join(many[i]);
	UK_EXPECT_EQ(count(), n + NMANY);
}
