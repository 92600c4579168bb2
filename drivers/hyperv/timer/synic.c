/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The part of the synthetic interrupt controller that brings messages.
 *
 * A slot holds one message; the hypervisor keeps the next one back, and says so
 * in the flags of the one that is there. So a slot is freed first, then the
 * flags are looked at, in this order, and the hypervisor told if one waits: it
 * sets the flag before it looks whether the slot is free, so that either this
 * CPU sees the flag, or it the free slot.
 */
#include "timer_priv.h"

#include <uk/hyperv.h>

#define SCONTROL_ENABLE	UINT64_C(1)

/* Neither masked nor ended by itself: the APIC's driver ends it. */
static uint64_t sint_value(unsigned int vector)
{
	return vector;
}

void hyperv_synic_on(const struct hyperv_regs *regs, uint64_t paddr,
		     unsigned int sint, unsigned int vector)
{
	regs->write(UK_HYPERV_MSR_SIMP, paddr | UK_HYPERV_PAGE_ON);
	regs->write(UK_HYPERV_MSR_SINT + sint, sint_value(vector));
	regs->write(UK_HYPERV_MSR_SCONTROL,
		    regs->read(UK_HYPERV_MSR_SCONTROL) | SCONTROL_ENABLE);
}

uint32_t hyperv_message_take(const struct hyperv_regs *regs,
			     struct hyperv_message *slot)
{
	/* Acquire: what else is in it. */
	const uint32_t type = __atomic_load_n(&slot->type, __ATOMIC_ACQUIRE);

	if (type == HYPERV_MESSAGE_NONE)
		return type;
	__atomic_store_n(&slot->type, HYPERV_MESSAGE_NONE, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(&slot->flags, __ATOMIC_RELAXED) &
	    HYPERV_MESSAGE_PENDING)
		regs->write(UK_HYPERV_MSR_EOM, 0);
	return type;
}
