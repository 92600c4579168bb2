/* SPDX-License-Identifier: BSD-3-Clause */
/* Locks that interrupt handlers use, with a timer's interrupt. */
#include <stdint.h>

#include <uk/mutex.h>
#include <uk/sched.h>
#include <uk/semaphore.h>
#include <uk/test.h>
#include <uk/time.h>
#include <uk/timer.h>

static struct {
	struct uk_timer timer;
	struct uk_semaphore sem;
	struct uk_mutex mutex;
	unsigned int left;	/* the handler's */
} x;

static bool again(void)
{
	if (--x.left == 0)
		return false;
	uk_timer_start(&x.timer, uk_time_now());
	return true;
}

static void give_one(struct uk_timer *timer UK_UNUSED)
{
	uk_semaphore_up_isr(&x.sem);
	(void)again();
}

static void begin(uk_timer_fn fn, unsigned int n)
{
	x = (__typeof__(x)){ .left = n };
	uk_semaphore_init(&x.sem, 0);
	uk_mutex_init(&x.mutex);
	uk_timer_init(&x.timer, fn);
	uk_timer_start(&x.timer, uk_time_now());
}

static void take_all(unsigned int n)
{
	begin(give_one, n);
	for (unsigned int i = 0; i < n; i++)
		uk_semaphore_down(&x.sem);
	UK_EXPECT_EQ(x.left, 0);
	UK_EXPECT_EQ(uk_semaphore_down_try(&x.sem), 0);
	(void)uk_timer_stop_wait(&x.timer);
}

UK_TEST(lock_irq, interrupts_each_wake_a_thread_once)
{
	take_all(5000);
}

/* With more time than a case has (support/tests/suites/inimage.py). */
UK_TEST(on_demand, a_hundred_thousand_interrupts_each_wake_a_thread_once)
{
	take_all(100000);
}

static void try_mutex(struct uk_timer *timer UK_UNUSED)
{
	if (uk_mutex_trylock_isr(&x.mutex))
		uk_mutex_unlock_isr(&x.mutex);
	if (!again())
		uk_semaphore_up_isr(&x.sem);
}

UK_TEST(lock_irq, a_handler_gets_a_mutex_or_does_not_and_never_waits)
{
	unsigned int n = 0;

	begin(try_mutex, 1000);
	while (!uk_semaphore_down_try(&x.sem)) {
		uk_mutex_lock(&x.mutex);
		n++;
		uk_mutex_unlock(&x.mutex);
		uk_sched_yield();
	}
	UK_EXPECT_GE(n, 1);
	UK_EXPECT(!uk_mutex_is_locked(&x.mutex));
	(void)uk_timer_stop_wait(&x.timer);
}
