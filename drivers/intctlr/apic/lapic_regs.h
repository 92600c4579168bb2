/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/bits/arch/msr.h>

#include "apic_priv.h"

/* Registers, by offset (SDM volume 3A, tables 11-1 and 11-6). */
#define LAPIC_ID	0x020u
#define LAPIC_VERSION	0x030u
#define LAPIC_TPR	0x080u
#define LAPIC_EOI	0x0b0u
#define LAPIC_SPURIOUS	0x0f0u
#define LAPIC_ISR	0x100u	/* eight, 0x10 apart */
#define LAPIC_ERROR	0x280u
#define LAPIC_ICR	0x300u
#define LAPIC_ICR_HIGH	0x310u	/* not in MSRs: ICR has 64 bits there */
#define LAPIC_TIMER	0x320u	/* local vector table, to LVT_ERROR */
#define LAPIC_THERMAL	0x330u
#define LAPIC_PERF	0x340u
#define LAPIC_LINT0	0x350u
#define LAPIC_LINT1	0x360u
#define LAPIC_LVT_ERROR	0x370u
#define LAPIC_COUNT	0x380u	/* initial count of the timer */
#define LAPIC_CURRENT	0x390u
#define LAPIC_DIVIDE	0x3e0u

#define LAPIC_LEN	0x400u
#define LAPIC_MSR	0x800u	/* plus the offset / 16 */

/* Local vector table. */
#define LVT_NMI		(4u << 8)
#define LVT_LOW		(1u << 13)
#define LVT_LEVEL	(1u << 15)
#define LVT_MASKED	(1u << 16)

/* Set once, on the boot CPU, before the APIC is used. */
struct apic_local {
	volatile uint8_t *regs;	/* xAPIC: the same address on each CPU */
	enum apic_mode mode;
	uint8_t last_lvt;	/* entries of the table, less one */
};

extern struct apic_local apic_local;

static inline uint32_t apic_read(unsigned int reg)
{
	if (apic_local.mode == APIC_X2APIC)
		return (uint32_t)ukarch_msr_read(LAPIC_MSR + reg / 16);
	return *(const volatile uint32_t *)(apic_local.regs + reg);
}

static inline void apic_write(unsigned int reg, uint32_t val)
{
	if (apic_local.mode == APIC_X2APIC)
		ukarch_msr_write(LAPIC_MSR + reg / 16, val);
	else
		*(volatile uint32_t *)(apic_local.regs + reg) = val;
}
