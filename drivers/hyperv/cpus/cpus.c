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
#include <uk/arch/paddr.h>
#include <uk/errno.h>
#include <uk/hyperv.h>
#include <uk/init.h>
#include <uk/lcpu.h>
#include <uk/percpu.h>
#include <uk/print.h>

/* Of its CPU, with interrupts off. */
static UK_PERCPU(struct hyperv_in, call_in);
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

/* Call with what has been filled in. Interrupts are off. */
static bool call(uint64_t control, const struct hyperv_in *in)
{
	const bool fast = control & UK_HYPERV_CALL_FAST;
	const uint64_t result =
		uk_hyperv_call(control,
			       fast ? in->word[0] : ukarch_paddr_of(in),
			       fast ? in->word[1] : 0);

	if (UK_HYPERV_CALL_STATUS(result) != 0)
		return false;
	hyperv_count()->sets +=
		(uint16_t)control >= UK_HYPERV_CALL_FLUSH_ALL_SET;
	return true;
}

bool hyperv_send(unsigned int vector, uint32_t apic_id)
{
	const int idx = uk_lcpu_find(apic_id);
	const int vp = idx < 0 ? idx : hyperv_vp((unsigned int)idx);
	struct hyperv_set set;
	struct hyperv_in *in;
	unsigned long irq;
	bool done;

	if (vp < 0)
		return false;
	set.banks = 0;
	hyperv_set_add(&set, (unsigned int)vp);
	irq = ukarch_irq_save();
	in = uk_this_cpu_ptr(call_in);
	done = call(hyperv_send_fill(in, &set, vector), in);
	hyperv_count()->sent += done;
	ukarch_irq_restore(irq);
	return done;
}

bool hyperv_flush(bool (*who)(void *arg, uintptr_t distance), void *arg,
		  const struct uk_paging_range *range, unsigned int n)
{
	struct hyperv_set set;
	struct hyperv_in *in;
	unsigned long irq;
	bool done;

	if (hyperv_vps(who, arg, &set) < 0)
		return false;
	if (set.banks == 0)
		return true;
	irq = ukarch_irq_save();
	in = uk_this_cpu_ptr(call_in);
	done = call(hyperv_flush_fill(in, &set, range, n), in);
	hyperv_count()->flushed += done;
	ukarch_irq_restore(irq);
	return done;
}

/* Note this CPU; one that calls cannot name is told of once. */
static void note(void)
{
	static bool told;
	const uint32_t hints = uk_hyperv_get()->hints;
	const uint64_t vp = hyperv_vp_note(hints);

	if (vp < hyperv_nvps(hints) ||
	    __atomic_exchange_n(&told, true, __ATOMIC_RELAXED))
		return;
	uk_pr_warn("Hyper-V: CPU %u is its number %lu, and its calls name %u: "
		   "interrupts and flushes for such CPUs are the APIC's",
		   uk_lcpu_idx(), vp, hyperv_nvps(hints));
}

static enum uk_event_result on_up(void *data UK_UNUSED)
{
	if (!wants(UK_HYPERV_HINT_IPI | UK_HYPERV_HINT_FLUSH))
		return UK_EVENT_NOT_HANDLED;
	note();
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
	note();
	if (wants(UK_HYPERV_HINT_IPI))
		uk_apic_set_sender(hyperv_send);
	return 0;
}

UK_INIT(CPU, cpus_init, NULL);
