/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Code that keeps data below its stack pointer, as leaf functions of compiled
 * programs do, while it is interrupted all the time.
 */
#include <uk/timer.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/test.h>
#include <uk/time.h>

#define NINTERRUPTS	3000u

/*
 * Fill the 128 bytes below the stack pointer, and look at them until *@count
 * is @end; returns whether they ever changed. arch/
 */
bool time_test_watch_below_sp(const volatile unsigned int *count,
			      unsigned int end);

static struct {
	struct uk_timer timer;
	volatile unsigned int count;
} storm;

static void again(struct uk_timer *timer)
{
	if (++storm.count < NINTERRUPTS)
		uk_timer_start(timer, 0);
}

/* Does anything interrupt here at all? */
static bool interrupts_come(void)
{
	const uint64_t end = uk_time_now() + UK_TIME_NS_PER_SEC;

	uk_timer_start(&storm.timer, 0);
	while (storm.count == 0 && uk_time_now() < end)
		ukarch_spin_wait();
	return storm.count != 0;
}

UK_TEST(timer_storm, what_is_below_the_stack_pointer_stays)
{
	const unsigned long irqs = ukarch_irq_save();
	bool spoilt = true;

	uk_timer_init(&storm.timer, again);
	storm.count = 0;
	ukarch_irq_enable();
	if (interrupts_come())
		spoilt = time_test_watch_below_sp(&storm.count, NINTERRUPTS);
	ukarch_irq_restore(irqs);
	(void)uk_timer_stop_wait(&storm.timer);
	if (storm.count == 0)
		UK_TEST_SKIP("no timer interrupts on this machine");
	UK_EXPECT_EQ(storm.count, NINTERRUPTS);
	UK_EXPECT(!spoilt);
}
