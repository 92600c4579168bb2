/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts for other CPUs, and flushes of their TLBs, by call. A CPU that
 * does not run need not be woken for a flush: the hypervisor sees to it that
 * nothing old is there when it runs again. What a call cannot do, or does not,
 * is left to the APIC and to the CPUs themselves.
 */
#include "cpus_priv.h"

#include <stddef.h>

#include <uk/apic.h>
#include <uk/arch/cpu.h>
#include <uk/bits/arch/paddr.h>
#include <uk/errno.h>
#include <uk/hyperv.h>
#include <uk/init.h>
#include <uk/lcpu.h>
#include <uk/percpu.h>

/* Of its CPU, with interrupts off. */
static UK_PERCPU(struct hyperv_flush, flush_in);
static UK_PERCPU(struct hyperv_count, counts);

struct hyperv_count *hyperv_count(void)
{
	return uk_this_cpu_ptr(counts);
}

static bool wants(uint32_t hint)
{
	const struct uk_hyperv *const hv = uk_hyperv_get();

	return hv && (hv->features & UK_HYPERV_VP_INDEX) &&
	       (hv->hints & hint) && uk_hyperv_can_call();
}

bool hyperv_send(unsigned int vector, uint32_t apic_id)
{
	const int idx = uk_lcpu_find(apic_id);
	const int vp = idx < 0 ? idx : hyperv_vp((unsigned int)idx);

	if (vp < 0 ||
	    UK_HYPERV_CALL_STATUS(uk_hyperv_call(
			UK_HYPERV_CALL_IPI | UK_HYPERV_CALL_FAST, vector,
			UINT64_C(1) << vp)) != 0)
		return false;
	hyperv_count()->sent++;
	return true;
}

static bool flush_by_call(uint64_t mask, const struct uk_paging_range *range,
			  unsigned int n)
{
	const unsigned long irq = ukarch_irq_save();
	struct hyperv_flush *const in = uk_this_cpu_ptr(flush_in);
	const uint64_t control = hyperv_flush_fill(in, mask, range, n);
	const uint64_t result = uk_hyperv_call(control, ukarch_paddr_of(in),
					       0);
	const bool done = UK_HYPERV_CALL_STATUS(result) == 0;

	hyperv_count()->flushed += done;
	ukarch_irq_restore(irq);
	return done;
}

bool hyperv_flush(bool (*who)(void *arg, uintptr_t distance), void *arg,
		  const struct uk_paging_range *range, unsigned int n)
{
	uint64_t mask;

	if (hyperv_vps(who, arg, &mask) < 0)
		return false;
	return mask == 0 || flush_by_call(mask, range, n);
}

static enum uk_event_result on_up(void *data UK_UNUSED)
{
	if (!wants(UK_HYPERV_HINT_IPI | UK_HYPERV_HINT_FLUSH))
		return UK_EVENT_NOT_HANDLED;
	hyperv_vp_note();
	/* lib/uklcpu has set the other way by now. */
	if (wants(UK_HYPERV_HINT_FLUSH))
		uk_paging_set_remote_flush(hyperv_flush);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_lcpu_up, on_up);

static int cpus_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	if (!wants(UK_HYPERV_HINT_IPI | UK_HYPERV_HINT_FLUSH))
		return 0;
	hyperv_vp_note();
	if (wants(UK_HYPERV_HINT_IPI))
		uk_apic_set_sender(hyperv_send);
	return 0;
}

UK_INIT(CPU, cpus_init, NULL);
