/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A machine that has nothing but the PIT to interrupt with; that it does is
 * shown in lib/uktime.
 */
#include <uk/timer.h>

#include <uk/compiler.h>
#include <uk/intctlr.h>
#include <uk/test.h>
#include <uk/time.h>

static volatile unsigned int fired;

static void note(struct uk_timer *timer UK_UNUSED)
{
	fired++;
}

/* Picked by name for a CPU without an APIC (suites/inimage.py). */
UK_TEST(on_demand, the_pit_waits_in_steps_for_what_is_far)
{
	struct uk_intctlr_stat before, after;
	struct uk_timer timer;

	uk_timer_init(&timer, note);
	uk_timer_start(&timer, UK_TIME_NEVER);
	(void)uk_timer_stop(&timer);
	UK_EXPECT_EQ(uk_intctlr_stat(uk_intctlr_isa_irq(0), &before), 0);
	uk_timer_start(&timer, uk_time_now() + 200 * UK_TIME_NS_PER_MS);
	UK_EXPECT(uk_test_irq_comes(&fired, 1));
	UK_EXPECT_EQ(uk_intctlr_stat(uk_intctlr_isa_irq(0), &after), 0);
	/* 65,536 counts are 55 ms. */
	UK_EXPECT_GE(after.count - before.count, 4);
}
