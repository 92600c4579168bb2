/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The timer of each local APIC, in one of two ways: it counts down once, or it
 * interrupts when the TSC has reached a value. The second is exact and one
 * write to an MSR, but a TSC that changes its rate would be late. A guest that
 * may be moved to another machine is not told that its TSC never does, though
 * its hypervisor's clock tells the rate at any time: each deadline is reckoned
 * by that clock, if there is one.
 *
 * A rate that is measured is never taken for higher than it is: a timer may be
 * early, as lib/uktime looks at the time and sets it again, but not late.
 */
#include "lapic_priv.h"

#include <stddef.h>

#include <uk/apic.h>
#include <uk/arch/cpu.h>
#include <uk/bits/arch/cpuid.h>
#include <uk/bits/arch/msr.h>
#include <uk/bits/arch/ticks.h>
#include <uk/clock.h>
#include <uk/clock_scale.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/print.h>
#include <uk/time.h>

#define MSR_DEADLINE	0x6e0u

/* A count of 16 ns where the bus has 1 GHz; so 32 bits are a minute. */
#define DIVIDE		16u
#define MAX_COUNT	0xffffffffu
#define MIN_COUNTS	2u
#define MIN_TICKS	500u
#define MAX_TICKS	(UINT64_C(1) << 40)

/* Set when the timer is chosen. */
static struct {
	struct uk_clock_scale scale;
	const struct uk_clock *follow;	/* it knows the TSC's rate; or NULL */
	bool deadline;
} timer;

static uint64_t counted(void)
{
	return MAX_COUNT - uk_apic_timer_get();
}

/* One leaf, if there are so many of its kind. */
static struct ukarch_cpuid leaf(uint32_t number)
{
	if (ukarch_cpuid(number & 0xffff0000, 0).eax < number)
		return (struct ukarch_cpuid){ 0 };
	return ukarch_cpuid(number, 0);
}

static void ask(struct lapic_leaves *l)
{
	const struct ukarch_cpuid ratio = leaf(0x15);

	l->features = ukarch_cpuid(1, 0).ecx;
	l->power = leaf(0x80000007).edx;
	l->ratio[0] = ratio.eax;
	l->ratio[1] = ratio.ebx;
	l->ratio[2] = ratio.ecx;
	l->bus_khz = leaf(0x40000010).ebx;
	l->host_hz = uk_apic_timer_told_hz();
}

static int find_rate(const struct lapic_leaves *l, uint64_t *hz)
{
	int rc = 0;

	if (!timer.deadline)
		*hz = lapic_told_hz(l) / DIVIDE;
	else if (timer.follow)
		*hz = timer.follow->ticks(timer.follow, UK_TIME_NS_PER_SEC);
	else
		*hz = ukarch_ticks_hz();
	if (*hz)
		return 0;
	if (timer.deadline) {
		rc = lapic_measure(ukarch_ticks_in_order, uk_time_now, hz);
	} else {
		uk_apic_timer_setup(UK_APIC_TIMER_ONESHOT, DIVIDE);
		uk_apic_timer_set(MAX_COUNT);
		rc = lapic_measure(counted, uk_time_now, hz);
		uk_apic_timer_set(0);
	}
	if (rc < 0)
		uk_pr_warn("the local APIC's timer does not count, or there "
			   "is no clock to measure it with");
	return rc;
}

/* The clock in use, if it knows how fast the TSC is. */
static const struct uk_clock *find_follow(void)
{
	const struct uk_clock *const clock = uk_clock_reference();

	return clock && clock->ticks ? clock : NULL;
}

static enum uk_irq_result on_irq(unsigned int irq UK_UNUSED,
				 void *arg UK_UNUSED)
{
	uk_clock_event_fired();
	return UK_IRQ_HANDLED;
}

static int event_start(struct uk_clock_event *event)
{
	struct lapic_leaves leaves;
	uint64_t hz;
	int rc;

	if (uk_intctlr_start() < 0 || !uk_apic_is_on())
		return -ENODEV;
	ask(&leaves);
	timer.follow = find_follow();
	timer.deadline = lapic_has_deadline(&leaves, timer.follow);
	rc = find_rate(&leaves, &hz);
	if (rc == 0 && (hz < UK_CLOCK_MIN_HZ || hz > UK_CLOCK_MAX_HZ)) {
		uk_pr_err("the local APIC's timer cannot have %lu Hz", hz);
		rc = -ERANGE;
	}
	if (rc == 0)
		rc = uk_intctlr_local_register(UK_APIC_IRQ_TIMER, on_irq, NULL,
					       "timer");
	if (rc < 0)
		return rc;

	uk_clock_scale_set(&timer.scale, hz);
	event->name = timer.deadline ? "lapic-deadline" : "lapic";
	event->min_ns = uk_clock_to_ns(&timer.scale, timer.deadline ?
				       MIN_TICKS : MIN_COUNTS) + 1;
	event->max_ns = uk_clock_to_ns(&timer.scale, timer.deadline ?
				       MAX_TICKS : MAX_COUNT);
	return 0;
}

static void event_cpu_start(struct uk_clock_event *event UK_UNUSED)
{
	uk_apic_timer_setup(timer.deadline ? UK_APIC_TIMER_TSC_DEADLINE
					   : UK_APIC_TIMER_ONESHOT, DIVIDE);
	uk_intctlr_local_enable(UK_APIC_IRQ_TIMER);
}

static void set_deadline(uint64_t ns)
{
	const uint64_t ticks =
		timer.follow ? timer.follow->ticks(timer.follow, ns)
			     : uk_clock_to_count(&timer.scale, ns);

	ukarch_msr_write(MSR_DEADLINE, ukarch_ticks() + ticks);
}

static void event_set(struct uk_clock_event *event UK_UNUSED, uint64_t ns)
{
	uint64_t counts;

	if (timer.deadline) {
		set_deadline(ns);
		return;
	}
	counts = uk_clock_to_count(&timer.scale, ns);
	uk_apic_timer_set(counts < MAX_COUNT ? (uint32_t)counts : MAX_COUNT);
}

static struct uk_clock_event event = {
	.name = "lapic",
	.rating = UK_CLOCK_GOOD,
	.percpu = true,
	.start = event_start,
	.cpu_start = event_cpu_start,
	.set = event_set,
};

static int event_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_clock_event_register(&event);
	return 0;
}

UK_INIT(CPU, event_init, NULL);
