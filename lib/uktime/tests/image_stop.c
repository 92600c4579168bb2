/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A machine that is stopped for some seconds and goes on, for which
 * support/tests/suites/kvm.py sees to it. Whether its clocks stand still
 * meanwhile is the hypervisor's choice; back they do not go.
 */
#include <uk/timer.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/test.h>
#include <uk/time.h>

#define LONG_NS		(5 * UK_TIME_NS_PER_SEC)
#define NAP_NS		(20 * UK_TIME_NS_PER_MS)

static volatile bool woken;

static void wake(struct uk_timer *timer UK_UNUSED)
{
	woken = true;
}

/* Idle until a timer says that it is @deadline_ns; what time is it then? */
static uint64_t nap(struct uk_timer *timer, uint64_t deadline_ns)
{
	unsigned long irq;

	woken = false;
	uk_timer_start(timer, deadline_ns);
	irq = ukarch_irq_save();
	while (!woken) {
		uk_time_idle();
		ukarch_irq_disable();
	}
	ukarch_irq_restore(irq);
	return uk_time_now();
}

UK_TEST(on_demand, time_does_not_go_back_and_naps_end_in_a_stopped_machine)
{
	const uint64_t end_ns = uk_time_now() + LONG_NS;
	uint64_t before_ns, after_ns = uk_time_now();
	struct uk_timer timer;

	uk_timer_init(&timer, wake);
	while (after_ns < end_ns) {
		before_ns = uk_time_now();
		if (!UK_EXPECT_GE(before_ns, after_ns))
			return;
		after_ns = nap(&timer, before_ns + NAP_NS);
		if (!UK_EXPECT_GE(after_ns, before_ns + NAP_NS))
			return;
	}
}
