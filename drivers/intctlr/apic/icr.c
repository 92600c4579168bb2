/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What CPUs send each other. In memory the command has two halves, of which
 * the second one sends: nobody on this CPU may come in between, and the one
 * before must be out. The MSR is written at once and waits by itself, but it is
 * not ordered after stores that the receiver is to see.
 */
#include <uk/apic.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>

#include "lapic_regs.h"

/* Reads of a register: milliseconds. What is sent takes microseconds. */
#define PATIENCE	100000u

static bool is_out(void)
{
	for (unsigned int i = 0; i < PATIENCE; i++) {
		if (!(apic_read(LAPIC_ICR) & APIC_ICR_BUSY))
			return true;
		ukarch_spin_wait();
	}
	return false;
}

static int send_by_memory(uint64_t icr)
{
	const unsigned long irqs = ukarch_irq_save();
	int rc = -ETIMEDOUT;

	if (is_out()) {
		apic_write(LAPIC_ICR_HIGH, (uint32_t)(icr >> 32));
		apic_write(LAPIC_ICR, (uint32_t)icr);
		rc = 0;
	}
	ukarch_irq_restore(irqs);
	return rc;
}

int apic_send(uint32_t low, uint32_t id)
{
	const enum apic_mode mode = apic_local.mode;
	const uint64_t icr = apic_icr(mode, low | APIC_ICR_ASSERT, id);

	if (!apic_icr_reaches(mode, id))
		return -EINVAL;
	if (mode != APIC_X2APIC)
		return send_by_memory(icr);
	ukarch_msr_fence();
	ukarch_msr_write(LAPIC_MSR + LAPIC_ICR / 16, icr);
	return 0;
}

static int send_and_wait(uint32_t low, uint32_t id)
{
	const int rc = apic_send(low, id);

	if (rc < 0 || apic_local.mode == APIC_X2APIC)
		return rc;
	return is_out() ? 0 : -ETIMEDOUT;
}

int uk_apic_send_init(uint32_t apic_id)
{
	return send_and_wait(APIC_ICR_INIT, apic_id);
}

int uk_apic_send_startup(uint32_t apic_id, unsigned int page)
{
	return send_and_wait(APIC_ICR_STARTUP | page, apic_id);
}
