/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The interrupt: timer 0 of each CPU, straight to its APIC where the hypervisor
 * can do that, else by a message. Where there are no such timers, the APIC's
 * own is next, and need not be measured: the hypervisor tells its rate.
 */
#include "timer_priv.h"

#include <stddef.h>

#include <uk/apic.h>
#include <uk/arch/paddr.h>
#include <uk/bits/arch/msr.h>
#include <uk/clock.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/hyperv.h>
#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/print.h>

static const struct hyperv_regs machine = {
	.read = ukarch_msr_read,
	.write = ukarch_msr_write,
};

/* Set when the timer is chosen. */
static bool direct;

static enum uk_irq_result on_irq(unsigned int irq UK_UNUSED,
				 void *arg UK_UNUSED)
{
	uk_clock_event_fired();
	return UK_IRQ_HANDLED;
}

/* Whatever else comes there is taken and dropped: it would block the slot. */
static enum uk_irq_result on_message(unsigned int irq UK_UNUSED,
				     void *arg UK_UNUSED)
{
	struct hyperv_messages *const own = hyperv_pages_own();

	if (hyperv_message_take(&machine, &own->slot[HYPERV_SINT_TIMER]) ==
	    HYPERV_MESSAGE_TIMER)
		uk_clock_event_fired();
	return UK_IRQ_HANDLED;
}

static int take_interrupt(void)
{
	const int rc = direct ? 0 : hyperv_pages_make();

	if (rc < 0)
		return rc;
	return uk_intctlr_local_register(UK_APIC_IRQ_HOST,
					 direct ? on_irq : on_message, NULL,
					 "timer");
}

static int event_start(struct uk_clock_event *event)
{
	const struct uk_hyperv *const hv = uk_hyperv_get();
	int rc;

	if (!hv || uk_intctlr_start() < 0 || !uk_apic_is_on())
		return -ENODEV;
	uk_apic_timer_tell_hz(uk_hyperv_hz(UK_HYPERV_MSR_APIC_HZ));
	if (!(hv->features & UK_HYPERV_COUNTER) ||
	    !(hv->features & UK_HYPERV_STIMER))
		return -ENODEV;
	direct = hv->more & UK_HYPERV_STIMER_DIRECT;
	if (!direct && !(hv->features & UK_HYPERV_SYNIC))
		return -ENODEV;
	rc = take_interrupt();
	if (rc < 0)
		uk_pr_err("%s: cannot interrupt, error %d: not used",
			  event->name, -rc);
	return rc;
}

static void event_cpu_start(struct uk_clock_event *event UK_UNUSED)
{
	const unsigned int vector = uk_apic_vector(UK_APIC_IRQ_HOST);

	uk_intctlr_local_enable(UK_APIC_IRQ_HOST);
	if (!direct)
		hyperv_synic_on(&machine, ukarch_paddr_of(hyperv_pages_own()),
				HYPERV_SINT_TIMER, vector);
	hyperv_stimer_on(&machine, direct ? vector : 0);
}

static void event_set(struct uk_clock_event *event UK_UNUSED, uint64_t ns)
{
	hyperv_stimer_set(&machine, hyperv_now(), ns);
}

static struct uk_clock_event event = {
	.name = "hyperv-stimer",
	.rating = UK_CLOCK_GOOD + 50,
	.percpu = true,
	.min_ns = HYPERV_STIMER_MIN_NS,
	.max_ns = HYPERV_STIMER_MAX_NS,
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
