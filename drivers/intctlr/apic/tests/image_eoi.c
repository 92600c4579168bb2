/* SPDX-License-Identifier: BSD-3-Clause */
/* Ends of interrupts that KVM does without, where this machine is KVM's. */
#include "../apic_priv.h"

#include <uk/apic.h>
#include <uk/bits/arch/hypervisor.h>
#include <uk/compiler.h>
#include <uk/preempt.h>
#include <uk/test.h>
#include <uk/time.h>
#include <uk/timer.h>

#define NTIMERS	20u

static volatile unsigned int fired;

static void note(struct uk_timer *timer UK_UNUSED)
{
	fired++;
}

UK_TEST(apic_eoi, most_interrupts_end_without_an_exit)
{
	struct uk_timer timer;
	uint32_t before;

	uk_timer_init(&timer, note);
	uk_timer_start(&timer, UK_TIME_NEVER);
	(void)uk_timer_stop(&timer);
	if (!uk_apic_is_on() ||
	    !apic_eoi_offered(ukarch_cpuid_kvm(ukarch_cpuid)))
		UK_TEST_SKIP("no KVM that offers it here");
	uk_preempt_disable();
	before = apic_eois_spared();
	fired = 0;
	for (unsigned int i = 1; i <= NTIMERS; i++) {
		uk_timer_start(&timer, uk_time_now() + UK_TIME_NS_PER_MS);
		if (!UK_EXPECT(uk_test_irq_comes(&fired, i)))
			break;
	}
	UK_EXPECT_GE(apic_eois_spared() - before, NTIMERS / 2);
	uk_preempt_enable();
	(void)uk_timer_stop_wait(&timer);
}
