/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A guest that is stopped and goes on while it sleeps and measures. Picked by
 * name: suites/clocks.py stops it when it says so.
 */
#include <uk/timer.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/print.h>
#include <uk/test.h>
#include <uk/time.h>

#define SLEEP_NS	(10 * UK_TIME_NS_PER_MS)
#define AS_LONG_NS	(3 * UK_TIME_NS_PER_SEC)

static volatile unsigned int fired;

static void note(struct uk_timer *timer UK_UNUSED)
{
	fired++;
}

/* Sleep for 10 ms; returns how late it was. */
static uint64_t sleep_once(struct uk_timer *timer)
{
	const uint64_t due_ns = uk_time_now() + SLEEP_NS;
	const unsigned int was = fired;
	const unsigned long irq = ukarch_irq_save();
	uint64_t now_ns;

	uk_timer_start(timer, due_ns);
	while (fired == was) {
		uk_time_idle();
		ukarch_irq_disable();
	}
	ukarch_irq_restore(irq);
	now_ns = uk_time_now();
	UK_EXPECT_GE(now_ns, due_ns);
	UK_EXPECT_EQ(fired, was + 1);
	return now_ns - due_ns;
}

UK_TEST(on_demand, sleeps_end_and_time_goes_on_after_a_stop)
{
	const uint64_t begin_ns = uk_time_now();
	uint64_t last_ns = begin_ns, wall_ns = uk_time_wall(), wall2_ns;
	uint64_t late_ns = 0;
	unsigned int nsleeps = 0;
	struct uk_timer timer;

	uk_timer_init(&timer, note);
	fired = 0;
	uk_pr_info("sleeping");
	while (last_ns - begin_ns < AS_LONG_NS) {
		const uint64_t ns = sleep_once(&timer);
		const uint64_t now_ns = uk_time_now();

		wall2_ns = uk_time_wall();
		if (!UK_EXPECT_GE(now_ns, last_ns) ||
		    !UK_EXPECT_GE(wall2_ns, wall_ns))
			return;
		if (ns > late_ns)
			late_ns = ns;
		wall_ns = wall2_ns;
		last_ns = now_ns;
		nsleeps++;
	}
	/* One timer, one interrupt: none are made up for. */
	UK_EXPECT_EQ(fired, nsleeps);
	UK_EXPECT_LE(nsleeps, AS_LONG_NS / SLEEP_NS + 1);
	uk_pr_info("woke, at most %lu ms late", late_ns / UK_TIME_NS_PER_MS);
}
