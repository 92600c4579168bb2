/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/bits/arch/ctx.h>
#include <uk/compiler.h>

/*
 * Further CPUs, as far as the CPU itself is concerned: who they are and how
 * one that has been started comes to C. Starting it is a driver's (local
 * APIC; PSCI), and who drives it is lib/uklcpu. Contract: each architecture,
 * and UKARCH_LCPU_EXTRA in <uk/bits/arch/ctx.h>: how many stacks of a page a
 * CPU needs for the architecture's own.
 */

/*
 * The id of this CPU that the hardware goes by: the local APIC id (32 bits
 * where CPUID tells them), or the affinity fields of MPIDR_EL1. It is no
 * index: ids have gaps and no order.
 */
uint64_t ukarch_hwid(void);

/* What a starting CPU needs. It is read until @fn is called. */
struct ukarch_lcpu_start {
	uintptr_t percpu;	/* distance of its block, which is zero */
	uintptr_t stack_top;	/* it runs on this, as a boot context */
	uintptr_t trap_stack_top;	/* see <uk/arch/ctx.h> */
	uintptr_t extra;	/* UKARCH_LCPU_EXTRA times: guard page, stack */
	uint64_t hwid;		/* another CPU that comes here halts */
	uint64_t idx;		/* logical index */

	/* Called on the new CPU, interrupts off; does not return. */
	UK_NORETURN void (*fn)(void *arg);
	void *arg;
};

/*
 * Memory below 1 MiB, page aligned, that starting needs while a CPU starts;
 * 0: none (arm64).
 */
size_t ukarch_lcpu_low_size(void);

/*
 * Get ready for the start of one CPU with @start. @low is the physical address
 * of that memory, which is in the linear map; it is written. The start data
 * stay in force until the next call, or with @start NULL for none: a CPU that
 * comes then halts. One CPU starts at a time.
 *
 * Returns the physical address at which the CPU is to begin: x86_64 in real
 * mode, arm64 with the MMU off and whatever in its registers.
 *
 * Context: boot CPU, thread.
 */
uint64_t ukarch_lcpu_start_prepare(const struct ukarch_lcpu_start *start,
				   uint64_t low);
