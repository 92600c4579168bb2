/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's own timer, through lib/uktime. */
#include <uk/timer.h>

#include <uk/apic.h>
#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/intctlr.h>
#include <uk/preempt.h>
#include <uk/test.h>
#include <uk/time.h>

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

/* Start it in @ns; false: this machine has another timer. */
static bool begin(uint64_t ns)
{
	struct uk_intctlr_stat stat;

	w.n = 0;
	uk_timer_init(&w.timer, note);
	uk_timer_start(&w.timer, uk_time_now() + ns);
	return uk_apic_is_on() &&
	       UK_EXPECT_EQ(uk_intctlr_stat(UK_APIC_IRQ_TIMER, &stat), 0) &&
	       UK_EXPECT_NOT_NULL(stat.name);
}

UK_TEST(timer_lapic, it_interrupts_who_computes_when_it_is_time)
{
	const uint64_t due_ns = uk_time_now() + 2 * UK_TIME_NS_PER_MS;

	if (!begin(due_ns - uk_time_now())) {
		(void)compute_until(1);
		UK_TEST_SKIP("no APIC on this machine");
	}
	if (!UK_EXPECT(compute_until(1)))
		return;
	UK_EXPECT_EQ(w.n, 1);
	UK_EXPECT(w.in_irq);
	UK_EXPECT_GE(w.ran_ns, due_ns);
}

UK_TEST(timer_lapic, a_thousand_times_in_a_row_come_one_by_one)
{
	struct uk_intctlr_stat before, after;

	UK_EXPECT_EQ(uk_intctlr_stat(UK_APIC_IRQ_TIMER, &before), 0);
	for (unsigned int i = 0; i < 1000; i++) {
		const bool has_apic = begin(1000);

		if (!UK_EXPECT(compute_until(1)) || !UK_EXPECT_EQ(w.n, 1))
			return;
		if (!has_apic)
			UK_TEST_SKIP("no APIC on this machine");
	}
	UK_EXPECT_EQ(uk_intctlr_stat(UK_APIC_IRQ_TIMER, &after), 0);
	/* Some may have come early, and were set again. */
	UK_EXPECT_GE(after.count - before.count, 1000);
	UK_EXPECT_LE(after.count - before.count, 2200);
}
