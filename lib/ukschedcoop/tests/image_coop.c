/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads take turns, the same each time. */
#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/sched.h>
#include <uk/sched_impl.h>
#include <uk/string.h>
#include <uk/test.h>
#include <uk/thread.h>

#define STACK	8192
#define NTURNS	100u

static struct {
	char order[4 * NTURNS];
	unsigned int n;
} log_;

/* The first letter of its name. */
static void step(void *arg UK_UNUSED)
{
	if (log_.n < sizeof(log_.order))
		log_.order[log_.n++] = uk_thread_current()->cur.name[0];
}

static void player(void *arg)
{
	for (unsigned int i = 0; i < NTURNS; i++) {
		step(arg);
		uk_sched_yield();
	}
}

static struct uk_thread *start(uk_thread_fn1_t fn, const char *name)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, NULL, a, STACK, NULL, 0, NULL, true, name, NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

UK_TEST(coop, the_scheduler_is_the_cooperative_one)
{
	UK_EXPECT_STR_EQ(uk_sched_current()->ops->name, "cooperative");
}

UK_TEST(coop, threads_that_yield_take_turns_in_the_order_they_came)
{
	struct uk_thread *ping, *pong;
	unsigned int nwrong = 0;

	log_.n = 0;
	ping = start(player, "i");
	pong = start(player, "o");
	if (!ping || !pong)
		return;
	uk_thread_join(ping);
	uk_thread_join(pong);
	UK_EXPECT_EQ(log_.n, 2 * NTURNS);
	for (unsigned int i = 0; i < log_.n; i++)
		nwrong += log_.order[i] != (i % 2 ? 'o' : 'i');
	UK_EXPECT_EQ(nwrong, 0);
}

UK_TEST(coop, a_thread_keeps_the_cpu_until_it_asks_to_leave)
{
	struct uk_thread *const t = start(step, "t");

	if (!t)
		return;
	log_.n = 0;
	uk_thread_wake(t);
	UK_EXPECT_EQ(log_.n, 0);
	uk_sched_yield();
	UK_EXPECT_EQ(log_.n, 1);
	uk_thread_join(t);
}

UK_TEST(coop, an_exiting_thread_hands_on_the_cpu)
{
	struct uk_thread *a, *b;

	log_.n = 0;
	a = start(step, "a");
	b = start(step, "b");
	if (!a || !b)
		return;
	uk_sched_yield();
	UK_EXPECT_EQ(log_.n, 2);
	UK_EXPECT_EQ(log_.order[0], 'a');
	UK_EXPECT_EQ(log_.order[1], 'b');
	uk_thread_join(a);
	uk_thread_join(b);
}

/* Nobody can run until the idle thread has freed what would have to. */
static void wake_main(struct uk_thread *t UK_UNUSED, void *main_thread)
{
	uk_thread_wake(main_thread);
}

static void exit_and_wake(void *main_thread)
{
	uk_sched_thread_exit2(wake_main, main_thread);
}

UK_TEST(coop, the_idle_thread_collects_when_all_others_wait)
{
	struct uk_thread *const me = uk_thread_current();

	uk_thread_block(me);
	if (!UK_EXPECT_NOT_NULL(uk_sched_thread_create(
		    uk_sched_current(), exit_and_wake, me, "last")))
		uk_thread_wake(me);
	uk_sched_yield();
	UK_EXPECT(uk_thread_is_runnable(me));
}

UK_TEST(coop, priorities_and_affinity_are_not_known)
{
	struct uk_thread *const me = uk_thread_current();

	UK_EXPECT_EQ(uk_thread_set_prio(me, UK_THREAD_PRIO_MAX), -ENOTSUP);
	UK_EXPECT_EQ(uk_thread_set_prio(me, UK_THREAD_PRIO_MAX + 1), -EINVAL);
	UK_EXPECT_EQ(uk_thread_set_affinity(me, 1), -ENOTSUP);
}
