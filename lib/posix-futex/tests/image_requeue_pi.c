/* SPDX-License-Identifier: BSD-3-Clause */
/* Who waits for a condition is moved to the lock that guards it. */
#include <uk/abi/time.h>

#include "pi_fixture.h"

#define BAD	((uint32_t *)16)

#define REQUEUE		UK_ABI_FUTEX_REQUEUE
#define WAKE		UK_ABI_FUTEX_WAKE

/* All of @n at @cond get the lock, one after the other, in their order. */
static void expect_all_get_it(struct wanter *x, int n, const uint32_t *lock)
{
	for (int i = 0; i < n; i++) {
		await(&x[i].got);
		UK_EXPECT_EQ(*lock, x[i].tid | (i + 1 < n ? WAITERS : 0));
		UK_EXPECT_EQ(end(&x[i]), 0);
	}
	UK_EXPECT_EQ(*lock, 0);
}

UK_TEST(futex_requeue_pi, who_is_moved_to_a_taken_lock_waits_for_it)
{
	uint32_t cond = 7, lock = my_tid();
	struct wanter x[3];

	for (int i = 0; i < 3; i++)
		begin_cond(&x[i], &lock, &cond);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, MANY, &lock, 7), 3);
	UK_EXPECT_EQ(lock, my_tid() | WAITERS);
	uk_sched_thread_sleep(UK_TIME_NS_PER_MS);
	for (int i = 0; i < 3; i++)
		UK_EXPECT(!is_set(&x[i].got));
	UK_EXPECT_EQ(futex(&lock, UNLOCK, 0, 0, NULL, 0), 0);
	expect_all_get_it(x, 3, &lock);
}

UK_TEST(futex_requeue_pi, the_first_gets_a_free_lock_at_once)
{
	uint32_t cond = 0, lock = 0;
	struct wanter x[3];

	for (int i = 0; i < 3; i++)
		begin_cond(&x[i], &lock, &cond);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, 0, &lock, 0), 1);
	await(&x[0].got);
	UK_EXPECT_EQ(lock, x[0].tid);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, MANY, &lock, 0), 2);
	expect_all_get_it(x, 3, &lock);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, MANY, &lock, 0), 0);
}

static struct uk_abi_timespec soon(void)
{
	const uint64_t ns = uk_time_now() + 2 * UK_TIME_NS_PER_MS;

	return (struct uk_abi_timespec){
		(long)(ns / UK_TIME_NS_PER_SEC),
		(long)(ns % UK_TIME_NS_PER_SEC),
	};
}

UK_TEST(futex_requeue_pi, a_wait_ends_when_its_time_is_over)
{
	const struct uk_abi_timespec ts = soon();
	uint32_t cond = 0, lock = 0;

	UK_EXPECT_EQ(futex(&cond, WAIT_REQUEUE, 0, (long)&ts, &lock, 0),
		     -ETIMEDOUT);
	UK_EXPECT_EQ(futex(&cond, WAIT_REQUEUE | REALTIME, 0, (long)&ts, &lock,
			   0), -ETIMEDOUT);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, MANY, &lock, 0), 0);
	UK_EXPECT_EQ(lock, 0);
}

struct late {
	uint32_t cond, lock;
	long rc;
};

static void wait_a_little(void *arg)
{
	struct late *const l = arg;
	const struct uk_abi_timespec ts = soon();

	l->rc = futex(&l->cond, WAIT_REQUEUE, 0, (long)&ts, &l->lock, 0);
}

UK_TEST(futex_requeue_pi, so_it_does_at_the_lock)
{
	struct late l = { .lock = my_tid() };
	long moved = 0;

	/* On a busy host its time may be over before it can be moved. */
	for (unsigned int i = 0; i < 100 && moved == 0; i++) {
		struct uk_thread *const t = uk_test_spawn(wait_a_little, &l);

		uk_test_until_it_waits(t);
		moved = futex(&l.cond, CMP_REQUEUE, 1, 0, &l.lock, 0);
		uk_thread_join(t);
		UK_EXPECT_EQ(l.rc, -ETIMEDOUT);
	}
	UK_EXPECT_EQ(moved, 1);
	UK_EXPECT_EQ(futex(&l.lock, UNLOCK, 0, 0, NULL, 0), 0);
	UK_EXPECT_EQ(l.lock, 0);
}

UK_TEST(futex_requeue_pi, who_is_interrupted_at_the_lock_looks_again)
{
	uint32_t cond = 0, lock = my_tid();
	struct wanter x;

	begin_cond(&x, &lock, &cond);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, 0, &lock, 0), 1);
	uk_test_interrupt(x.thread);
	UK_EXPECT_EQ(end(&x), -EAGAIN);
	UK_EXPECT_EQ(futex(&lock, UNLOCK, 0, 0, NULL, 0), 0);
	UK_EXPECT_EQ(lock, 0);
}

UK_TEST(futex_requeue_pi, who_would_wait_for_himself_stays)
{
	uint32_t cond = 0, lock = 0;
	struct wanter x;

	begin_cond(&x, &lock, &cond);
	lock = x.tid;
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, 0, &lock, 0), -EDEADLK);
	lock = 0;
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, 0, &lock, 0), 1);
	UK_EXPECT_EQ(end(&x), 0);
}

UK_TEST(futex_requeue_pi, what_makes_no_sense_is_refused)
{
	uint32_t *const odd = (uint32_t *)((char *)(uint32_t[2]){ 0 } + 1);
	uint32_t cond = 0, lock = 0, other = 0;
	struct wanter x;
	struct sleeper s;

	UK_EXPECT_EQ(futex(&cond, WAIT_REQUEUE, 1, 0, &lock, 0), -EAGAIN);
	UK_EXPECT_EQ(futex(&cond, WAIT_REQUEUE, 0, 0, &cond, 0), -EINVAL);
	UK_EXPECT_EQ(futex(odd, WAIT_REQUEUE, 0, 0, &lock, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&cond, WAIT_REQUEUE, 0, 0, odd, 0), -EINVAL);
	UK_EXPECT_EQ(futex(BAD, WAIT_REQUEUE, 0, 0, &lock, 0), -EFAULT);
	UK_EXPECT_EQ(futex(&cond, WAIT_REQUEUE, 0, 0, NULL, 0), -EFAULT);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 2, 0, &lock, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, -1, &lock, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, 0, &cond, 0), -EINVAL);
	UK_EXPECT_EQ(futex(odd, CMP_REQUEUE, 1, 0, &lock, 0), -EINVAL);
	UK_EXPECT_EQ(futex(BAD, CMP_REQUEUE, 1, 0, &lock, 0), -EFAULT);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE | REALTIME, 1, 0, &lock, 0),
		     -ENOSYS);

	begin_cond(&x, &lock, &cond);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, 0, &lock, 1), -EAGAIN);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, 0, &other, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&cond, WAKE, 1, 0, NULL, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&cond, REQUEUE, 1, 1, &other, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, 0, &lock, 0), 1);
	UK_EXPECT_EQ(end(&x), 0);

	lay_down(&s, &cond, 0, UK_FUTEX_ANY);
	UK_EXPECT_EQ(futex(&cond, CMP_REQUEUE, 1, 0, &lock, 0), -EINVAL);
	UK_EXPECT_EQ(futex(&cond, WAKE, 1, 0, NULL, 0), 1);
	UK_EXPECT_EQ(get_up(&s), 0);
}
