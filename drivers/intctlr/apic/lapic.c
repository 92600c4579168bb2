/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The local APIC (SDM volume 3A, chapter 11).
 *
 * Whatever firmware had it do, it is begun anew: masked, at priority 0, with
 * nothing in service. LINT0, where the 8259s are, stays masked unless a table
 * says that NMIs come there. Each kind of error is logged once per CPU.
 */
#include <uk/apic.h>

#include <uk/arch/percpu.h>
#include <uk/assert.h>
#include <uk/bits/arch/cpuid.h>
#include <uk/errno.h>
#include <uk/paging.h>
#include <uk/percpu.h>
#include <uk/print.h>

#include "lapic_regs.h"

#define SPURIOUS_ENABLE	(1u << 8)

/* How many entries the local vector table has, less one. */
#define VERSION_LVTS(version)	((uint8_t)((version) >> 16))

struct apic_local apic_local;

/* Written by the boot CPU, before the timer is used. */
static uint64_t timer_told_hz;

/* Bits of the error register that this CPU has told. */
static UK_PERCPU(uint32_t, errors_told);

/* The entry of number @irq; 0: it has none. */
static unsigned int entry_of(unsigned int irq)
{
	if (irq == UK_APIC_IRQ_TIMER)
		return LAPIC_TIMER;
	if (irq == UK_APIC_IRQ_PERF && apic_local.last_lvt >= 4)
		return LAPIC_PERF;
	if (irq == UK_APIC_IRQ_THERMAL && apic_local.last_lvt >= 5)
		return LAPIC_THERMAL;
	return 0;
}

bool apic_local_has(unsigned int irq)
{
	return irq < UK_NIPIS || irq == UK_APIC_IRQ_HOST || entry_of(irq);
}

unsigned int uk_apic_vector(unsigned int irq)
{
	return APIC_VECTOR_LOCAL + irq;
}

/* Those that CPUs or a hypervisor send have no mask. */
void apic_local_mask(unsigned int irq, bool masked)
{
	const unsigned int reg = entry_of(irq);
	uint32_t val;

	if (!reg)
		return;
	val = apic_read(reg) & ~LVT_MASKED;
	apic_write(reg, masked ? val | LVT_MASKED : val);
}

bool apic_local_serves(unsigned int vector)
{
	return apic_read(LAPIC_ISR + vector / 32 * 0x10) >> vector % 32 & 1;
}

void apic_local_error(void)
{
	uint32_t *const told = uk_this_cpu_ptr(errors_told);
	uint32_t error;

	/* A write makes the register tell what came since the last one. */
	apic_write(LAPIC_ERROR, 0);
	error = apic_read(LAPIC_ERROR);
	if (error & ~*told)
		uk_pr_err("apic: error %#x (SDM volume 3A, 11.5.3)", error);
	*told |= error;
}

int apic_local_find(void)
{
	const struct ukarch_cpuid id = ukarch_cpuid(1, 0);
	enum apic_mode mode;
	uint64_t base;
	void *regs;
	int rc;

	/* Without an APIC the register need not be there. */
	mode = apic_mode_choose(id.ecx, id.edx, 0);
	if (mode == APIC_NONE)
		return -ENODEV;
	base = ukarch_msr_read(APIC_MSR_BASE);
	mode = apic_mode_choose(id.ecx, id.edx, base);
	if (mode == APIC_XAPIC) {
		rc = uk_paging_map_device(base & APIC_BASE_ADDR, LAPIC_LEN,
					  &regs);
		if (rc < 0) {
			uk_pr_err("apic: the local APIC at %#lx cannot be "
				  "mapped, error %d", base & APIC_BASE_ADDR,
				  -rc);
			return rc;
		}
		apic_local.regs = regs;
	}
	apic_local.mode = mode;
	apic_eoi_find();
	return 0;
}

/* From off to x2APIC there is no direct way (11.12.5). */
static void enable(void)
{
	uint64_t base = ukarch_msr_read(APIC_MSR_BASE);

	if (!(base & APIC_BASE_ENABLE)) {
		base |= APIC_BASE_ENABLE;
		ukarch_msr_write(APIC_MSR_BASE, base);
	}
	if (apic_local.mode == APIC_X2APIC && !(base & APIC_BASE_X2APIC))
		ukarch_msr_write(APIC_MSR_BASE, base | APIC_BASE_X2APIC);
}

/* Is it the one that this CPU is known by? */
static int check_id(void)
{
	const uint64_t hwid = uk_this_cpu_ptr(uk_cpu)->hwid;
	uint32_t id = apic_read(LAPIC_ID);

	if (apic_local.mode == APIC_XAPIC)
		id >>= 24;
	if (id == hwid)
		return 0;
	uk_pr_err("apic: CPU %#lx has a local APIC with id %#x", hwid, id);
	return -ENODEV;
}

/*
 * Of what was being served before; none of it is anybody's. Each time the
 * highest one ends.
 */
static void finish_all(void)
{
	for (unsigned int vector = 255; vector >= 16; vector--)
		if (apic_local_serves(vector))
			apic_local_eoi();
}

static void set_lint(unsigned int reg, const struct apic_input *nmi)
{
	uint32_t val = LVT_MASKED;

	if (nmi->told) {
		val = LVT_NMI;
		if (nmi->polarity == UK_ACPI_ACTIVE_LOW)
			val |= LVT_LOW;
		if (nmi->trigger == UK_ACPI_LEVEL)
			val |= LVT_LEVEL;
	}
	apic_write(reg, val);
}

int apic_local_start(const struct apic_plan *plan)
{
	int rc;

	enable();
	rc = check_id();
	if (rc < 0)
		return rc;

	apic_local.last_lvt = VERSION_LVTS(apic_read(LAPIC_VERSION));
	/* While it is off, entries of the table cannot be unmasked. */
	apic_write(LAPIC_SPURIOUS, SPURIOUS_ENABLE | APIC_VECTOR_SPURIOUS);
	apic_write(LAPIC_TPR, 0);
	for (unsigned int irq = UK_APIC_IRQ_TIMER; irq <= UK_APIC_IRQ_THERMAL;
	     irq++)
		if (entry_of(irq))
			apic_write(entry_of(irq), LVT_MASKED |
				   (APIC_VECTOR_LOCAL + irq));
	apic_write(LAPIC_COUNT, 0);
	set_lint(LAPIC_LINT0, &plan->lint[0]);
	set_lint(LAPIC_LINT1, &plan->lint[1]);
	finish_all();
	apic_eoi_on();
	apic_write(LAPIC_ERROR, 0);
	apic_write(LAPIC_LVT_ERROR, APIC_VECTOR_LOCAL + UK_APIC_IRQ_ERROR);
	return 0;
}

enum apic_mode apic_local_mode(void)
{
	return apic_local.mode;
}

/* Bits 18 and 17 of the timer's entry (11.5.4). */
void uk_apic_timer_setup(enum uk_apic_timer_mode mode, unsigned int divide)
{
	const uint32_t masked = apic_read(LAPIC_TIMER) & LVT_MASKED;

	UK_ASSERT(uk_apic_is_on());

	apic_write(LAPIC_COUNT, 0);
	if (mode != UK_APIC_TIMER_TSC_DEADLINE)
		apic_write(LAPIC_DIVIDE, apic_divide(divide));
	apic_write(LAPIC_TIMER, masked | (uint32_t)mode << 17 |
		   (APIC_VECTOR_LOCAL + UK_APIC_IRQ_TIMER));
	/* The mode is in force before the deadline's MSR is written. */
	ukarch_msr_fence();
}

void uk_apic_timer_tell_hz(uint64_t hz)
{
	timer_told_hz = hz;
}

uint64_t uk_apic_timer_told_hz(void)
{
	return timer_told_hz;
}

void uk_apic_timer_set(uint32_t count)
{
	apic_write(LAPIC_COUNT, count);
}

uint32_t uk_apic_timer_get(void)
{
	return apic_read(LAPIC_CURRENT);
}
