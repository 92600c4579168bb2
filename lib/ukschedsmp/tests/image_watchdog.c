/* SPDX-License-Identifier: BSD-3-Clause */
/* CPUs that stand still, with LIBUKSCHEDSMP_WATCHDOG. */
#include "../smp_priv.h"

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/preempt.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/time.h>

#define STACK	8192

/* The parameter is 50 for these (support/tests/suites/inimage.py). */
#define LONG_NS	(6 * 50 * UK_TIME_NS_PER_MS)

static void nothing(void *arg UK_UNUSED)
{
}

/* Until it is reported, but no longer than five seconds. */
static void block_cpu(void *arg UK_UNUSED)
{
	const unsigned int before = smp_watchdog_reports(SMP_IRQS_OFF);
	const uint64_t end_ns = uk_time_now() + 5 * UK_TIME_NS_PER_SEC;
	const unsigned long irq = ukarch_irq_save();

	while (smp_watchdog_reports(SMP_IRQS_OFF) == before &&
	       uk_time_now() < end_ns)
		ukarch_spin_wait();
	ukarch_irq_restore(irq);
}

static struct uk_thread *start(uk_thread_fn1_t fn, unsigned int cpu)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, NULL, a, STACK, NULL, 0, NULL, false, "stuck", NULL,
		NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_thread_set_affinity(t, UINT64_C(1) << cpu), 0);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

UK_TEST(on_demand, watchdog_reports_once_who_keeps_preemption_off)
{
	unsigned int before;
	struct uk_thread *t;

	before = smp_watchdog_reports(SMP_KEEPS_CPU);
	uk_preempt_disable();
	t = start(nothing, 0);
	uk_time_spin(LONG_NS);
	uk_preempt_enable();
	UK_EXPECT_EQ(smp_watchdog_reports(SMP_KEEPS_CPU) - before, 1);
	uk_thread_join(t);
}

UK_TEST(on_demand, watchdog_leaves_alone_who_has_the_cpu_for_himself)
{
	const unsigned int before = smp_watchdog_reports(SMP_KEEPS_CPU);

	uk_preempt_disable();
	uk_time_spin(LONG_NS);
	uk_preempt_enable();
	UK_EXPECT_EQ(smp_watchdog_reports(SMP_KEEPS_CPU), before);
}

UK_TEST(on_demand, watchdog_reports_a_cpu_that_takes_no_interrupts)
{
	const unsigned int before = smp_watchdog_reports(SMP_IRQS_OFF);
	struct uk_thread *t;

	t = start(block_cpu, 1);
	uk_thread_join(t);
	UK_EXPECT_GE(smp_watchdog_reports(SMP_IRQS_OFF) - before, 1);
}
