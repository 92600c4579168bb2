/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whose lock a more urgent thread wants runs at that thread's priority. The
 * case is the most urgent of all, on one CPU with the others.
 */
#include <uk/abi/time.h>
#include <uk/alloc.h>

#include "pi_fixture.h"

#define LOW	4u
#define MID	8u
#define HOG	10u
#define HIGH	20u
#define CASE	30u

static bool stop, hogged;	/* atomic */

static unsigned int prio_of(const struct uk_thread *t)
{
	return __atomic_load_n(&t->prio, __ATOMIC_RELAXED);
}

static void be(unsigned int prio)
{
	UK_EXPECT_EQ(uk_thread_set_prio(uk_thread_current(), prio), 0);
}

static void begin_case(void)
{
	stop = hogged = false;
	be(CASE);
}

static void end_case(void)
{
	be(UK_THREAD_PRIO_DEFAULT);
}

static struct uk_thread *start(uk_thread_fn1_t fn, void *arg,
			       unsigned int prio)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, arg, a, 0, NULL, 0, NULL, false, "heir", NULL, NULL);

	UK_EXPECT_NOT_NULL(t);
	UK_EXPECT_EQ(uk_thread_set_prio(t, prio), 0);
	UK_EXPECT_EQ(uk_thread_set_affinity(t, 1), 0);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

/* Have the others come as far as they can. */
static void let_others(void)
{
	be(0);
	be(CASE);
}

static void begin_at(struct wanter *x, unsigned int prio, uint32_t *word,
		     uint32_t *cond)
{
	*x = (struct wanter){ .word = word, .cond = cond };
	x->thread = start(want, x, prio);
	let_others();
}

/* So that a failure is one, and not the end of the run. */
static void hog(void *arg UK_UNUSED)
{
	const uint64_t end_ns = uk_time_now() + 5 * UK_TIME_NS_PER_SEC;

	set(&hogged);
	while (!is_set(&stop) && uk_time_now() < end_ns)
		;
}

static void need(void *arg)
{
	uint32_t *const word = arg;

	UK_EXPECT_EQ(take(word, my_tid()), 0);
	UK_EXPECT(!is_set(&hogged));
	set(&stop);
	UK_EXPECT_EQ(drop(word, my_tid()), 0);
}

UK_TEST(futex_pi_prio, a_hog_does_not_keep_an_urgent_thread_from_a_lock)
{
	struct uk_thread *t[2];
	struct wanter owner;
	uint32_t word = 0;

	begin_case();
	begin_at(&owner, LOW, &word, NULL);
	UK_EXPECT_EQ(word, owner.tid);
	t[0] = start(need, &word, HIGH);
	t[1] = start(hog, NULL, HOG);
	UK_EXPECT_EQ(end(&owner), 0);
	for (int i = 0; i < 2; i++)
		uk_thread_join(t[i]);
	UK_EXPECT_EQ(word, 0);
	end_case();
}

UK_TEST(futex_pi_prio, owners_inherit_along_a_chain_and_give_it_back)
{
	uint32_t a = 0, b = 0;
	struct wanter x, y, z;

	begin_case();
	begin_at(&x, LOW, &a, NULL);
	UK_EXPECT_EQ(a, x.tid);
	begin_at(&y, MID, &a, NULL);
	UK_EXPECT_EQ(prio_of(x.thread), MID);
	b = y.tid;
	begin_at(&z, HIGH, &b, NULL);
	UK_EXPECT_EQ(prio_of(y.thread), HIGH);
	UK_EXPECT_EQ(prio_of(x.thread), HIGH);
	/* Its own changes. */
	UK_EXPECT_EQ(uk_thread_set_prio(z.thread, HIGH + 1), 0);
	UK_EXPECT_EQ(prio_of(x.thread), HIGH + 1);
	UK_EXPECT_EQ(uk_thread_set_prio(z.thread, HIGH), 0);
	UK_EXPECT_EQ(prio_of(x.thread), HIGH);
	let_go(&x);
	let_others();
	UK_EXPECT(is_set(&y.got));
	uk_thread_join(x.thread);
	UK_EXPECT_EQ(prio_of(y.thread), HIGH);
	/* The case frees b for y, that has never heard of it. */
	UK_EXPECT(!is_set(&z.got));
	y.word = &b;
	UK_EXPECT_EQ(end(&y), 0);
	UK_EXPECT_EQ(end(&z), 0);
	UK_EXPECT_EQ(b, 0);
	end_case();
}

UK_TEST(futex_pi_prio, the_most_urgent_gets_it_first_and_equals_in_order)
{
	static const unsigned int prios[] = { MID, HIGH, HOG, HIGH };
	static const unsigned int order[] = { 1, 3, 2, 0 };
	struct wanter x[4], owner;
	uint32_t word = 0;

	begin_case();
	begin_at(&owner, LOW, &word, NULL);
	for (int i = 0; i < 4; i++)
		begin_at(&x[i], prios[i], &word, NULL);
	UK_EXPECT_EQ(end(&owner), 0);
	for (int i = 0; i < 4; i++) {
		UK_EXPECT_EQ(get(&word) & UK_ABI_FUTEX_TID_MASK,
			     x[order[i]].tid);
		UK_EXPECT_EQ(end(&x[order[i]]), 0);
	}
	end_case();
}

struct late {
	uint32_t *word;
	long rc;
};

static void lock_a_little(void *arg)
{
	struct late *const l = arg;
	const uint64_t ns = uk_time_now() + 2 * UK_TIME_NS_PER_MS;
	const struct uk_abi_timespec ts = {
		(long)(ns / UK_TIME_NS_PER_SEC),
		(long)(ns % UK_TIME_NS_PER_SEC),
	};

	l->rc = futex(l->word, LOCK2, 0, (long)&ts, NULL, 0);
}

UK_TEST(futex_pi_prio, a_time_out_takes_back_what_it_lent)
{
	uint32_t word = 0;
	struct late l = { .word = &word };
	struct uk_thread *t;
	struct wanter x, y;

	begin_case();
	begin_at(&x, LOW, &word, NULL);
	begin_at(&y, MID, &word, NULL);
	t = start(lock_a_little, &l, HIGH);
	let_others();
	UK_EXPECT_EQ(prio_of(x.thread), HIGH);
	uk_thread_join(t);
	UK_EXPECT_EQ(l.rc, -ETIMEDOUT);
	UK_EXPECT_EQ(prio_of(x.thread), MID);
	UK_EXPECT_EQ(end(&x), 0);
	UK_EXPECT_EQ(end(&y), 0);
	end_case();
}

UK_TEST(futex_pi_prio, who_is_moved_to_a_lock_lends_to_its_owner)
{
	uint32_t cond = 0, word = 0;
	struct wanter x, y;

	begin_case();
	begin_at(&x, LOW, &word, NULL);
	begin_at(&y, HIGH, &word, &cond);
	UK_EXPECT_EQ(prio_of(x.thread), LOW);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, 0, &word, 0), 1);
	UK_EXPECT_EQ(prio_of(x.thread), HIGH);
	let_go(&x);
	let_others();
	UK_EXPECT(is_set(&y.got));
	uk_thread_join(x.thread);
	UK_EXPECT_EQ(end(&y), 0);
	end_case();
}

UK_TEST(futex_pi_prio, an_owner_that_exits_lends_no_more_and_the_next_inherits)
{
	uint32_t word = 0;
	struct wanter x, y, z;

	begin_case();
	begin_at(&x, LOW, &word, NULL);
	begin_at(&y, HIGH, &word, NULL);
	begin_at(&z, MID, &word, NULL);
	UK_EXPECT_EQ(prio_of(x.thread), HIGH);
	x.exits = true;
	UK_EXPECT_EQ(end(&x), 0);
	let_others();
	UK_EXPECT_EQ(get(&word), y.tid | WAITERS | DIED);
	UK_EXPECT_EQ(uk_thread_set_prio(y.thread, LOW), 0);
	UK_EXPECT_EQ(prio_of(y.thread), MID);
	UK_EXPECT_EQ(end(&y), 0);
	UK_EXPECT_EQ(end(&z), 0);
	end_case();
}
