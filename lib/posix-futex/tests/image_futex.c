/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>

#include <uk/abi/time.h>
#include <uk/call.h>
#include <uk/futex.h>

#include "futex_fixture.h"

#define MS	((long)UK_TIME_NS_PER_MS)
#define BAD	((void *)16)

#define WAIT		UK_ABI_FUTEX_WAIT
#define WAIT_BITSET	UK_ABI_FUTEX_WAIT_BITSET
#define WAKE		UK_ABI_FUTEX_WAKE
#define WAKE_BITSET	UK_ABI_FUTEX_WAKE_BITSET
#define REQUEUE		UK_ABI_FUTEX_REQUEUE
#define CMP_REQUEUE	UK_ABI_FUTEX_CMP_REQUEUE
#define WAKE_OP		UK_ABI_FUTEX_WAKE_OP
#define REALTIME	UK_ABI_FUTEX_CLOCK_REALTIME

UK_TEST(futex, a_word_that_has_changed_is_not_waited_for)
{
	uint32_t word = 1;

	UK_EXPECT_EQ(futex(&word, WAIT, 0, 0, NULL, 0), -EAGAIN);
	UK_EXPECT_EQ(uk_futex_wait(&word, 0, 1, UK_TIME_NEVER), -EAGAIN);
	UK_EXPECT_EQ(futex(&word, WAKE, 1, 0, NULL, 0), 0);
}

UK_TEST(futex, as_many_as_wished_are_woken_in_the_order_they_came)
{
	struct sleeper s[4];
	uint32_t word = 0;

	for (int i = 0; i < 4; i++)
		lay_down(&s[i], &word, 0, UK_FUTEX_ANY);
	UK_EXPECT_EQ(futex(&word, WAKE, 1, 0, NULL, 0), 1);
	UK_EXPECT_EQ(get_up(&s[0]), 0);
	UK_EXPECT(!is_done(&s[1]));
	/* One at least. */
	UK_EXPECT_EQ(futex(&word, WAKE, 0, 0, NULL, 0), 1);
	UK_EXPECT_EQ(get_up(&s[1]), 0);
	UK_EXPECT(!is_done(&s[2]));
	UK_EXPECT_EQ(futex(&word, WAKE, 0x7fffffff, 0, NULL, 0), 2);
	UK_EXPECT_EQ(get_up(&s[2]), 0);
	UK_EXPECT_EQ(get_up(&s[3]), 0);
	UK_EXPECT_EQ(futex(&word, WAKE, 0x7fffffff, 0, NULL, 0), 0);
}

UK_TEST(futex, only_the_kinds_that_are_meant_are_woken)
{
	struct sleeper s[3];
	uint32_t word = 0;

	lay_down(&s[0], &word, 0, 1);
	lay_down(&s[1], &word, 0, 2);
	lay_down(&s[2], &word, 0, 6);
	UK_EXPECT_EQ(futex(&word, WAKE_BITSET, 9, 0, NULL, 8), 0);
	UK_EXPECT_EQ(futex(&word, WAKE_BITSET, 9, 0, NULL, 2), 2);
	UK_EXPECT_EQ(get_up(&s[1]), 0);
	UK_EXPECT_EQ(get_up(&s[2]), 0);
	UK_EXPECT(!is_done(&s[0]));
	UK_EXPECT_EQ(futex(&word, WAKE, 9, 0, NULL, 0), 1);
	UK_EXPECT_EQ(get_up(&s[0]), 0);
}

UK_TEST(futex, words_do_not_wake_each_others_waiters)
{
	struct sleeper s[24];
	uint32_t word[24] = { 0 };

	for (int i = 0; i < 24; i++)
		lay_down(&s[i], &word[i], 0, UK_FUTEX_ANY);
	for (int i = 23; i >= 0; i--) {
		UK_EXPECT_EQ(futex(&word[i], WAKE, 9, 0, NULL, 0), 1);
		UK_EXPECT_EQ(get_up(&s[i]), 0);
	}
}

UK_TEST(futex, a_wait_ends_when_its_time_is_over)
{
	struct uk_abi_timespec ts = { 0, 2 * MS };
	const uint64_t before = uk_time_now();
	uint32_t word = 0;

	UK_EXPECT_EQ(futex(&word, WAIT, 0, (long)&ts, NULL, 0), -ETIMEDOUT);
	UK_EXPECT(uk_time_now() - before >= 2 * (uint64_t)MS);
	ts = (struct uk_abi_timespec){ 0, 0 };
	UK_EXPECT_EQ(futex(&word, WAIT, 0, (long)&ts, NULL, 0), -ETIMEDOUT);
	/* What has changed is told first. */
	UK_EXPECT_EQ(futex(&word, WAIT, 1, (long)&ts, NULL, 0), -EAGAIN);
	UK_EXPECT_EQ(futex(&word, WAIT_BITSET, 0, (long)&ts, NULL, 1),
		     -ETIMEDOUT);
	UK_EXPECT_EQ(futex(&word, WAKE, 9, 0, NULL, 0), 0);
}

static struct uk_abi_timespec as_timespec(uint64_t ns)
{
	return (struct uk_abi_timespec){
		(long)(ns / UK_TIME_NS_PER_SEC),
		(long)(ns % UK_TIME_NS_PER_SEC),
	};
}

UK_TEST(futex, a_wait_ends_at_a_time_of_either_clock)
{
	uint64_t end = uk_time_now() + 2 * (uint64_t)MS;
	struct uk_abi_timespec ts = as_timespec(end);
	uint32_t word = 0;

	UK_EXPECT_EQ(futex(&word, WAIT_BITSET, 0, (long)&ts, NULL, 1),
		     -ETIMEDOUT);
	UK_EXPECT(uk_time_now() >= end);
	end = uk_time_wall() + 2 * (uint64_t)MS;
	ts = as_timespec(end);
	UK_EXPECT_EQ(futex(&word, WAIT_BITSET | REALTIME, 0, (long)&ts, NULL,
			   1), -ETIMEDOUT);
	UK_EXPECT(uk_time_wall() >= end);
}

struct until {
	uint32_t word;
	uint64_t wall_ns;
	long rc;
};

static void wait_until(void *arg)
{
	struct until *const u = arg;
	const struct uk_abi_timespec ts = as_timespec(u->wall_ns);

	u->rc = futex(&u->word, WAIT_BITSET | REALTIME, 0, (long)&ts, NULL, 1);
}

UK_TEST(futex, a_wait_until_a_wall_time_moves_with_that_clock)
{
	const uint64_t wall_ns = uk_time_wall(), now_ns = uk_time_now();
	struct until u = { .wall_ns = wall_ns + 1000 * UK_TIME_NS_PER_SEC };
	struct uk_thread *const t = uk_test_spawn(wait_until, &u);

	uk_test_until_it_waits(t);
	/* Back, and not yet there. */
	uk_time_wall_set(wall_ns - 100 * UK_TIME_NS_PER_SEC);
	uk_sched_thread_sleep(2 * (uint64_t)MS);
	UK_EXPECT(!uk_thread_is_runnable(t));
	uk_time_wall_set(u.wall_ns);
	uk_thread_join(t);
	UK_EXPECT_EQ(u.rc, -ETIMEDOUT);
	UK_EXPECT(uk_time_now() - now_ns < 500 * UK_TIME_NS_PER_SEC);
	uk_time_wall_set(wall_ns + (uk_time_now() - now_ns));
}

UK_TEST(futex, setting_the_clock_while_threads_begin_to_wait_loses_none)
{
	const uint64_t wall_ns = uk_time_wall(), now_ns = uk_time_now();

	for (unsigned int i = 0; i < 50; i++) {
		struct until u = {
			.wall_ns = uk_time_wall() + 1000 * UK_TIME_NS_PER_SEC,
		};
		struct uk_thread *const t = uk_test_spawn(wait_until, &u);

		uk_time_spin(i * 2000);
		uk_time_wall_set(u.wall_ns);
		uk_thread_join(t);
		UK_EXPECT_EQ(u.rc, -ETIMEDOUT);
	}
	uk_time_wall_set(wall_ns + (uk_time_now() - now_ns));
}

UK_TEST(futex, waiters_move_to_another_word)
{
	struct sleeper s[4];
	uint32_t from = 0, to = 5;

	for (int i = 0; i < 4; i++)
		lay_down(&s[i], &from, 0, UK_FUTEX_ANY);
	UK_EXPECT_EQ(futex(&from, REQUEUE, 1, 2, &to, 0), 3);
	UK_EXPECT_EQ(get_up(&s[0]), 0);
	UK_EXPECT_EQ(futex(&to, WAKE, 1, 0, NULL, 0), 1);
	UK_EXPECT_EQ(get_up(&s[1]), 0);
	UK_EXPECT_EQ(futex(&from, WAKE, 9, 0, NULL, 0), 1);
	UK_EXPECT_EQ(get_up(&s[3]), 0);
	UK_EXPECT(!is_done(&s[2]));
	/* To where they are. */
	UK_EXPECT_EQ(futex(&to, REQUEUE, 0, 9, &to, 0), 1);
	UK_EXPECT_EQ(futex(&to, WAKE, 9, 0, NULL, 0), 1);
	UK_EXPECT_EQ(get_up(&s[2]), 0);
}

UK_TEST(futex, waiters_move_only_if_the_word_is_as_expected)
{
	uint32_t from = 3, to = 0;
	struct sleeper s;

	lay_down(&s, &from, 3, UK_FUTEX_ANY);
	UK_EXPECT_EQ(futex(&from, CMP_REQUEUE, 1, 9, &to, 4), -EAGAIN);
	UK_EXPECT(!is_done(&s));
	UK_EXPECT_EQ(futex(&from, CMP_REQUEUE, 0, 9, &to, 3), 1);
	UK_EXPECT_EQ(futex(&from, WAKE, 9, 0, NULL, 0), 0);
	UK_EXPECT_EQ(futex(&to, WAKE, 9, 0, NULL, 0), 1);
	UK_EXPECT_EQ(get_up(&s), 0);
	UK_EXPECT_EQ(futex(BAD, CMP_REQUEUE, 0, 9, &to, 3), -EFAULT);
}

UK_TEST(futex, waiters_do_not_move_to_where_no_word_is)
{
	uint32_t from = 0;
	struct sleeper s;

	lay_down(&s, &from, 0, UK_FUTEX_ANY);
	UK_EXPECT_EQ(futex(&from, REQUEUE, 0, 1, NULL, 0), -EFAULT);
	UK_EXPECT_EQ(futex(&from, CMP_REQUEUE, 0, 1, NULL, 0), -EFAULT);
	UK_EXPECT(!is_done(&s));
	UK_EXPECT_EQ(futex(&from, WAKE, 9, 0, NULL, 0), 1);
	UK_EXPECT_EQ(get_up(&s), 0);
}

UK_TEST(futex, a_waiter_that_has_moved_can_give_up)
{
	uint32_t from = 0, to = 0;
	struct sleeper s;

	lay_down(&s, &from, 0, UK_FUTEX_ANY);
	UK_EXPECT_EQ(futex(&from, REQUEUE, 0, 1, &to, 0), 1);
	uk_call_ask(&s.thread->cur, UK_CALL_SIGNAL);
	uk_thread_wake(s.thread);
	UK_EXPECT_EQ(get_up(&s), -EINTR);
	UK_EXPECT_EQ(futex(&to, WAKE, 9, 0, NULL, 0), 0);
}

UK_TEST(futex, a_waiter_with_something_else_to_do_is_interrupted)
{
	uint32_t word = 0;
	struct sleeper s;

	lay_down(&s, &word, 0, UK_FUTEX_ANY);
	uk_call_ask(&s.thread->cur, UK_CALL_SIGNAL);
	uk_thread_wake(s.thread);
	UK_EXPECT_EQ(get_up(&s), -EINTR);
	UK_EXPECT_EQ(futex(&word, WAKE, 9, 0, NULL, 0), 0);
}

/* An operation of FUTEX_WAKE_OP: op, its argument, compare, what with. */
#define OP(op, arg, cmp, with)						\
	((long)((uint32_t)(op) << 28 | ((uint32_t)(arg) & 0xfff) << 12 | \
		(uint32_t)(cmp) << 24 | ((uint32_t)(with) & 0xfff)))

UK_TEST(futex, one_call_changes_a_word_and_wakes_at_two)
{
	static const struct {
		long op;
		uint32_t was, then;
		bool holds;
	} row[] = {
		{ OP(0, 7, 0, 3), 3, 7, true },
		{ OP(0, -1, 0, 3), 4, 0xffffffff, false },
		{ OP(1, -2, 1, 3), 5, 3, true },
		{ OP(2, 0x30, 2, -1), 3, 0x33, false },
		{ OP(2, 0x30, 2, -1), 0x80000000, 0x80000030, true },
		{ OP(3, 2, 3, 3), 3, 1, true },
		{ OP(4, 5, 4, 3), 3, 6, false },
		{ OP(8 | 2, 33, 5, 3), 3, 3, true },
		{ OP(8 | 0, 31, 5, 3), 2, 0x80000000, false },
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(row); i++) {
		uint32_t at = 0, to = row[i].was;
		struct sleeper s[2];

		lay_down(&s[0], &at, 0, UK_FUTEX_ANY);
		lay_down(&s[1], &to, to, UK_FUTEX_ANY);
		UK_EXPECT_EQ(futex(&at, WAKE_OP, 1, 1, &to, row[i].op),
			     1 + row[i].holds);
		UK_EXPECT_EQ(to, row[i].then);
		UK_EXPECT_EQ(get_up(&s[0]), 0);
		UK_EXPECT_EQ(futex(&to, WAKE, 1, 0, NULL, 0), !row[i].holds);
		UK_EXPECT_EQ(get_up(&s[1]), 0);
	}
}

UK_TEST(futex, what_makes_no_sense_is_refused)
{
	const struct uk_abi_timespec bad[] = {
		{ -1, 0 }, { 0, -1 }, { 0, 1000000000 },
	};
	char *const odd = (char *)(uint32_t[2]){ 0 } + 1;
	uint32_t word = 0, to = 0;

	UK_EXPECT_EQ(futex(odd, WAIT, 0, 0, NULL, 0), -EINVAL);
	UK_EXPECT_EQ(futex(odd, WAKE, 1, 0, NULL, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&word, REQUEUE, 1, 1, odd, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&word, REQUEUE, -1, 1, &to, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&word, REQUEUE, 1, -1, &to, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&word, WAKE_OP, 1, 1, odd, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&word, WAKE_OP, 1, 1, BAD, 0), -EFAULT);
	UK_EXPECT_EQ(futex(&word, WAKE_OP, 1, 1, &to, OP(5, 1, 0, 0)),
		     -ENOSYS);
	UK_EXPECT_EQ(futex(&word, WAKE_OP, 1, 1, &to, OP(1, 1, 6, 0)),
		     -ENOSYS);
	UK_EXPECT_EQ(to, 0);
	UK_EXPECT_EQ(futex(&word, WAIT_BITSET, 0, 0, NULL, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&word, WAKE_BITSET, 1, 0, NULL, 0), -EINVAL);
	UK_EXPECT_EQ(futex(BAD, WAIT, 0, 0, NULL, 0), -EFAULT);
	UK_EXPECT_EQ(futex(NULL, WAIT, 0, 0, NULL, 0), -EFAULT);
	UK_EXPECT_EQ(futex(&word, WAIT, 0, (long)BAD, NULL, 0), -EFAULT);
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(bad); i++)
		UK_EXPECT_EQ(futex(&word, WAIT, 0, (long)&bad[i], NULL, 0),
			     -EINVAL);
	UK_EXPECT_EQ(futex(&word, WAIT | REALTIME, 0, 0, NULL, 0), -ENOSYS);
	UK_EXPECT_EQ(futex(&word, WAKE | REALTIME, 0, 0, NULL, 0), -ENOSYS);
	UK_EXPECT_EQ(futex(&word, 99, 0, 0, NULL, 0), -ENOSYS);
	UK_EXPECT_EQ(futex(&word, 2, 0, 0, NULL, 0), -ENOSYS);
}

/*
 * A mutex as C libraries make them: 0 free, 1 taken, 2 taken and waited for.
 */
static uint32_t mutex;
static unsigned int inside;	/* the mutex */

static void lock(void)
{
	uint32_t was = 0;

	if (__atomic_compare_exchange_n(&mutex, &was, 1, false,
					__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	if (was != 2)
		was = __atomic_exchange_n(&mutex, 2, __ATOMIC_ACQUIRE);
	while (was) {
		(void)futex(&mutex, WAIT, 2, 0, NULL, 0);
		was = __atomic_exchange_n(&mutex, 2, __ATOMIC_ACQUIRE);
	}
}

static void unlock(void)
{
	if (__atomic_exchange_n(&mutex, 0, __ATOMIC_RELEASE) == 2)
		(void)futex(&mutex, WAKE, 1, 0, NULL, 0);
}

#define ROUNDS	2000

static void go_in_and_out(void *arg)
{
	unsigned int *const bad = arg;

	for (int i = 0; i < ROUNDS; i++) {
		lock();
		*bad += inside++ != 0;
		if (i % 16 == 0)
			uk_sched_yield();
		inside--;
		unlock();
	}
}

UK_TEST(futex, a_mutex_made_of_it_keeps_all_but_one_out)
{
	struct uk_thread *t[6];
	unsigned int bad[6] = { 0 };

	mutex = 0;
	inside = 0;
	for (int i = 0; i < 6; i++)
		t[i] = uk_test_spawn(go_in_and_out, &bad[i]);
	for (int i = 0; i < 6; i++) {
		uk_thread_join(t[i]);
		UK_EXPECT_EQ(bad[i], 0);
	}
	UK_EXPECT_EQ(mutex, 0);
}

/* Two who hand a word to and fro; nobody may miss a turn. */
static uint32_t turn;

static void play(void *arg)
{
	const uint32_t me = *(const uint32_t *)arg;

	for (int i = 0; i < ROUNDS; i++) {
		uint32_t now;

		while ((now = __atomic_load_n(&turn, __ATOMIC_ACQUIRE)) != me)
			(void)futex(&turn, WAIT, now, 0, NULL, 0);
		__atomic_store_n(&turn, !me, __ATOMIC_RELEASE);
		(void)futex(&turn, WAKE, 1, 0, NULL, 0);
	}
}

UK_TEST(futex, no_wake_up_is_lost_between_two_who_take_turns)
{
	uint32_t who[2] = { 0, 1 };
	struct uk_thread *t[2];

	turn = 0;
	for (int i = 0; i < 2; i++)
		t[i] = uk_test_spawn(play, &who[i]);
	for (int i = 0; i < 2; i++)
		uk_thread_join(t[i]);
	UK_EXPECT_EQ(turn, 0);
}
