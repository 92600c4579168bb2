/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

/* The x86_64 half of <uk/arch/cpu.h>. The irq state is RFLAGS. */

#define UKARCH_RFLAGS_IF	(1ul << 9)

static inline uintptr_t ukarch_sp(void)
{
	uintptr_t sp;

	__asm__ volatile("mov %%rsp, %0" : "=r"(sp));
	return sp;
}

static inline unsigned long ukarch_irq_save(void)
{
	unsigned long state;

	__asm__ volatile("pushfq\n\tpopq %0\n\tcli"
			 : "=r"(state) : : "memory");
	return state;
}

static inline void ukarch_irq_enable(void)
{
	__asm__ volatile("sti" : : : "memory");
}

static inline void ukarch_irq_disable(void)
{
	__asm__ volatile("cli" : : : "memory");
}

/* A branch is cheaper than popf, which may also trap in a guest. */
static inline void ukarch_irq_restore(unsigned long state)
{
	if (state & UKARCH_RFLAGS_IF)
		ukarch_irq_enable();
	else
		ukarch_irq_disable();
}

static inline bool ukarch_irq_enabled(void)
{
	unsigned long state;

	__asm__ volatile("pushfq\n\tpopq %0" : "=r"(state) : : "memory");
	return state & UKARCH_RFLAGS_IF;
}

static inline void ukarch_spin_wait(void)
{
	__asm__ volatile("pause" : : : "memory");
}

static inline void ukarch_idle(void)
{
	/* sti takes effect after the next instruction (SDM volume 2B). */
	__asm__ volatile("sti\n\thlt" : : : "memory");
}

UK_NORETURN static inline void ukarch_halt_forever(void)
{
	/* A non-maskable interrupt ends hlt too. */
	for (;;)
		__asm__ volatile("cli\n\thlt" : : : "memory");
}

static inline uint64_t ukarch_ticks(void)
{
	uint32_t lo, hi;

	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return (uint64_t)hi << 32 | lo;
}
