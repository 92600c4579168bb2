/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * The arm64 half of <uk/arch/cpu.h>. "Interrupts off" masks IRQ and FIQ;
 * SError stays unmasked, so that a broken bus is reported where it breaks.
 */

/* PSTATE.I as the DAIF register shows it. */
#define UKARCH_DAIF_I	(UINT64_C(1) << 7)

static inline uintptr_t ukarch_sp(void)
{
	uintptr_t sp;

	__asm__ volatile("mov %0, sp" : "=r"(sp));
	return sp;
}

static inline unsigned long ukarch_irq_save(void)
{
	unsigned long state;

	__asm__ volatile("mrs %0, daif\n\tmsr daifset, #3"
			 : "=r"(state) : : "memory");
	return state;
}

static inline void ukarch_irq_restore(unsigned long state)
{
	__asm__ volatile("msr daif, %0" : : "r"(state) : "memory");
}

static inline void ukarch_irq_enable(void)
{
	__asm__ volatile("msr daifclr, #3" : : : "memory");
}

static inline void ukarch_irq_disable(void)
{
	__asm__ volatile("msr daifset, #3" : : : "memory");
}

static inline bool ukarch_irq_enabled(void)
{
	unsigned long state;

	__asm__ volatile("mrs %0, daif" : "=r"(state) : : "memory");
	return !(state & UKARCH_DAIF_I);
}

static inline void ukarch_spin_wait(void)
{
	__asm__ volatile("yield" : : : "memory");
}

static inline void ukarch_idle(void)
{
	/* An interrupt that is masked ends wfi too (Arm ARM D1.7.2). */
	__asm__ volatile("dsb sy\n\twfi\n\tmsr daifclr, #3\n\tisb"
			 : : : "memory");
}

UK_NORETURN static inline void ukarch_halt_forever(void)
{
	__asm__ volatile("msr daifset, #15" : : : "memory");
	for (;;)
		__asm__ volatile("wfi" : : : "memory");
}

static inline uint64_t ukarch_ticks(void)
{
	uint64_t ticks;

	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	return ticks;
}

#endif /* !__ASSEMBLER__ */
