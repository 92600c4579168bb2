/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end: the ways that a machine may have, each tried once and in order.
 *
 * One CPU tries them, the first that comes; another one halts, as two would
 * tell two statuses. Only a crash goes on from where the first was: that may
 * be the same CPU, whose way trapped, and if it is another one, the crash
 * screen has stopped the first. So a way that traps is not tried again, and
 * whatever happens the list gets shorter.
 */
#include "terminate.h"

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/config.h>

UK_EVENT(ukplat_ends);

static struct {
	unsigned int cpus;	/* that came; by atomic addition */
	unsigned int next;	/* of kvm_ways; its CPU's */
} ending;

void ukplat_terminate(enum uk_end how, int status)
{
	struct ukplat_end end = { .how = how, .status = status };

	ukarch_irq_disable();
	if (__atomic_fetch_add(&ending.cpus, 1, __ATOMIC_RELAXED) &&
	    how != UK_END_CRASH)
		ukarch_halt_forever();
	while (kvm_ways[ending.next])
		kvm_ways[ending.next++](&end);
	ukarch_halt_forever();
}

void kvm_end_by_hypervisor(struct ukplat_end *end)
{
	if (UK_IS_ENABLED(CONFIG_HAVE_HYPERVISOR))
		(void)uk_event_raise(ukplat_ends, end);
}
