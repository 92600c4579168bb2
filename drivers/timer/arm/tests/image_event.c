/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's virtual timer; that it interrupts is shown in lib/uktime. */
#include <uk/timer.h>

#include <uk/compiler.h>
#include <uk/intctlr.h>
#include <uk/test.h>
#include <uk/time.h>

#define VIRTUAL_IRQ	27u

/* CNTV_CTL_EL0: it may interrupt. */
#define CTL_ENABLE	1u

static volatile unsigned int fired;

static void note(struct uk_timer *timer UK_UNUSED)
{
	fired++;
}

static uint64_t ctl(void)
{
	uint64_t value;

	__asm__ volatile("mrs %0, cntv_ctl_el0" : "=r"(value) : : "memory");
	return value;
}

UK_TEST(timer_arm_event, it_interrupts_as_often_as_timers_are_due)
{
	struct uk_intctlr_stat before, after;
	struct uk_timer timer;

	UK_EXPECT_EQ(uk_intctlr_stat(VIRTUAL_IRQ, &before), 0);
	uk_timer_init(&timer, note);
	fired = 0;
	for (unsigned int i = 1; i <= 1000; i++) {
		uk_timer_start(&timer, uk_time_now() + UK_TIME_NS_PER_US);
		if (!UK_EXPECT(uk_test_irq_comes(&fired, i)))
			break;
	}
	(void)uk_timer_stop_wait(&timer);
	UK_EXPECT_EQ(uk_intctlr_stat(VIRTUAL_IRQ, &after), 0);
	/* One may have come early, and was set again. */
	UK_EXPECT_GE(after.count - before.count, 1000);
	UK_EXPECT_LE(after.count - before.count, 1100);
	/* Nothing is due, so it is silent. */
	if (uk_timer_next() == UK_TIME_NEVER)
		UK_EXPECT_EQ(ctl() & CTL_ENABLE, 0);
}
