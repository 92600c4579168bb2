/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads are made, run, end, and leave nothing behind. */
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/arch/ctx.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/sched.h>
#include <uk/sched_impl.h>
#include <uk/string.h>
#include <uk/test.h>
#include <uk/thread.h>

#define STACK	8192

static struct uk_thread *make(uk_thread_fn1_t fn, void *arg, const char *name)
{
	struct uk_alloc *const a = uk_alloc_get_default();

	return uk_thread_create_fn1(a, fn, arg, a, STACK, NULL, 0, a, false,
				    name, NULL, NULL);
}

static struct uk_thread *start(uk_thread_fn1_t fn, void *arg, const char *name)
{
	struct uk_thread *const t = make(fn, arg, name);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

/* What the default heap has given out to threads that there still are. */
static struct uk_alloc_stats used(void)
{
	struct uk_alloc_stats st = { .cur_mem_use = 0 };

	while (uk_sched_collect())
		;
	UK_EXPECT_EQ(uk_alloc_stats_get(uk_alloc_get_default(), &st), 0);
	return st;
}

#define NTRIES	8

/*
 * @run leaves nothing in the heap. Another CPU's idle thread may be about to
 * free a thread when it is looked: of an earlier case before @run, or of @run
 * after it. So one time of several must be even.
 */
static void expect_nothing_left(void (*run)(void))
{
	struct uk_alloc_stats before, after;
	unsigned int tries = 0;

	do {
		before = used();
		run();
		after = used();
	} while (++tries < NTRIES &&
		 (after.cur_mem_use != before.cur_mem_use ||
		  after.cur_nb_allocs != before.cur_nb_allocs));
	UK_EXPECT_EQ(after.cur_mem_use, before.cur_mem_use);
	UK_EXPECT_EQ(after.cur_nb_allocs, before.cur_nb_allocs);
}

UK_TEST(thread, what_booted_is_the_thread_main)
{
	struct uk_thread *const t = uk_thread_current();

	if (!UK_EXPECT_NOT_NULL(t))
		return;
	UK_EXPECT_STR_EQ(t->cur.name, "main");
	UK_EXPECT_EQ(t->sched, uk_sched_current());
	UK_EXPECT(uk_thread_is_runnable(t));
	UK_EXPECT(!uk_thread_is_exited(t));
}

struct seen {
	struct uk_thread *current;
	uintptr_t sp;
	bool ran;
};

static void look(void *arg)
{
	struct seen *const seen = arg;

	seen->current = uk_thread_current();
	seen->sp = (uintptr_t)__builtin_frame_address(0);
	seen->ran = true;
}

UK_TEST(thread, a_thread_runs_on_its_stack_under_its_name)
{
	struct seen seen = { .ran = false };
	struct uk_thread *const t = start(look, &seen, "looker");

	if (!t)
		return;
	UK_EXPECT_STR_EQ(t->cur.name, "looker");
	UK_EXPECT_EQ(t->_mem.stack_len, STACK);
	uk_sched_yield();
	UK_EXPECT(seen.ran);
	UK_EXPECT_EQ(seen.current, t);
	UK_EXPECT(seen.sp - (uintptr_t)t->_mem.stack < STACK);
	UK_EXPECT(uk_thread_is_exited(t));
	uk_thread_join(t);
}

UK_TEST(thread, a_thread_that_was_not_added_does_not_run)
{
	struct seen seen = { .ran = false };
	struct uk_thread *const t = make(look, &seen, "waiter");

	if (!UK_EXPECT_NOT_NULL(t))
		return;
	uk_sched_yield();
	UK_EXPECT(!seen.ran);
	uk_thread_release(t);
}

static void count(void *arg)
{
	++*(unsigned int *)arg;
}

static void make_a_thousand(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < 1000; i++) {
		struct uk_thread *const t = start(count, &n, "one of many");

		if (!t)
			return;
		uk_thread_join(t);
	}
	UK_EXPECT_EQ(n, 1000);
}

UK_TEST(thread, a_thousand_threads_are_made_and_joined_without_a_leak)
{
	expect_nothing_left(make_a_thousand);
}

static void make_nobodys(void)
{
	struct uk_sched *const s = uk_sched_current();
	unsigned int n = 0;

	for (unsigned int i = 0; i < 100; i++) {
		if (!UK_EXPECT_NOT_NULL(uk_sched_thread_create(s, count, &n,
							       "nobody's")))
			return;
		uk_sched_yield();
	}
	UK_EXPECT_EQ(n, 100);

	/* Whoever makes a thread next frees what is left of the others. */
	(void)uk_sched_thread_create(s, count, &n, "last but one");
	uk_sched_yield();
	uk_thread_join(start(count, &n, "last"));
}

UK_TEST(thread, threads_that_belong_to_nobody_are_freed_when_they_end)
{
	expect_nothing_left(make_nobodys);
}

static void detach(void)
{
	unsigned int n = 0;
	struct uk_thread *early = start(count, &n, "early");
	struct uk_thread *late = start(count, &n, "late");

	uk_thread_detach(early);
	uk_sched_yield();
	UK_EXPECT_EQ(n, 2);
	uk_thread_detach(late);
	uk_thread_join(start(count, &n, "collector"));
}

UK_TEST(thread, a_detached_thread_is_freed_whether_it_has_ended_or_not)
{
	expect_nothing_left(detach);
}

static void fn0(void)
{
	*(unsigned int *)uk_thread_current()->priv += 1;
}

static void fn2(void *a, void *b)
{
	*(unsigned int *)a += *(unsigned int *)b;
}

UK_TEST(thread, a_thread_gets_none_one_or_two_arguments)
{
	struct uk_sched *const s = uk_sched_current();
	unsigned int n = 0, ten = 10;

	UK_EXPECT_NOT_NULL(uk_sched_thread_create_fn0(s, fn0, STACK, 0, true,
						      true, "0", &n, NULL));
	UK_EXPECT_NOT_NULL(uk_sched_thread_create_fn2(s, fn2, &n, &ten, STACK,
						      0, true, true, "2", NULL,
						      NULL));
	uk_sched_yield();
	UK_EXPECT_EQ(n, 11);
}

/* What is left of it when its function is done. */
static unsigned int gone;

static void on_gone(struct uk_thread *t UK_UNUSED)
{
	gone++;
}

UK_TEST(thread, the_destructor_is_called_when_a_thread_is_freed)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	unsigned int n = 0;
	struct uk_thread *const t = uk_thread_create_fn1(
		a, count, &n, a, STACK, NULL, 0, NULL, true, "dtor", NULL,
		on_gone);

	gone = 0;
	if (!UK_EXPECT_NOT_NULL(t))
		return;
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	uk_sched_yield();
	UK_EXPECT_EQ(n, 1);
	UK_EXPECT_EQ(gone, 0);
	uk_thread_join(t);
	UK_EXPECT_EQ(gone, 1);
}

static struct uk_thread *swept;

static void sweep(struct uk_thread *t, void *arg)
{
	swept = t;
	*(struct uk_thread **)arg = uk_thread_current();
}

static void exit_with_gc(void *by)
{
	uk_sched_thread_exit2(sweep, by);
}

UK_TEST(thread, another_thread_collects_what_one_leaves_behind)
{
	struct uk_thread *by = NULL;
	struct uk_thread *const t = start(exit_with_gc, &by, "leaver");

	if (!t)
		return;
	swept = NULL;
	uk_thread_join(t);
	UK_EXPECT_EQ(swept, t);
	UK_EXPECT_NOT_NULL(by);
	UK_EXPECT_NE(by, t);
}

static void run_for_ever(void *arg)
{
	for (;;) {
		++*(unsigned int *)arg;
		uk_sched_yield();
	}
}

UK_TEST(thread, who_joins_collects_if_nobody_has_time_for_it)
{
	struct uk_thread *by = NULL;
	unsigned int n = 0;
	struct uk_thread *const busy = start(run_for_ever, &n, "endless");
	struct uk_thread *const t = start(exit_with_gc, &by, "leaver");

	if (!t || !busy)
		return;
	/* The idle thread would come after the endless one. */
	uk_thread_join(t);
	UK_EXPECT_EQ(by, uk_thread_current());
	uk_thread_terminate(busy);
	uk_thread_join(busy);
}

UK_TEST(thread, a_terminated_thread_ends_at_its_next_yield)
{
	unsigned int n = 0;
	struct uk_thread *const t = start(run_for_ever, &n, "endless");

	if (!t)
		return;
	uk_sched_yield();
	uk_sched_yield();
	UK_EXPECT_EQ(n, 2);
	uk_thread_terminate(t);
	uk_thread_join(t);
	UK_EXPECT_EQ(n, 2);
}

UK_TEST(thread, a_thread_terminated_before_it_ran_runs_nothing)
{
	unsigned int n = 0;
	struct uk_thread *added = start(count, &n, "added");
	struct uk_thread *fresh = make(count, &n, "fresh");

	uk_thread_terminate(added);
	uk_thread_terminate(fresh);
	UK_EXPECT(uk_thread_is_exited(fresh));
	uk_thread_join(added);
	uk_thread_join(fresh);
	UK_EXPECT_EQ(n, 0);
}

static void block_once(void *arg)
{
	unsigned int *const n = arg;

	*n = 1;
	uk_thread_block(uk_thread_current());
	uk_sched_yield();
	*n = 2;
}

UK_TEST(thread, a_blocked_thread_runs_when_it_is_woken)
{
	unsigned int n = 0;
	struct uk_thread *const t = start(block_once, &n, "blocker");

	if (!t)
		return;
	uk_sched_yield();
	uk_sched_yield();
	UK_EXPECT_EQ(n, 1);
	UK_EXPECT(!uk_thread_is_runnable(t));
	uk_thread_wake(t);
	uk_thread_wake(t);
	uk_sched_yield();
	UK_EXPECT_EQ(n, 2);
	uk_thread_join(t);
}

UK_TEST(thread, a_wake_before_the_yield_is_not_lost)
{
	struct uk_thread *const me = uk_thread_current();

	uk_thread_block(me);
	uk_thread_wake(me);
	uk_sched_yield();
	UK_EXPECT(uk_thread_is_runnable(me));
}

static void yield(void *arg UK_UNUSED)
{
	uk_sched_yield();
}

UK_TEST(thread, who_blocks_while_an_interrupt_is_handled_is_stopped)
{
	struct uk_current *const cur = ukarch_current();

	cur->irq_depth++;
	UK_EXPECT_CRASH(yield, NULL);
	cur->irq_depth--;
}

UK_TEST(thread, another_thread_can_be_blocked_and_taken_out)
{
	unsigned int n = 0;
	struct uk_thread *const t = start(run_for_ever, &n, "stopped");

	if (!t)
		return;
	uk_sched_yield();
	uk_thread_block(t);
	uk_sched_yield();
	UK_EXPECT_EQ(n, 1);
	uk_thread_wake(t);
	UK_EXPECT_EQ(uk_sched_thread_remove(t), 0);
	uk_sched_yield();
	UK_EXPECT_EQ(n, 1);
	UK_EXPECT_EQ(uk_sched_thread_remove(t), -EINVAL);
	UK_EXPECT_EQ(uk_sched_thread_remove(uk_thread_current()), -EBUSY);

	/* Back where it was. */
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), -EINVAL);
	uk_sched_yield();
	UK_EXPECT_EQ(n, 2);
	uk_thread_terminate(t);
	uk_thread_join(t);
}

/* A container runs a context of its maker's. */
static void contained(void *a, void *b)
{
	fn2(a, b);
	uk_thread_exit();
}

UK_TEST(thread, a_container_runs_the_context_it_was_given)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	unsigned int n = 1, ten = 10;
	struct uk_thread *const t = uk_thread_create_container(
		a, a, STACK, a, 4096, NULL, false, "container", NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return;
	UK_EXPECT(t->flags & UK_THREADF_AUXSP);
	UK_EXPECT_EQ(t->auxsp, (uintptr_t)t->_mem.auxstack + 4096);
	ukarch_ctx_init(&t->ctx, (uintptr_t)t->_mem.stack + STACK, contained,
			&n, &ten);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	uk_sched_yield();
	UK_EXPECT_EQ(n, 1);
	uk_thread_wake(t);
	uk_thread_join(t);
	UK_EXPECT_EQ(n, 11);
}

static unsigned int bare_ran;

UK_NORETURN static void bare(void)
{
	bare_ran++;
	uk_thread_exit();
}

UK_TEST(thread, a_bare_thread_runs_on_a_stack_that_somebody_brought)
{
	static char stack[STACK] UK_ALIGNED(16);
	struct uk_thread *const t = uk_thread_create_bare(
		uk_alloc_get_default(), (uintptr_t)bare,
		(uintptr_t)stack + STACK, 0, 0, false, true, "bare", NULL,
		NULL);

	bare_ran = 0;
	if (!UK_EXPECT_NOT_NULL(t))
		return;
	UK_EXPECT_NULL(t->_mem.stack);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	uk_thread_join(t);
	UK_EXPECT_EQ(bare_ran, 1);
}

static void make_too_large(void)
{
	struct uk_alloc *const a = uk_alloc_get_default();

	UK_EXPECT_NULL(uk_thread_create_fn0(a, fn0, a, SIZE_MAX / 16, NULL, 0,
					    a, false, "huge", NULL, NULL));
	UK_EXPECT_NULL(uk_thread_create_fn0(a, fn0, a, SIZE_MAX, NULL, 0, a,
					    false, "absurd", NULL, NULL));
	UK_EXPECT_NULL(uk_thread_create_fn0(a, fn0, a, STACK, a, SIZE_MAX / 16,
					    a, false, "aux", NULL, NULL));
}

UK_TEST(thread, without_memory_there_is_no_thread_and_nothing_is_lost)
{
	expect_nothing_left(make_too_large);
}

struct search {
	const struct uk_thread *t;
	unsigned int nfound;
	unsigned int nidle;
};

static int find(struct uk_thread *t, void *arg)
{
	struct search *const search = arg;

	search->nfound += t == search->t;
	search->nidle += !uk_strncmp(t->cur.name, "idle", 5);
	return 0;
}

static int stop(struct uk_thread *t UK_UNUSED, void *arg UK_UNUSED)
{
	return 7;
}

UK_TEST(thread, every_thread_that_is_alive_is_in_the_list)
{
	unsigned int n = 0;
	struct uk_thread *const t = start(count, &n, "listed");
	struct search search = { .t = t };

	UK_EXPECT_EQ(uk_sched_foreach_thread(find, &search), 0);
	UK_EXPECT_EQ(search.nfound, 1);
	UK_EXPECT_GE(search.nidle, 1);
	UK_EXPECT_EQ(uk_sched_foreach_thread(stop, NULL), 7);
	uk_thread_join(t);
	search.nfound = 0;
	UK_EXPECT_EQ(uk_sched_foreach_thread(find, &search), 0);
	UK_EXPECT_EQ(search.nfound, 0);
}

UK_TEST(thread, what_a_thread_has_now_counts)
{
	const struct uk_thread *const me = uk_thread_current();
	struct uk_thread_stats a, b;

	if (uk_thread_stats_get(me, &a) < 0)
		UK_TEST_SKIP("nobody counts");
	do {
		UK_EXPECT_EQ(uk_thread_stats_get(me, &b), 0);
		UK_EXPECT_GE(b.run_ticks, a.run_ticks);
	} while (b.run_ticks == a.run_ticks);
}

UK_TEST(thread, the_counts_of_threads_that_are_gone_are_kept)
{
	struct uk_thread_stats all, after;
	unsigned int n = 0;
	struct uk_thread *t;

	if (uk_thread_stats_all(&all) < 0)
		UK_TEST_SKIP("nobody counts");
	t = start(run_for_ever, &n, "gone");
	if (!t)
		return;
	/* So many that the few of the join do not make up for them. */
	while (n < 1000)
		uk_sched_yield();
	UK_EXPECT_EQ(uk_thread_stats_all(&all), 0);
	uk_thread_terminate(t);
	uk_thread_join(t);
	UK_EXPECT_EQ(uk_thread_stats_all(&after), 0);
	UK_EXPECT_GE(after.nswitches, all.nswitches);
	UK_EXPECT_GE(after.run_ticks, all.run_ticks);
}

UK_TEST(thread, switches_and_time_are_counted_if_the_image_does)
{
	unsigned int n = 0;
	struct uk_thread_stats st = { .npreempted = 0 };
	struct uk_thread *const t = start(run_for_ever, &n, "counted");
	int rc;

	if (!t)
		return;
	while (n < 3)
		uk_sched_yield();
	rc = uk_thread_stats_get(t, &st);
	uk_thread_terminate(t);
	uk_thread_join(t);
	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS)) {
		UK_EXPECT_EQ(rc, -ENOTSUP);
		return;
	}
	UK_EXPECT_EQ(rc, 0);
	UK_EXPECT_EQ(st.nswitches, 3);
	UK_EXPECT_GT(st.run_ticks, 0);
}
