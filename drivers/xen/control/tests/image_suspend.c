/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A domain that is suspended, saved, restored, copied: what it had goes on.
 * support/tests/suites/xl.py does that to it, and writes to node data/date what
 * the date is then; data/turn says how often that was.
 */
#include <stdbool.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/print.h>
#include <uk/sched.h>
#include <uk/string.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>
#include <uk/xen.h>
#include <uk/xen_suspend.h>
#include <uk/xenstore.h>

#define MS		UK_TIME_NS_PER_MS
#define SEC		UK_TIME_NS_PER_SEC
#define PATIENCE_NS	(600 * SEC)
#define TURN		"data/turn"
#define DATE		"data/date"

/* Saved and restored twice; a copy, and a save that failed. */
#define NMOVES		2u
#define NSTAYS		2u

#define MAX		8u
#define STACK		16384u

/*
 * How far the two dates may be apart on a host that is busy, and how long it is
 * from the stop to the end of the thaw: less than the domain is saved for.
 */
#define DATE_NS		(12 * SEC)

static struct {
	unsigned int moves, stays;	/* atomic */
	uint64_t stopped_ns;		/* when it was stopped last */
	uint64_t went_on_ns;
	bool same;			/* the last one */
	bool over;			/* atomic */
	unsigned int beats[MAX];	/* atomic: of a thread on each CPU */
	unsigned int back;		/* atomic: times that time went back */
	uint64_t last_ns[MAX];
} st;

static void stop(void)
{
	st.stopped_ns = uk_time_now();
}

static void thaw(bool same)
{
	st.went_on_ns = uk_time_now();
	st.same = same;
	__atomic_fetch_add(same ? &st.stays : &st.moves, 1, __ATOMIC_RELEASE);
}

static struct uk_xen_suspend part = { .stop = stop, .thaw = thaw };

static int part_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	if (uk_xen_is_here())
		uk_xen_suspend_register(&part);
	return 0;
}

UK_INIT(DEV, part_init, NULL);

static unsigned int get(const unsigned int *n)
{
	return __atomic_load_n(n, __ATOMIC_ACQUIRE);
}

/* Sleeps that end, on a CPU, and time there. */
static void beat(void *arg)
{
	const unsigned int cpu = (unsigned int)(uintptr_t)arg;
	uint64_t now_ns;

	while (!__atomic_load_n(&st.over, __ATOMIC_ACQUIRE)) {
		uk_sched_thread_sleep(10 * MS);
		now_ns = uk_time_now();
		if (now_ns < st.last_ns[cpu])
			__atomic_fetch_add(&st.back, 1, __ATOMIC_RELAXED);
		st.last_ns[cpu] = now_ns;
		__atomic_fetch_add(&st.beats[cpu], 1, __ATOMIC_RELEASE);
	}
}

static uint64_t only(unsigned int cpu)
{
	return UINT64_C(1) << cpu;
}

static struct uk_thread *begin_on(unsigned int cpu, unsigned int ncpus)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, beat, (void *)(uintptr_t)cpu, a, STACK, NULL, 0, NULL,
		false, "beat", NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	if (ncpus > 1)
		UK_EXPECT_EQ(uk_thread_set_affinity(t, only(cpu)), 0);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

/* How many run threads: this one goes there, and comes back. */
static unsigned int count_cpus(void)
{
	struct uk_thread *const self = uk_thread_current();
	unsigned int n = 1;

	while (n < MAX && uk_thread_set_affinity(self, only(n)) == 0)
		n++;
	if (n > 1)
		UK_EXPECT_EQ(uk_thread_set_affinity(self, only(0)), 0);
	return n;
}

/* Each of the @n CPUs goes on. */
static bool all_beat(unsigned int n)
{
	const uint64_t end_ns = uk_time_now() + 30 * SEC;
	unsigned int was[MAX];
	bool all = false;

	for (unsigned int i = 0; i < n; i++)
		was[i] = get(&st.beats[i]);
	while (!all && uk_time_now() < end_ns) {
		uk_sched_thread_sleep(10 * MS);
		all = true;
		for (unsigned int i = 0; i < n; i++)
			all &= get(&st.beats[i]) >= was[i] + 2;
	}
	return all;
}

static void say_turn(unsigned int turn)
{
	const char text[2] = { (char)('0' + turn), '\0' };

	UK_EXPECT_EQ(uk_xenstore_write(UK_XENSTORE_NO_TX, TURN, text), 0);
	uk_pr_warn("suspend: turn %u, moved %u, stayed %u", turn,
		   get(&st.moves), get(&st.stays));
}

/* Another turn has come; by the date that the other domain writes then. */
static bool wait_for(unsigned int turn)
{
	const uint64_t end_ns = uk_time_now() + PATIENCE_NS;

	while (get(&st.moves) + get(&st.stays) < turn) {
		if (uk_time_now() > end_ns)
			return false;
		uk_sched_thread_sleep(50 * MS);
	}
	return true;
}

static uint64_t date_of_other(void)
{
	const uint64_t end_ns = uk_time_now() + 120 * SEC;
	char text[24];
	uint64_t sec;
	int len;

	while (uk_time_now() < end_ns) {
		len = uk_xenstore_read(UK_XENSTORE_NO_TX, DATE, text,
				       sizeof(text));
		if (len > 0 && uk_strtou64(text, (size_t)len, 10, &sec) == 0)
			return sec * SEC;
		uk_sched_thread_sleep(50 * MS);
	}
	return 0;
}

static unsigned int fired;

static void on_change(struct uk_xenstore_watch *watch UK_UNUSED)
{
	__atomic_fetch_add(&fired, 1, __ATOMIC_RELEASE);
}

static void expect_all(unsigned int ncpus)
{
	uint64_t date_ns, wall_ns;

	UK_EXPECT_GE(st.went_on_ns, st.stopped_ns);
	if (!st.same)
		UK_EXPECT_LT(st.went_on_ns - st.stopped_ns, DATE_NS);
	UK_EXPECT(all_beat(ncpus));
	UK_EXPECT_EQ(get(&st.back), 0);
	/* A node that nobody writes but the other one, at this moment. */
	date_ns = date_of_other();
	wall_ns = uk_time_wall();
	UK_EXPECT_GT(wall_ns + DATE_NS, date_ns);
	UK_EXPECT_LT(wall_ns, date_ns + DATE_NS);
	UK_EXPECT_EQ(uk_xenstore_remove(UK_XENSTORE_NO_TX, DATE), 0);
}

/* The control thread polls, too: whoever of them calls it. */
static bool watch_fires(void)
{
	const uint64_t end_ns = uk_time_now() + 30 * SEC;
	const unsigned int was = get(&fired);

	UK_EXPECT_EQ(uk_xenstore_write(UK_XENSTORE_NO_TX, "data/watched",
				       "again"), 0);
	while (get(&fired) == was && uk_time_now() < end_ns) {
		(void)uk_xenstore_poll();
		uk_sched_thread_sleep(10 * MS);
	}
	return get(&fired) > was;
}

static void take_turns(unsigned int ncpus)
{
	for (unsigned int turn = 1; turn <= NMOVES + NSTAYS; turn++) {
		say_turn(turn - 1);
		if (!UK_EXPECT(wait_for(turn)))
			return;
		expect_all(ncpus);
		UK_EXPECT(watch_fires());
	}
	UK_EXPECT_EQ(get(&st.moves), NMOVES);
	UK_EXPECT_EQ(get(&st.stays), NSTAYS);
	say_turn(NMOVES + NSTAYS);
}

UK_TEST(on_demand, xen_suspend_is_survived_by_all_that_the_domain_has)
{
	static struct uk_xenstore_watch watch = {
		.path = "data/watched",
		.fn = on_change,
	};
	struct uk_thread *threads[MAX];
	const unsigned int ncpus = count_cpus();
	unsigned int n = 0;

	(void)uk_time_wall();
	UK_EXPECT_EQ(uk_xenstore_write(UK_XENSTORE_NO_TX, "data/watched", "-"),
		     0);
	UK_EXPECT_EQ(uk_xenstore_watch(&watch), 0);
	while (n < ncpus && (threads[n] = begin_on(n, ncpus)) != NULL)
		n++;
	uk_pr_warn("suspend: %u CPUs", n);
	if (UK_EXPECT_EQ(n, ncpus) && UK_EXPECT(all_beat(n)))
		take_turns(n);
	__atomic_store_n(&st.over, true, __ATOMIC_RELEASE);
	while (n > 0)
		uk_thread_join(threads[--n]);
	UK_EXPECT_EQ(uk_xenstore_unwatch(&watch), 0);
}
