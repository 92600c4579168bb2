/* SPDX-License-Identifier: BSD-3-Clause */
/* The local APIC's timer; that it interrupts is shown in lib/uktime. */
#include <uk/timer.h>

#include <stdbool.h>

#include <uk/apic.h>
#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/compiler.h>
#include <uk/intctlr.h>
#include <uk/percpu.h>
#include <uk/test.h>
#include <uk/time.h>

static volatile unsigned int fired;

static void note(struct uk_timer *timer UK_UNUSED)
{
	fired++;
}

#define OTHER	"another timer on this machine"

/* Is it the local APIC's that was chosen, by which its interrupt has a name? */
static bool is_the_timer(struct uk_timer *timer)
{
	struct uk_intctlr_stat stat;

	/* It is when the first timer is started. */
	uk_timer_start(timer, UK_TIME_NEVER);
	(void)uk_timer_stop(timer);
	return uk_apic_is_on() &&
	       uk_intctlr_stat(UK_APIC_IRQ_TIMER, &stat) == 0 && stat.name;
}

UK_TEST(timer_lapic, it_interrupts_as_often_as_timers_are_due)
{
	struct uk_intctlr_stat before, after;
	struct uk_timer timer;

	uk_timer_init(&timer, note);
	if (!is_the_timer(&timer))
		UK_TEST_SKIP(OTHER);
	UK_EXPECT_EQ(uk_intctlr_stat(UK_APIC_IRQ_TIMER, &before), 0);
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

/* It is due while it is masked: a local APIC does not keep it, KVM's does. */
static bool lose_interrupt(struct uk_timer *timer)
{
	fired = 0;
	uk_intctlr_local_disable(UK_APIC_IRQ_TIMER);
	uk_timer_start(timer, uk_time_now() + 2 * UK_TIME_NS_PER_MS);
	uk_time_spin(150 * UK_TIME_NS_PER_MS);
	uk_intctlr_local_enable(UK_APIC_IRQ_TIMER);
	return uk_test_irq_stays_away(&fired, 1);
}

/* Something else wakes this CPU. */
static void go_idle(void)
{
	const unsigned long irq = ukarch_irq_save();

	uk_intctlr_ipi_send(UK_IPI_RESCHED, uk_this_cpu_ptr(uk_cpu)->hwid);
	uk_time_idle();
	ukarch_irq_restore(irq);
}

UK_TEST(timer_lapic, an_interrupt_that_was_lost_is_set_again_by_who_goes_on)
{
	struct uk_timer timer, other;

	uk_timer_init(&timer, note);
	uk_timer_init(&other, note);
	if (!is_the_timer(&timer))
		UK_TEST_SKIP(OTHER);
	if (!lose_interrupt(&timer))
		UK_TEST_SKIP("this local APIC keeps what it masks");
	for (unsigned int i = 0; i < 64; i++) {
		uk_timer_start(&other, UK_TIME_NEVER);
		(void)uk_timer_stop(&other);
	}
	UK_EXPECT(uk_test_irq_comes(&fired, 1));

	UK_EXPECT(lose_interrupt(&timer));
	go_idle();
	go_idle();
	UK_EXPECT(uk_test_irq_comes(&fired, 1));
	(void)uk_timer_stop_wait(&timer);
}
