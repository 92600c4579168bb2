/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that wait for files, and who wakes them. */
#include <uk/file.h>

#include <uk/alloc.h>
#include <uk/call.h>
#include <uk/errno.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>
#include <uk/waitmask.h>

#define MS	UK_TIME_NS_PER_MS

/* A count that can be taken while it is not 0. */
struct count {
	struct uk_file file;
	uint32_t n;		/* atomic */
};

static struct count count;
static uint32_t ntaken;			/* atomic */

static uint32_t on_events(struct uk_file *file)
{
	struct count *const c = UK_CONTAINER_OF(file, struct count, file);

	return __atomic_load_n(&c->n, __ATOMIC_ACQUIRE) ? UK_FILE_IN : 0;
}

static void on_release(struct uk_file *file UK_UNUSED)
{
}

static const struct uk_file_ops ops = {
	.kind = "count", .events = on_events, .release = on_release,
};

static void begin(void)
{
	uk_file_init(&count.file, &ops, true, true);
	count.n = 0;
	ntaken = 0;
}

static void give(uint32_t n)
{
	__atomic_fetch_add(&count.n, n, __ATOMIC_RELEASE);
	uk_file_wake(&count.file, UK_FILE_IN);
}

/* Take one; returns 0 or why not. */
static int take(uint64_t deadline_ns)
{
	for (;;) {
		uint32_t n = __atomic_load_n(&count.n, __ATOMIC_RELAXED);
		int rc;

		if (n && __atomic_compare_exchange_n(&count.n, &n, n - 1,
						     false, __ATOMIC_ACQ_REL,
						     __ATOMIC_RELAXED))
			return 0;
		rc = uk_file_wait(&count.file, UK_FILE_IN, deadline_ns);
		if (rc < 0)
			return rc;
	}
}

#define EACH	2000u
#define NTAKERS	4u

static void take_all_of(void *n)
{
	for (unsigned int i = 0; i < *(unsigned int *)n; i++) {
		if (take(UK_TIME_NEVER) == 0)
			__atomic_fetch_add(&ntaken, 1, __ATOMIC_RELAXED);
	}
}

static struct uk_thread *start(uk_thread_fn1_t fn, void *arg)
{
	struct uk_thread *t = uk_thread_create_fn1(
		uk_alloc_get_default(), fn, arg, uk_alloc_get_default(), 0,
		NULL, 0, NULL, false, "watch", NULL, NULL);

	UK_EXPECT_NOT_NULL(t);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

UK_TEST(file_watch, no_wake_is_lost_between_givers_and_takers)
{
	struct uk_thread *t[NTAKERS];
	unsigned int each = EACH;

	begin();
	for (unsigned int i = 0; i < NTAKERS; i++)
		t[i] = start(take_all_of, &each);
	for (unsigned int i = 0; i < EACH * NTAKERS; i += 4) {
		give(4);
		if (i % 64 == 0)
			uk_sched_yield();
	}
	for (unsigned int i = 0; i < NTAKERS; i++)
		uk_thread_join(t[i]);
	UK_EXPECT_EQ(ntaken, EACH * NTAKERS);
	UK_EXPECT_EQ(count.n, 0);
	uk_file_put(&count.file);
}

static void wait_and_yield(void *arg)
{
	take_all_of(arg);
	uk_sched_yield();
	__atomic_fetch_add(&ntaken, 100, __ATOMIC_RELAXED);
}

UK_TEST(file_watch, who_is_to_exit_leaves_the_file_first)
{
	unsigned int one = 1;
	struct uk_thread *t;

	begin();
	t = start(wait_and_yield, &one);
	while (uk_thread_is_runnable(t))
		uk_sched_yield();
	uk_thread_terminate(t);
	for (unsigned int i = 0; i < 3; i++)
		uk_sched_yield();
	UK_EXPECT(!uk_thread_is_exited(t));
	give(1);
	uk_thread_join(t);
	UK_EXPECT_EQ(ntaken, 1);
	UK_EXPECT(!uk_file_is_watched(&count.file));
	uk_file_put(&count.file);
}

UK_TEST(file_watch, a_wait_ends_at_its_deadline)
{
	const uint64_t deadline_ns = uk_time_now() + 2 * MS;

	begin();
	UK_EXPECT_EQ(take(deadline_ns), -ETIMEDOUT);
	UK_EXPECT_GE(uk_time_now(), deadline_ns);
	/* One that is over does not keep from taking what is there. */
	give(1);
	UK_EXPECT_EQ(take(deadline_ns), 0);
	UK_EXPECT_EQ(take(deadline_ns), -ETIMEDOUT);
	uk_file_put(&count.file);
}

static int waited;

static void wait_for_one(void *arg UK_UNUSED)
{
	waited = take(UK_TIME_NEVER);
}

UK_TEST(file_watch, a_thread_that_is_asked_for_ends_its_wait)
{
	struct uk_thread *t;

	begin();
	waited = 1;
	t = start(wait_for_one, NULL);
	uk_sched_thread_sleep(MS);
	UK_EXPECT_EQ(waited, 1);
	uk_call_ask(&t->cur, UK_CALL_SIGNAL);
	uk_thread_wake(t);
	uk_thread_join(t);
	UK_EXPECT_EQ(waited, -EINTR);
	uk_file_put(&count.file);
}

struct note {
	struct uk_file_watch watch;
	unsigned int ncalls;
	uint32_t events;
	bool is_busy;
	unsigned int ngone;
};

static bool on_note(struct uk_file_watch *watch, uint32_t events)
{
	struct note *const n = UK_CONTAINER_OF(watch, struct note, watch);

	n->ncalls++;
	n->events |= events;
	return !n->is_busy;
}

UK_TEST(file_watch, a_watch_is_told_of_its_events_errors_and_hangups)
{
	struct note in = { .watch = { .mask = UK_FILE_IN, .fn = on_note } };
	struct note out = { .watch = { .mask = UK_FILE_OUT, .fn = on_note } };

	begin();
	uk_file_watch(&count.file, &in.watch);
	uk_file_watch(&count.file, &out.watch);
	uk_file_wake(&count.file, UK_FILE_IN);
	UK_EXPECT_EQ(in.ncalls, 1);
	UK_EXPECT_EQ(out.ncalls, 0);
	uk_file_wake(&count.file, UK_FILE_HUP);
	UK_EXPECT_EQ(in.ncalls, 2);
	UK_EXPECT_EQ(in.events, UK_FILE_IN | UK_FILE_HUP);
	UK_EXPECT_EQ(out.events, UK_FILE_HUP);
	uk_file_unwatch(&in.watch);
	uk_file_wake(&count.file, UK_FILE_ERR);
	UK_EXPECT_EQ(in.ncalls, 2);
	UK_EXPECT_EQ(out.ncalls, 2);
	uk_file_unwatch(&out.watch);
	uk_file_put(&count.file);
}

UK_TEST(file_watch, of_exclusive_watches_one_is_told_and_they_take_turns)
{
	struct note n[4] = { 0 };

	begin();
	for (unsigned int i = 0; i < 4; i++) {
		n[i].watch.mask = UK_FILE_IN;
		n[i].watch.fn = on_note;
		n[i].watch.exclusive = i > 0;
		uk_file_watch(&count.file, &n[i].watch);
	}
	for (unsigned int i = 0; i < 6; i++)
		uk_file_wake(&count.file, UK_FILE_IN);
	UK_EXPECT_EQ(n[0].ncalls, 6);
	for (unsigned int i = 1; i < 4; i++)
		UK_EXPECT_EQ(n[i].ncalls, 2);
	/* Who is busy passes it on. */
	n[1].is_busy = true;
	uk_file_wake(&count.file, UK_FILE_IN);
	UK_EXPECT_EQ(n[1].ncalls, 3);
	UK_EXPECT_EQ(n[2].ncalls, 3);
	UK_EXPECT_EQ(n[3].ncalls, 2);
	/* The end is everybody's. */
	uk_file_wake(&count.file, UK_FILE_HUP);
	UK_EXPECT_EQ(n[1].ncalls, 4);
	UK_EXPECT_EQ(n[2].ncalls, 4);
	UK_EXPECT_EQ(n[3].ncalls, 3);
	for (unsigned int i = 0; i < 4; i++)
		uk_file_unwatch(&n[i].watch);
	uk_file_put(&count.file);
}

UK_TEST(file_watch, who_waits_alone_is_woken_after_others_came_and_went)
{
	unsigned int one = 1;
	struct uk_thread *t[2] = { NULL, NULL };
	struct note n = {
		.watch = { .mask = UK_FILE_IN, .fn = on_note },
	};

	begin();
	/* Alone, then one of two, then one of two of one kind. */
	for (unsigned int round = 0; round < 3; round++) {
		t[0] = start(take_all_of, &one);
		while (uk_thread_is_runnable(t[0]))
			uk_sched_yield();
		if (round == 1) {
			uk_file_watch(&count.file, &n.watch);
			uk_file_unwatch(&n.watch);
		}
		if (round == 2) {
			t[1] = start(take_all_of, &one);
			while (uk_thread_is_runnable(t[1]))
				uk_sched_yield();
			give(1);
			while (ntaken == round)
				uk_sched_yield();
		}
		give(1);
		uk_thread_join(t[0]);
	}
	uk_thread_join(t[1]);
	UK_EXPECT_EQ(ntaken, 4);
	UK_EXPECT_EQ(n.ncalls, 0);
	UK_EXPECT(!uk_file_is_watched(&count.file));
	uk_file_put(&count.file);
}

UK_TEST(file_watch, a_watch_beside_a_thread_that_waits_is_told_with_it)
{
	unsigned int one = 1;
	struct uk_thread *t;
	struct note n = {
		.watch = { .mask = UK_FILE_IN, .fn = on_note },
	};

	begin();
	t = start(take_all_of, &one);
	while (uk_thread_is_runnable(t))
		uk_sched_yield();
	/* Not what it waits for, alone and beside another. */
	uk_file_wake(&count.file, UK_FILE_OUT);
	UK_EXPECT(!uk_thread_is_runnable(t));
	uk_file_watch(&count.file, &n.watch);
	uk_file_wake(&count.file, UK_FILE_OUT);
	UK_EXPECT(!uk_thread_is_runnable(t));
	give(1);
	uk_thread_join(t);
	UK_EXPECT_EQ(n.ncalls, 1);
	uk_file_unwatch(&n.watch);
	UK_EXPECT(!uk_file_is_watched(&count.file));
	uk_file_put(&count.file);
}

static void on_gone(struct uk_file_watch *watch)
{
	UK_CONTAINER_OF(watch, struct note, watch)->ngone++;
}

UK_TEST(file_watch, a_watch_without_a_reference_hears_of_the_files_end)
{
	struct note n[3] = { 0 };

	begin();
	for (unsigned int i = 0; i < 3; i++) {
		n[i].watch.fn = on_note;
		n[i].watch.gone = on_gone;
		uk_file_watch(&count.file, &n[i].watch);
	}
	uk_file_get(&count.file);
	uk_file_put(&count.file);
	uk_file_unwatch_weak(&n[1].watch);
	UK_EXPECT_EQ(n[0].ngone, 0);
	uk_file_put(&count.file);
	UK_EXPECT_EQ(n[0].ngone, 1);
	UK_EXPECT_EQ(n[1].ngone, 0);
	UK_EXPECT_EQ(n[2].ngone, 1);
	/* Where the file was is not looked at any more. */
	count.file.watches.next = NULL;
	uk_file_unwatch_weak(&n[0].watch);
	uk_file_unwatch_weak(&n[2].watch);
	UK_EXPECT_EQ(n[0].ngone + n[0].ncalls, 1);
}

static unsigned int nswapped, nrestored, ninterrupted;
static uint64_t mask_then;

static void swap(uint64_t mask)
{
	mask_then = mask;
	nswapped++;
}

static void restore(bool interrupted)
{
	nrestored++;
	ninterrupted += interrupted;
}

UK_TEST(file_watch, a_mask_of_signals_goes_to_who_has_signals)
{
	static const struct uk_waitmask_ops mine = { swap, restore };
	const struct uk_waitmask_ops *const was = uk_waitmask_register(NULL);
	const uint64_t mask = 0x123;

	UK_EXPECT_EQ(uk_waitmask_begin(NULL, 99), 0);
	uk_waitmask_end(NULL, 0);
	UK_EXPECT_EQ(uk_waitmask_begin(&mask, 4), -EINVAL);
	UK_EXPECT_EQ(uk_waitmask_begin((void *)16, 8), -EFAULT);
	UK_EXPECT_EQ(uk_waitmask_begin(&mask, 8), -ENOSYS);
	UK_EXPECT_NULL(uk_waitmask_register(&mine));
	UK_EXPECT_EQ(uk_waitmask_begin(&mask, 8), 0);
	UK_EXPECT_EQ(mask_then, 0x123);
	uk_waitmask_end(&mask, 5);
	UK_EXPECT_EQ(uk_waitmask_begin(&mask, 8), 0);
	uk_waitmask_end(&mask, -EINTR);
	UK_EXPECT_EQ(nswapped, 2);
	UK_EXPECT_EQ(nrestored, 2);
	UK_EXPECT_EQ(ninterrupted, 1);
	UK_EXPECT(uk_waitmask_register(was) == &mine);
}
