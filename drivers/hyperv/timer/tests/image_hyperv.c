/* SPDX-License-Identifier: BSD-3-Clause */
/* The hypervisor's own clock and timer, where this machine has them. */
#include "../timer_priv.h"

#include <uk/hyperv.h>
#include <uk/apic.h>
#include <uk/arch/cpu.h>
#include <uk/bits/arch/msr.h>
#include <uk/compiler.h>
#include <uk/intctlr.h>
#include <uk/test.h>
#include <uk/time.h>
#include <uk/timer.h>

#define READINGS	100000u

static volatile unsigned int fired;

static void note(struct uk_timer *timer UK_UNUSED)
{
	fired++;
}

static bool has(uint32_t features)
{
	const struct uk_hyperv *const hv = uk_hyperv_get();

	return hv && (hv->features & features) == features;
}

UK_TEST(hyperv_machine, the_page_goes_forward_and_with_the_register)
{
	uint64_t last, before, after;

	if (!has(UK_HYPERV_COUNTER | UK_HYPERV_TSC_PAGE))
		UK_TEST_SKIP("no Hyper-V with a TSC page here");
	(void)uk_time_now();
	before = ukarch_msr_read(UK_HYPERV_MSR_COUNTER);
	last = hyperv_now();
	after = ukarch_msr_read(UK_HYPERV_MSR_COUNTER);
	UK_EXPECT(hyperv_page_agrees(before, last, after));
	for (unsigned int i = 0; i < READINGS; i++) {
		const uint64_t now = hyperv_now();

		if (!UK_EXPECT_GE(now, last))
			break;
		last = now;
	}
	UK_EXPECT_GT(last, before);
	UK_EXPECT_EQ(uk_time_resolution(), HYPERV_UNIT_NS);
}

UK_TEST(hyperv_machine, the_rate_of_the_tsc_is_told)
{
	const uint64_t hz = uk_hyperv_hz(UK_HYPERV_MSR_TSC_HZ);

	if (!hz)
		UK_TEST_SKIP("no Hyper-V that tells rates here");
	UK_EXPECT_EQ(ukarch_ticks_hz(), hz);
}

UK_TEST(hyperv_machine, each_timer_that_is_due_interrupts)
{
	struct uk_intctlr_stat before, after;
	struct uk_timer timer;

	uk_timer_init(&timer, note);
	uk_timer_start(&timer, UK_TIME_NEVER);
	(void)uk_timer_stop(&timer);
	if (!has(UK_HYPERV_COUNTER | UK_HYPERV_STIMER) || !uk_apic_is_on())
		UK_TEST_SKIP("no Hyper-V with synthetic timers here");
	UK_EXPECT_EQ(uk_intctlr_stat(UK_APIC_IRQ_HOST, &before), 0);
	UK_EXPECT_NOT_NULL(before.name);
	fired = 0;
	for (unsigned int i = 1; i <= 100; i++) {
		const uint64_t begin_ns = uk_time_now();

		uk_timer_start(&timer, begin_ns + 20 * UK_TIME_NS_PER_US);
		if (!UK_EXPECT(uk_test_irq_comes(&fired, i)))
			break;
		UK_EXPECT_GE(uk_time_now(), begin_ns + 20 * UK_TIME_NS_PER_US);
	}
	(void)uk_timer_stop_wait(&timer);
	UK_EXPECT_EQ(uk_intctlr_stat(UK_APIC_IRQ_HOST, &after), 0);
	UK_EXPECT_GE(after.count - before.count, 100);
	UK_EXPECT_LE(after.count - before.count, 220);
}
