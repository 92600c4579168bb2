/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/bits/arch/msr.h>

/*
 * GS base is the distance of this CPU's block, so %gs:variable is its copy,
 * in one instruction. On the boot CPU it is 0, as the CPU starts with it.
 */
#define UKARCH_THIS_CPU(var)						\
	(*(__typeof__(var) __seg_gs *)(uintptr_t)&(var))

/* arch/x86_64/cpu.c; UK_PERCPU, set with GS base and at a switch. */
extern uintptr_t ukarch_x86_distance;
extern struct uk_current *ukarch_x86_current;

static inline uintptr_t ukarch_percpu(void)
{
	return UKARCH_THIS_CPU(ukarch_x86_distance);
}

static inline void ukarch_percpu_set(uintptr_t distance)
{
	/* IA32_GS_BASE (SDM volume 4, 2.1). */
	ukarch_msr_write(0xc0000101, distance);
	UKARCH_THIS_CPU(ukarch_x86_distance) = distance;
}

static inline struct uk_current *ukarch_current(void)
{
	return UKARCH_THIS_CPU(ukarch_x86_current);
}

static inline void ukarch_current_set(struct uk_current *cur)
{
	UKARCH_THIS_CPU(ukarch_x86_current) = cur;
}
