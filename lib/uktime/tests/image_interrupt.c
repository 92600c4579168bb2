/* SPDX-License-Identifier: BSD-3-Clause */
/* Whatever timer interrupts on this machine, through lib/uktime. */
#include <uk/timer.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/preempt.h>
#include <uk/test.h>
#include <uk/time.h>

static struct {
	struct uk_timer timer;
	uint64_t ran_ns;
	bool in_irq;
	volatile unsigned int n;
} w;

static void note(struct uk_timer *timer UK_UNUSED)
{
	w.ran_ns = uk_time_now();
	w.in_irq = uk_in_irq();
	w.n++;
}

/* Is somebody who computes interrupted, once and not before @due_ns? */
static bool interrupts_at(uint64_t due_ns)
{
	w.n = 0;
	uk_timer_init(&w.timer, note);
	uk_timer_start(&w.timer, due_ns);
	if (!uk_test_irq_comes(&w.n, 1)) {
		(void)uk_timer_stop_wait(&w.timer);
		return false;
	}
	UK_EXPECT_EQ(w.n, 1);
	UK_EXPECT(w.in_irq);
	UK_EXPECT_GE(w.ran_ns, due_ns);
	return true;
}

UK_TEST(timer_interrupt, who_computes_is_interrupted_when_it_is_time)
{
	/* The last is longer than some timers can wait in one go. */
	static const uint64_t us[] = { 0, 1, 100, 2000, 200000 };

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(us); i++)
		if (!UK_EXPECT(interrupts_at(uk_time_now() +
					     us[i] * UK_TIME_NS_PER_US)))
			return;
}

UK_TEST(timer_interrupt, a_thousand_in_a_row_come_one_by_one)
{
	for (unsigned int i = 0; i < 1000; i++)
		if (!UK_EXPECT(interrupts_at(uk_time_now() +
					     UK_TIME_NS_PER_US)))
			return;
}
