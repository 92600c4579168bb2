/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's virtual timer; that it interrupts is shown in lib/uktime. */
#include <uk/timer.h>

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/intctlr.h>
#include <uk/test.h>
#include <uk/time.h>

#define VIRTUAL_IRQ	27u
#define PHYSICAL_IRQ	30u

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

/*
 * The timer's interrupt, which is set, does not come: it is switched off before
 * it is due, also where a host takes this CPU away for some milliseconds.
 */
static void lose_interrupt(struct uk_timer *timer)
{
	const unsigned long irq = ukarch_irq_save();

	fired = 0;
	uk_timer_start(timer, uk_time_now() + 20 * UK_TIME_NS_PER_MS);
	__asm__ volatile("msr cntv_ctl_el0, xzr\n\tisb" : : : "memory");
	ukarch_irq_restore(irq);
	uk_time_spin(150 * UK_TIME_NS_PER_MS);
	UK_EXPECT(uk_test_irq_stays_away(&fired, 1));
}

static enum uk_irq_result on_physical(unsigned int irq UK_UNUSED,
				      void *arg UK_UNUSED)
{
	__asm__ volatile("msr cntp_ctl_el0, xzr\n\tisb" : : : "memory");
	return UK_IRQ_HANDLED;
}

/* Something else wakes this CPU: the timer that nobody uses. */
static void go_idle(void)
{
	const unsigned long irq = ukarch_irq_save();

	__asm__ volatile("msr cntp_tval_el0, xzr\n\t"
			 "msr cntp_ctl_el0, %0\n\tisb"
			 : : "r"(UINT64_C(1)) : "memory");
	uk_time_idle();
	ukarch_irq_restore(irq);
}

UK_TEST(timer_arm_event, an_interrupt_that_was_lost_is_set_again_by_who_goes_on)
{
	struct uk_timer timer, other;

	uk_timer_init(&timer, note);
	uk_timer_init(&other, note);
	lose_interrupt(&timer);
	for (unsigned int i = 0; i < 64; i++) {
		uk_timer_start(&other, UK_TIME_NEVER);
		(void)uk_timer_stop(&other);
	}
	UK_EXPECT(uk_test_irq_comes(&fired, 1));

	UK_EXPECT_EQ(uk_intctlr_local_register(PHYSICAL_IRQ, on_physical, NULL,
					       "test"), 0);
	uk_intctlr_local_enable(PHYSICAL_IRQ);
	lose_interrupt(&timer);
	go_idle();
	go_idle();
	uk_intctlr_local_disable(PHYSICAL_IRQ);
	UK_EXPECT(uk_test_irq_comes(&fired, 1));
	(void)uk_timer_stop_wait(&timer);
}
