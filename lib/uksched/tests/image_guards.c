/* SPDX-License-Identifier: BSD-3-Clause */
/* Stacks of threads with nothing around them. */
#include <uk/alloc.h>
#include <uk/allocstack.h>
#include <uk/config.h>
#include <uk/crash_hook.h>
#include <uk/essentials.h>
#include <uk/idle.h>
#include <uk/sched.h>
#include <uk/sched_impl.h>
#include <uk/string.h>
#include <uk/test.h>
#include <uk/thread.h>

#include "../sched_priv.h"

#define STACK	8192u
#define NROUNDS	50u
#define NMAKERS	4u

static struct uk_thread *create(uk_thread_fn1_t fn, void *arg, size_t len)
{
	struct uk_sched *const s = uk_sched_current();
	struct uk_thread *const t = uk_thread_create_fn1(
		s->a, fn, arg, s->a_stack, len, NULL, 0, NULL, false,
		"worker", NULL, NULL);

	(void)UK_EXPECT_NOT_NULL(t);
	return t;
}

static void nothing(void *arg UK_UNUSED)
{
}

static void read_byte(void *at)
{
	(void)*(volatile char *)at;
}

/* What the crash screen would say of @addr. */
static const char *hint_at(uintptr_t addr, char *buf, size_t size)
{
	return sched_describe(addr, buf, size) ? buf : NULL;
}

UK_TEST(thread_guards, below_a_stack_is_nothing_and_the_thread_is_named)
{
	struct uk_thread *const t = create(nothing, NULL, STACK);
	char buf[80], *low;

	if (!t)
		return;
	low = t->_mem.stack;
	UK_EXPECT_EQ(uk_sched_current()->a_stack, uk_allocstack_get());
	UK_EXPECT_CRASH(read_byte, low - 1);
	UK_EXPECT_CRASH(read_byte, low - UK_ALLOCSTACK_GUARD_LEN);
	UK_EXPECT_STR_EQ(hint_at((uintptr_t)low - 12, buf, sizeof(buf)),
			 "12 bytes below the stack of thread 'worker': "
			 "it overflowed");
	UK_EXPECT_NOT_NULL(hint_at((uintptr_t)low + 9, buf, sizeof(buf)));
	UK_EXPECT(uk_strprefix(buf, "9 bytes into the stack of thread "
			       "'worker'"));
	uk_thread_release(t);
	UK_EXPECT_NULL(hint_at((uintptr_t)low - 12, buf, sizeof(buf)));
}

UK_TEST(thread_guards, behind_the_memory_of_a_thread_is_nothing_either)
{
	struct uk_thread *const t = create(nothing, NULL, STACK);
	uintptr_t begin, end;
	char buf[80];

	if (!t)
		return;
	if (UK_EXPECT(uk_allocstack_find((uintptr_t)t, &begin, &end))) {
		UK_EXPECT_EQ(begin, t->_mem.stack);
		UK_EXPECT_CRASH(read_byte, (void *)end);
		UK_EXPECT_STR_EQ(hint_at(end + 3, buf, sizeof(buf)),
				 "3 bytes behind the memory of thread "
				 "'worker'");
	}
	uk_thread_release(t);
}

UK_TEST(thread_guards, a_stack_that_nobody_can_have_makes_no_thread)
{
	struct uk_sched *const s = uk_sched_current();

	UK_EXPECT_NULL(uk_thread_create_fn1(s->a, nothing, NULL, s->a_stack,
					    UK_ALLOCSTACK_MAX, NULL, 0, NULL,
					    true, "giant", NULL, NULL));
}

static struct {
	unsigned int made, ran;	/* atomic, relaxed */
} x;

static void count_run(void *arg UK_UNUSED)
{
	(void)__atomic_fetch_add(&x.ran, 1, __ATOMIC_RELAXED);
}

/* Threads of a few sizes come and go; some end by themselves. */
static void make_threads(void *arg)
{
	const unsigned int me = (unsigned int)(uintptr_t)arg;

	for (unsigned int i = 0; i < NROUNDS; i++) {
		struct uk_sched *const s = uk_sched_current();
		struct uk_thread *const t = uk_thread_create_fn1(
			s->a, count_run, NULL, s->a_stack,
			STACK << (i + me) % 3, NULL, 0, NULL, false, "made",
			NULL, NULL);

		if (!t)
			continue;
		(void)__atomic_fetch_add(&x.made, 1, __ATOMIC_RELAXED);
		if (uk_sched_thread_add(s, t) < 0)
			continue;
		if (i % 4 == 0)
			uk_thread_detach(t);
		else
			uk_thread_join(t);
	}
}

UK_TEST(thread_guards, cpus_that_make_and_end_threads_at_once_lose_no_stack)
{
	struct uk_allocstack_stats before, after;
	struct uk_thread *t[NMAKERS];

	while (uk_sched_collect())
		;
	uk_allocstack_stats_get(&before);
	x = (__typeof__(x)){ .made = 0 };
	for (unsigned int i = 0; i < NMAKERS; i++) {
		t[i] = create(make_threads, (void *)(uintptr_t)i, 2 * STACK);
		if (t[i])
			UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(),
							 t[i]), 0);
	}
	for (unsigned int i = 0; i < NMAKERS; i++)
		if (t[i])
			uk_thread_join(t[i]);
	while (__atomic_load_n(&x.ran, __ATOMIC_RELAXED) < x.made)
		uk_sched_yield();
	do {
		(void)uk_sched_collect();
		uk_sched_yield();
		uk_allocstack_stats_get(&after);
	} while (after.nused > before.nused);

	UK_EXPECT_EQ(x.made, NMAKERS * NROUNDS);
	UK_EXPECT_EQ(x.ran, x.made);
	UK_EXPECT_EQ(after.nused, before.nused);
	UK_EXPECT_EQ(after.used, before.used);
	UK_EXPECT_EQ(after.nmade + after.nreused,
		     before.nmade + before.nreused + x.made + NMAKERS);
	/* Less if a CPU is idle, and gives them back itself. */
	UK_EXPECT_LE(uk_allocstack_trim(0), after.kept);
}

static volatile unsigned int deep_enough = 1000000;

/* Each page in turn, until there is no more. */
static UK_NOINLINE unsigned int dig(unsigned int depth)
{
	volatile char room[1000];

	room[depth % sizeof(room)] = (char)depth;
	if (depth == deep_enough)
		return depth;
	return dig(depth + 1) + (unsigned int)room[depth % sizeof(room)];
}

static void dig_for_ever(void *arg UK_UNUSED)
{
	/* The case does not end here: the screen is wanted. */
	uk_crash_hook_set(NULL, NULL);
	(void)dig(0);
}

/* The image ends; support/tests looks at the screen. */
UK_TEST(on_demand, a_thread_that_overflows_its_stack_is_named_at_once)
{
	(void)uk_sched_thread_create(uk_sched_current(), dig_for_ever, NULL,
				     "digger");
	uk_sched_yield();
	for (;;)
		uk_sched_yield();
}

/* What idle CPUs do, until they have nothing more to do. */
static void be_idle(void)
{
	unsigned int n = 0;

	while (n++ < 10000 &&
	       uk_event_raise(uk_idle, NULL) == UK_EVENT_HANDLED)
		;
}

UK_TEST(thread_guards, stacks_that_are_kept_go_when_a_cpu_is_idle)
{
	const size_t limit = (size_t)CONFIG_LIBUKALLOCSTACK_CACHE * 1024;
	struct uk_alloc *const a = uk_allocstack_get();
	static void *block[128];
	struct uk_allocstack_stats stats;

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(block); i++)
		block[i] = uk_malloc(a, STACK);
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(block); i++)
		uk_free(a, block[i]);
	uk_allocstack_stats_get(&stats);
	/* Other CPUs may have been idle meanwhile. */
	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_SMP))
		UK_EXPECT_GT(stats.kept, limit / 4);
	be_idle();
	uk_allocstack_stats_get(&stats);
	UK_EXPECT_LE(stats.kept, limit / 4);
}
