/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's virtual timer, through lib/uktime. */
#include <uk/timer.h>

#include <uk/arch/cpu.h>
#include <uk/clock.h>
#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/intctlr.h>
#include <uk/preempt.h>
#include <uk/test.h>
#include <uk/time.h>

/* CNTV_CTL_EL0: it may interrupt. */
#define CTL_ENABLE	1u

static struct {
	struct uk_timer timer;
	volatile uint64_t ran_ns;
	volatile bool in_irq;
	volatile unsigned int n;
} w;

static void note(struct uk_timer *timer UK_UNUSED)
{
	w.ran_ns = uk_time_now();
	w.in_irq = uk_in_irq();
	w.n++;
}

static uint64_t ctl(void)
{
	uint64_t value;

	__asm__ volatile("mrs %0, cntv_ctl_el0" : "=r"(value) : : "memory");
	return value;
}

/* Compute, with interrupts on, until @n timers have run. */
static bool compute_until(unsigned int n)
{
	const uint64_t end_ns = uk_time_now() + UK_TIME_NS_PER_SEC;
	const unsigned long irq = ukarch_irq_save();

	ukarch_irq_enable();
	while (w.n < n && uk_time_now() < end_ns)
		;
	ukarch_irq_restore(irq);
	return w.n >= n;
}

UK_TEST(timer_arm_event, it_interrupts_who_computes_when_it_is_time)
{
	const uint64_t due_ns = uk_time_now() + 2 * UK_TIME_NS_PER_MS;

	w.n = 0;
	uk_timer_init(&w.timer, note);
	uk_timer_start(&w.timer, due_ns);
	if (!UK_EXPECT(compute_until(1)))
		return;
	UK_EXPECT_EQ(w.n, 1);
	UK_EXPECT(w.in_irq);
	UK_EXPECT_GE(w.ran_ns, due_ns);
}

UK_TEST(timer_arm_event, it_is_silent_when_nothing_is_due)
{
	w.n = 0;
	uk_timer_init(&w.timer, note);
	uk_timer_start(&w.timer, 0);
	if (!UK_EXPECT(compute_until(1)))
		return;
	UK_EXPECT_EQ(ctl() & CTL_ENABLE, 0);
	UK_EXPECT_EQ(uk_timer_next(), UK_TIME_NEVER);
}

UK_TEST(timer_arm_event, a_thousand_times_in_a_row_come_one_by_one)
{
	struct uk_intctlr_stat before, after;

	UK_EXPECT_EQ(uk_intctlr_stat(27, &before), 0);
	uk_timer_init(&w.timer, note);
	for (unsigned int i = 0; i < 1000; i++) {
		w.n = 0;
		uk_timer_start(&w.timer, uk_time_now() + 1000);
		if (!UK_EXPECT(compute_until(1)) || !UK_EXPECT_EQ(w.n, 1))
			return;
	}
	UK_EXPECT_EQ(uk_intctlr_stat(27, &after), 0);
	/* One may have come early, and was set again. */
	UK_EXPECT_GE(after.count - before.count, 1000);
	UK_EXPECT_LE(after.count - before.count, 1100);
}
