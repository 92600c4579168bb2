/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Locks that are handed over. What they have to do with priority is in
 * image_pi_prio.c.
 */
#include <uk/abi/time.h>

#include "pi_fixture.h"

#define MS	((uint64_t)UK_TIME_NS_PER_MS)
#define BAD	((uint32_t *)16)

static struct uk_abi_timespec as_timespec(uint64_t ns)
{
	return (struct uk_abi_timespec){
		(long)(ns / UK_TIME_NS_PER_SEC),
		(long)(ns % UK_TIME_NS_PER_SEC),
	};
}

UK_TEST(futex_pi, a_free_lock_is_taken_and_freed)
{
	const uint32_t me = my_tid();
	uint32_t word = 0;

	UK_EXPECT_EQ(futex(&word, LOCK, 0, 0, NULL, 0), 0);
	UK_EXPECT_EQ(word, me);
	UK_EXPECT_EQ(futex(&word, UNLOCK, 0, 0, NULL, 0), 0);
	UK_EXPECT_EQ(word, 0);
	UK_EXPECT_EQ(futex(&word, LOCK2, 0, 0, NULL, 0), 0);
	UK_EXPECT_EQ(word, me);
	/* A program may do that by itself. */
	word = WAITERS;
	UK_EXPECT_EQ(futex(&word, TRYLOCK, 0, 0, NULL, 0), 0);
	UK_EXPECT_EQ(word, me);
	/* What its owner has left broken stays so told. */
	word = DIED | WAITERS;
	UK_EXPECT_EQ(futex(&word, LOCK, 0, 0, NULL, 0), 0);
	UK_EXPECT_EQ(word, me | DIED);
	UK_EXPECT_EQ(futex(&word, UNLOCK, 0, 0, NULL, 0), 0);
	UK_EXPECT_EQ(word, 0);
}

UK_TEST(futex_pi, who_waits_is_handed_the_lock_in_the_order_they_came)
{
	uint32_t word = my_tid();
	struct wanter x[3];

	for (int i = 0; i < 3; i++)
		begin_waiting(&x[i], &word);
	UK_EXPECT_EQ(word, my_tid() | WAITERS);
	UK_EXPECT_EQ(futex(&word, UNLOCK, 0, 0, NULL, 0), 0);
	/* Whether it has gone on or not. */
	UK_EXPECT_EQ(get(&word), x[0].tid | WAITERS);
	await(&x[0].got);
	UK_EXPECT(!is_set(&x[1].got));
	UK_EXPECT_EQ(end(&x[0]), 0);
	await(&x[1].got);
	UK_EXPECT(!is_set(&x[2].got));
	UK_EXPECT_EQ(end(&x[1]), 0);
	await(&x[2].got);
	/* Nobody waits any more. */
	UK_EXPECT_EQ(word, x[2].tid);
	UK_EXPECT_EQ(end(&x[2]), 0);
	UK_EXPECT_EQ(word, 0);
}

UK_TEST(futex_pi, what_makes_no_sense_is_refused)
{
	const struct uk_abi_timespec bad = { 0, 1000000000 };
	uint32_t *const odd = (uint32_t *)((char *)(uint32_t[2]){ 0 } + 1);
	const uint32_t gone = 0x3ffffff;
	uint32_t word = my_tid(), other = 0;
	struct wanter x;

	UK_EXPECT_EQ(futex(&word, LOCK, 0, 0, NULL, 0), -EDEADLK);
	UK_EXPECT_EQ(futex(&word, TRYLOCK, 0, 0, NULL, 0), -EDEADLK);
	UK_EXPECT_EQ(word, my_tid());
	word = 0;
	UK_EXPECT_EQ(futex(&word, UNLOCK, 0, 0, NULL, 0), -EPERM);
	word = gone;
	UK_EXPECT_EQ(futex(&word, LOCK, 0, 0, NULL, 0), -ESRCH);
	UK_EXPECT_EQ(futex(&word, TRYLOCK, 0, 0, NULL, 0), -ESRCH);
	UK_EXPECT_EQ(word, gone);
	begin_having(&x, &other);
	UK_EXPECT_EQ(futex(&other, TRYLOCK, 0, 0, NULL, 0), -EAGAIN);
	UK_EXPECT_EQ(futex(&other, UNLOCK, 0, 0, NULL, 0), -EPERM);
	UK_EXPECT_EQ(other, x.tid);
	UK_EXPECT_EQ(end(&x), 0);
	for (int op = LOCK; op <= TRYLOCK; op++) {
		UK_EXPECT_EQ(futex(odd, op, 0, 0, NULL, 0), -EINVAL);
		UK_EXPECT_EQ(futex(BAD, op, 0, 0, NULL, 0), -EFAULT);
		UK_EXPECT_EQ(futex(NULL, op, 0, 0, NULL, 0), -EFAULT);
		UK_EXPECT_EQ(futex(&word, op | REALTIME, 0, 0, NULL, 0),
			     -ENOSYS);
	}
	UK_EXPECT_EQ(futex(&word, LOCK, 0, (long)BAD, NULL, 0), -EFAULT);
	UK_EXPECT_EQ(futex(&word, LOCK, 0, (long)&bad, NULL, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&word, LOCK2, 0, (long)&bad, NULL, 0), -EINVAL);
}

UK_TEST(futex_pi, a_word_that_is_nobodys_while_others_wait_is_refused)
{
	uint32_t word = my_tid();
	struct wanter x;

	begin_waiting(&x, &word);
	word = 0;
	UK_EXPECT_EQ(futex(&word, LOCK, 0, 0, NULL, 0), -EINVAL);
	word = 0x3ffffff;
	UK_EXPECT_EQ(futex(&word, LOCK, 0, 0, NULL, 0), -EINVAL);
	/* Or that of one who waits. */
	word = x.tid;
	UK_EXPECT_EQ(futex(&word, LOCK, 0, 0, NULL, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&word, UK_ABI_FUTEX_WAKE, 1, 0, NULL, 0), -EINVAL);
	word = my_tid();
	UK_EXPECT_EQ(futex(&word, UNLOCK, 0, 0, NULL, 0), 0);
	UK_EXPECT_EQ(end(&x), 0);
	UK_EXPECT_EQ(futex(&word, UK_ABI_FUTEX_WAKE, 1, 0, NULL, 0), 0);
}

UK_TEST(futex_pi, a_lock_whose_owner_waits_for_the_caller_is_refused)
{
	uint32_t word = my_tid(), of_x = 0, of_y = 0;
	struct wanter x, y;

	begin_waiting(&x, &word);
	of_x = x.tid;
	begin_waiting(&y, &of_x);
	of_y = y.tid;
	UK_EXPECT_EQ(futex(&of_x, LOCK, 0, 0, NULL, 0), -EDEADLK);
	UK_EXPECT_EQ(futex(&of_y, LOCK, 0, 0, NULL, 0), -EDEADLK);
	UK_EXPECT_EQ(of_y, y.tid);
	UK_EXPECT_EQ(futex(&of_y, TRYLOCK, 0, 0, NULL, 0), -EAGAIN);
	UK_EXPECT_EQ(futex(&word, UNLOCK, 0, 0, NULL, 0), 0);
	await(&x.got);
	/* It ends with the other one. */
	UK_EXPECT_EQ(end(&x), 0);
	await(&y.got);
	UK_EXPECT_EQ(of_x, y.tid | DIED);
	UK_EXPECT_EQ(end(&y), 0);
	UK_EXPECT_EQ(of_x, 0);
}

UK_TEST(futex_pi, a_wait_ends_at_a_time_of_either_clock)
{
	const uint32_t me = my_tid();
	uint32_t word = 0;
	struct wanter x;

	begin_having(&x, &word);
	for (int i = 0; i < 3; i++) {
		const int op = i == 0 ? LOCK : i == 1 ? LOCK2 :
						       LOCK2 | REALTIME;
		const uint64_t now = i == 1 ? uk_time_now() : uk_time_wall();
		const struct uk_abi_timespec ts = as_timespec(now + 2 * MS);

		UK_EXPECT_EQ(futex(&word, op, 0, (long)&ts, NULL, 0),
			     -ETIMEDOUT);
		UK_EXPECT((i == 1 ? uk_time_now() : uk_time_wall()) >=
			  now + 2 * MS);
		UK_EXPECT_EQ(word, x.tid | WAITERS);
	}
	UK_EXPECT_EQ(end(&x), 0);
	UK_EXPECT_EQ(word, 0);
	/* What is free is had, however late it is. */
	UK_EXPECT_EQ(futex(&word, LOCK2, 0,
			   (long)&(struct uk_abi_timespec){ 0, 0 }, NULL, 0),
		     0);
	UK_EXPECT_EQ(word, me);
}

struct until {
	uint32_t *word;
	uint64_t wall_ns;
	long rc;
};

static void lock_until(void *arg)
{
	struct until *const u = arg;
	const struct uk_abi_timespec ts = as_timespec(u->wall_ns);

	u->rc = futex(u->word, LOCK, 0, (long)&ts, NULL, 0);
}

UK_TEST(futex_pi, a_wait_until_a_wall_time_moves_with_that_clock)
{
	const uint64_t wall_ns = uk_time_wall(), now_ns = uk_time_now();
	uint32_t word = my_tid();
	struct until u = {
		.word = &word,
		.wall_ns = wall_ns + 1000 * UK_TIME_NS_PER_SEC,
	};
	struct uk_thread *const t = uk_test_spawn(lock_until, &u);

	uk_test_until_it_waits(t);
	uk_time_wall_set(wall_ns - 100 * UK_TIME_NS_PER_SEC);
	uk_sched_thread_sleep(2 * MS);
	UK_EXPECT(!uk_thread_is_runnable(t));
	uk_time_wall_set(u.wall_ns);
	uk_thread_join(t);
	UK_EXPECT_EQ(u.rc, -ETIMEDOUT);
	uk_time_wall_set(wall_ns + (uk_time_now() - now_ns));
}

UK_TEST(futex_pi, one_of_several_can_give_up)
{
	const struct uk_abi_timespec ts = as_timespec(uk_time_now() + 2 * MS);
	struct wanter x[2];
	uint32_t word = 0;

	begin_having(&x[0], &word);
	begin_waiting(&x[1], &word);
	UK_EXPECT_EQ(futex(&word, LOCK2, 0, (long)&ts, NULL, 0), -ETIMEDOUT);
	UK_EXPECT_EQ(end(&x[0]), 0);
	await(&x[1].got);
	UK_EXPECT_EQ(word, x[1].tid);
	UK_EXPECT_EQ(end(&x[1]), 0);
	UK_EXPECT_EQ(word, 0);
}

UK_TEST(futex_pi, without_memory_nothing_changes)
{
	uint32_t word = 0;
	struct wanter x;

	begin_having(&x, &word);
	uk_test_fail_nth(1);
	UK_EXPECT_EQ(futex(&word, LOCK, 0, 0, NULL, 0), -ENOMEM);
	uk_test_fail_nth(0);
	UK_EXPECT_EQ(word, x.tid);
	UK_EXPECT_EQ(end(&x), 0);
}

UK_TEST(futex_pi, what_its_owner_exits_with_goes_to_the_next_and_says_so)
{
	uint32_t word = 0;
	struct wanter x, y[2];

	begin_having(&x, &word);
	x.exits = true;
	begin_waiting(&y[0], &word);
	begin_waiting(&y[1], &word);
	UK_EXPECT_EQ(end(&x), 0);
	await(&y[0].got);
	UK_EXPECT_EQ(word, y[0].tid | WAITERS | DIED);
	UK_EXPECT_EQ(end(&y[0]), 0);
	await(&y[1].got);
	/* It has been made good, or who had it would have said so. */
	UK_EXPECT_EQ(word, y[1].tid);
	UK_EXPECT_EQ(end(&y[1]), 0);
}

struct robust {
	uint64_t next;
	uint32_t word;
};

/* With one that inherits in its list. */
static void exit_robust(void *arg)
{
	static struct uk_abi_robust_head head;
	struct robust *const lock = arg;

	lock->word = my_tid() | WAITERS;
	lock->next = (uint64_t)&head;
	head = (struct uk_abi_robust_head){
		.next = (uint64_t)lock | 1,
		.offset = offsetof(struct robust, word),
	};
	(void)uk_syscall_r_set_robust_list((long)&head, sizeof(head));
	uk_syscall_r_exit(0);
}

UK_TEST(futex_pi, a_robust_one_says_that_its_owner_has_gone)
{
	struct robust lock;

	uk_thread_join(uk_test_spawn(exit_robust, &lock));
	UK_EXPECT_EQ(lock.word, DIED | WAITERS);
	UK_EXPECT_EQ(futex(&lock.word, LOCK, 0, 0, NULL, 0), 0);
	UK_EXPECT_EQ(lock.word, my_tid() | DIED);
}

UK_TEST(futex_pi, a_lock_follows_the_word_that_was_freed_by_who_exits)
{
	const uint32_t me = my_tid();
	uint32_t word = 0;
	struct wanter x, y;

	begin_having(&x, &word);
	x.exits = true;
	begin_waiting(&y, &word);
	/* A C library frees it there, and another thread comes by. */
	word = DIED;
	word = me | DIED;
	UK_EXPECT_EQ(end(&x), 0);
	UK_EXPECT_EQ(word, me | DIED | WAITERS);
	UK_EXPECT(!is_set(&y.got));
	UK_EXPECT_EQ(futex(&word, UNLOCK, 0, 0, NULL, 0), 0);
	await(&y.got);
	UK_EXPECT_EQ(end(&y), 0);
	UK_EXPECT_EQ(word, 0);
}

UK_TEST(futex_pi, or_before_that_by_who_waits_for_it_too)
{
	const uint32_t me = my_tid();
	uint32_t word = 0;
	struct wanter x, y[2];

	begin_having(&x, &word);
	x.exits = true;
	begin_waiting(&y[0], &word);
	word = me | DIED;
	begin_waiting(&y[1], &word);
	UK_EXPECT_EQ(word, me | DIED | WAITERS);
	UK_EXPECT_EQ(end(&x), 0);
	UK_EXPECT_EQ(futex(&word, UNLOCK, 0, 0, NULL, 0), 0);
	UK_EXPECT_EQ(end(&y[0]), 0);
	UK_EXPECT_EQ(end(&y[1]), 0);
	UK_EXPECT_EQ(word, 0);
}

UK_TEST(futex_pi, a_waiter_with_something_else_to_do_comes_back)
{
	uint32_t word = my_tid();
	struct wanter x;

	begin_waiting(&x, &word);
	uk_test_interrupt(x.thread);
	uk_sched_thread_sleep(MS);
	UK_EXPECT_EQ(futex(&word, UNLOCK, 0, 0, NULL, 0), 0);
	await(&x.got);
	/* The call was made again, or has said that it was interrupted. */
	UK_EXPECT(x.rc == 0 || x.rc == -EINTR);
	(void)end(&x);
}
