/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Page faults in the active address space. Interrupts are as they were where
 * the fault came from, so that who is interrupted for a page waits no longer
 * than for the page.
 *
 * A CPU that has not had the home of all threads active gets it by a fault,
 * and that is all that this fault is for: it may come in the middle of a
 * switch, or from who holds the lock, with memory that is there. What is not
 * comes by the next one.
 *
 * Between two steps of a change an address may look unmapped that never was to
 * be. So a fault that seems to be an error looks again when it has waited for
 * the change to end; who cannot wait had better not touch such pages.
 */
#include "vmem_priv.h"

#include <uk/arch/regs.h>
#include <uk/arch/trap.h>
#include <uk/crash_hook.h>
#include <uk/errno.h>
#include <uk/preempt.h>

UK_EVENT(uk_vmem_fault);

/* After all who can do something about the fault. */
#define PRIO_TELL	9

/* Was the fault in a thread that may wait? */
static bool may_wait(const struct uk_vas *vas, bool irq_on)
{
	return irq_on && !uk_in_irq() && ukarch_current()->preempt_off == 0 &&
	       !uk_mutex_is_mine(&vas->changes);
}

static int serve(struct uk_vas *vas, const struct uk_trap *trap)
{
	const bool irq_on = ukarch_regs_irq_on(trap->regs);
	int rc;

	if (irq_on)
		ukarch_irq_enable();
	rc = vmem_touch(vas, trap->addr, trap->access, !trap->mapped);
	if ((rc == -EFAULT || rc == -EACCES) && may_wait(vas, irq_on)) {
		uk_mutex_lock(&vas->changes);
		(void)vmem_grow_down(vas, trap->addr);
		uk_mutex_unlock(&vas->changes);
		rc = uk_vma_touch(vas, trap->addr, trap->access);
	}
	if (irq_on)
		ukarch_irq_disable();
	return rc;
}

static struct uk_vas *vas_of(const struct uk_trap *trap)
{
	struct uk_vas *const vas = vmem_here();

	return vas && trap->addr >= vas->base && trap->addr < vas->end
	       ? vas : NULL;
}

static enum uk_event_result on_fault(void *data)
{
	const struct uk_trap *const trap = data;
	struct uk_vas *vas;

	if (vmem_come_home())
		return UK_EVENT_HANDLED;
	vas = vas_of(trap);
	return vas && serve(vas, trap) == 0 ? UK_EVENT_HANDLED
					    : UK_EVENT_NOT_HANDLED;
}

static enum uk_vmem_reason reason_of(int rc)
{
	switch (rc) {
	case -EFAULT:
		return UK_VMEM_NO_AREA;
	case -EACCES:
		return UK_VMEM_NO_RIGHT;
	case -ENOMEM:
		return UK_VMEM_NO_MEMORY;
	default:
		return UK_VMEM_NO_DATA;
	}
}

/* Nobody could help: what is the matter, once more, and who wants to know? */
static enum uk_event_result tell(void *data)
{
	const struct uk_trap *const trap = data;
	struct uk_vas *const vas = vas_of(trap);
	struct uk_vmem_fault fault = {
		.regs = trap->regs,
		.addr = trap->addr,
		.access = trap->access,
	};

	if (!vas)
		return UK_EVENT_NOT_HANDLED;
	fault.error = serve(vas, trap);
	if (fault.error == 0)
		return UK_EVENT_HANDLED;
	fault.reason = reason_of(fault.error);
	return uk_event_raise(uk_vmem_fault, &fault);
}

UK_EVENT_HANDLER(ukarch_trap_page_fault, on_fault);
UK_EVENT_HANDLER_PRIO(ukarch_trap_page_fault, tell, PRIO_TELL);

static enum uk_event_result hint(void *data)
{
	struct uk_crash_hint *const hint = data;
	const struct uk_vas *const vas = uk_vas_get_active();

	return vas && vmem_describe(vas, hint->addr, hint->sp, hint->buf,
				    hint->size)
	       ? UK_EVENT_HANDLED : UK_EVENT_NOT_HANDLED;
}

UK_EVENT_HANDLER(uk_crash_hint, hint);
