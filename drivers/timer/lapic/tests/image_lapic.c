/* SPDX-License-Identifier: BSD-3-Clause */
/* The local APIC's timer; that it interrupts is shown in lib/uktime. */
#include <uk/timer.h>

#include <uk/apic.h>
#include <uk/compiler.h>
#include <uk/intctlr.h>
#include <uk/test.h>
#include <uk/time.h>

static volatile unsigned int fired;

static void note(struct uk_timer *timer UK_UNUSED)
{
	fired++;
}

UK_TEST(timer_lapic, it_interrupts_as_often_as_timers_are_due)
{
	struct uk_intctlr_stat before, after;
	struct uk_timer timer;

	/* Found when the first timer is started. */
	uk_timer_init(&timer, note);
	uk_timer_start(&timer, UK_TIME_NEVER);
	(void)uk_timer_stop(&timer);
	if (!uk_apic_is_on())
		UK_TEST_SKIP("no APIC on this machine");
	UK_EXPECT_EQ(uk_intctlr_stat(UK_APIC_IRQ_TIMER, &before), 0);
	UK_EXPECT_NOT_NULL(before.name);
	fired = 0;
	for (unsigned int i = 1; i <= 1000; i++) {
		uk_timer_start(&timer, uk_time_now() + UK_TIME_NS_PER_US);
		if (!UK_EXPECT(uk_test_irq_comes(&fired, i)))
			break;
	}
	(void)uk_timer_stop_wait(&timer);
	UK_EXPECT_EQ(uk_intctlr_stat(UK_APIC_IRQ_TIMER, &after), 0);
	/* The rate is a lower bound: some come early, and are set again. */
	UK_EXPECT_GE(after.count - before.count, 1000);
	UK_EXPECT_LE(after.count - before.count, 2200);
}
