/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * TPIDR_EL1 is the distance of this CPU's block, 0 on the boot CPU.
 * TPIDRRO_EL0, which nothing else uses at EL1, is what the CPU runs: one
 * access, so it is right even if the reader moves to another CPU around it.
 */
#define UKARCH_THIS_CPU(var)						\
	(*(__typeof__(&(var)))((uintptr_t)&(var) + ukarch_percpu()))

static inline uintptr_t ukarch_percpu(void)
{
	uintptr_t distance;

	/* Not to be kept over a move to another CPU. */
	__asm__ volatile("mrs %0, tpidr_el1" : "=r"(distance) : : "memory");
	return distance;
}

static inline void ukarch_percpu_set(uintptr_t distance)
{
	__asm__ volatile("msr tpidr_el1, %0" : : "r"(distance) : "memory");
}

static inline struct uk_current *ukarch_current(void)
{
	struct uk_current *cur;

	/*
	 * The same for a flow of control wherever it runs: no barrier. But
	 * who switches reads it, and then sets it: volatile keeps the order.
	 */
	__asm__ volatile("mrs %0, tpidrro_el0" : "=r"(cur));
	return cur;
}

static inline void ukarch_current_set(struct uk_current *cur)
{
	__asm__ volatile("msr tpidrro_el0, %0" : : "r"(cur) : "memory");
}
