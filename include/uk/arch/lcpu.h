/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * Further CPUs, as far as the CPU itself is concerned: who they are and how
 * one that has been started comes to C. Starting it is a driver's (local
 * APIC; PSCI), and who drives it is lib/uklcpu. Contract: each architecture.
 */

/*
 * The id of this CPU that the hardware goes by: the local APIC id (32 bits
 * where CPUID tells them), or the affinity fields of MPIDR_EL1. It is no
 * index: ids have gaps and no order.
 */
uint64_t ukarch_hwid(void);

/* What a starting CPU needs; lives until its @fn runs. */
struct ukarch_lcpu_start {
	uintptr_t percpu;	/* distance of its block, which is zero */
	uintptr_t stack_top;	/* it runs on this, as a boot context */
	uintptr_t trap_stack_top;	/* see <uk/arch/ctx.h> */
	uint32_t idx;		/* logical index */
	uint32_t reserved;

	/* Called on the new CPU, interrupts off; does not return. */
	UK_NORETURN void (*fn)(void *arg);
	void *arg;
};

/*
 * Bytes below 1 MiB, page aligned, that starting needs while a CPU starts;
 * 0: none (arm64).
 */
size_t ukarch_lcpu_low_size(void);

/*
 * Get ready for the start of one CPU with @start. @low: that memory's
 * physical address, which is mapped in the linear map. Returns the physical
 * address at which the CPU is to begin; arm64: with ukarch_lcpu_start_arg()
 * in x0. One CPU starts at a time: the next call is after @fn has run.
 */
uint64_t ukarch_lcpu_start_prepare(const struct ukarch_lcpu_start *start,
				   uint64_t low);
uint64_t ukarch_lcpu_start_arg(void);
