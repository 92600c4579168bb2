/* SPDX-License-Identifier: BSD-3-Clause */
/* Timers of a machine that has nothing but the PIT to interrupt with. */
#include <uk/timer.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
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

/* Compute, with interrupts on, until the timer has run. */
static bool compute(void)
{
	const uint64_t end_ns = uk_time_now() + UK_TIME_NS_PER_SEC;
	const unsigned long irq = ukarch_irq_save();

	ukarch_irq_enable();
	while (!w.n && uk_time_now() < end_ns)
		;
	ukarch_irq_restore(irq);
	return w.n;
}

/* Picked by name for a CPU without an APIC (suites/inimage.py). */
UK_TEST(on_demand, the_pit_interrupts_when_timers_are_due)
{
	/* The last is longer than the PIT can wait in one go. */
	static const uint64_t us[] = { 1, 100, 2000, 200000 };
	struct uk_intctlr_stat stat;

	for (unsigned int i = 0; i < 4; i++) {
		const uint64_t due_ns = uk_time_now() +
					us[i] * UK_TIME_NS_PER_US;

		w.n = 0;
		uk_timer_init(&w.timer, note);
		uk_timer_start(&w.timer, due_ns);
		if (!UK_EXPECT(compute()))
			return;
		UK_EXPECT_EQ(w.n, 1);
		UK_EXPECT(w.in_irq);
		UK_EXPECT_GE(w.ran_ns, due_ns);
		UK_EXPECT_LT(w.ran_ns, due_ns + UK_TIME_NS_PER_SEC / 2);
	}
	UK_EXPECT_EQ(uk_intctlr_stat(uk_intctlr_isa_irq(0), &stat), 0);
	UK_EXPECT_GE(stat.count, 7);
}
