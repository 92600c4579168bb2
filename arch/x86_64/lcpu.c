/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Further CPUs: who they are, and their first steps in C. What the boot CPU
 * leaves for the next one is one pointer: written before the CPU is sent to
 * its start, which orders the two (SDM volume 3A, 11.6.1: the message is not
 * sent before stores are visible), and read once by that CPU.
 */
#include <uk/arch/lcpu.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/percpu.h>
#include <uk/assert.h>
#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/percpu.h>

#include "cpuid.h"
#include "x86_priv.h"

#define LEAF_TOPOLOGY	0xbu

#define LOW_MAX		0x100000u

_Static_assert(offsetof(struct ukarch_lcpu_start, stack_top) ==
	       X86_LCPU_STACK, "lcpu_start.S");
_Static_assert(offsetof(struct ukarch_lcpu_start, hwid) == X86_LCPU_HWID,
	       "lcpu_start.S");
_Static_assert(UKARCH_LCPU_EXTRA == 3 && X86_OTHER_STACK == UKARCH_PAGE_SIZE,
	       "see cpu.c");

/* Written by the boot CPU, read by the one that starts. */
const struct ukarch_lcpu_start *x86_lcpu_next;
uint64_t x86_lcpu_root;

/* As lcpu_start.S finds it. */
uint64_t ukarch_hwid(void)
{
	if (ukarch_cpuid(0, 0).eax >= LEAF_TOPOLOGY) {
		const struct ukarch_cpuid topology =
			ukarch_cpuid(LEAF_TOPOLOGY, 0);

		if (topology.ebx)
			return topology.edx;
	}
	return ukarch_cpuid(1, 0).ebx >> 24;
}

size_t ukarch_lcpu_low_size(void)
{
	return UKARCH_PAGE_SIZE;
}

uint64_t ukarch_lcpu_start_prepare(const struct ukarch_lcpu_start *start,
				   uint64_t low)
{
	UK_ASSERT(UK_IS_ALIGNED(low, (uint64_t)UKARCH_PAGE_SIZE) &&
		  low < LOW_MAX);

	__builtin_memcpy(uk_phys_to_virt(low), x86_lcpu_low,
			 (size_t)(x86_lcpu_low_end - x86_lcpu_low));
	x86_lcpu_root = x86_final_root();
	/* Pairs with the one load in lcpu_start.S. */
	__atomic_store_n(&x86_lcpu_next, start, __ATOMIC_RELEASE);
	return low;
}

void x86_lcpu_enter(const struct ukarch_lcpu_start *start)
{
	x86_cpu_init_other(start->percpu, start->trap_stack_top,
			   start->extra);
	uk_this_cpu_ptr(uk_cpu)->idx = (uint32_t)start->idx;
	uk_this_cpu_ptr(uk_cpu)->hwid = start->hwid;
	start->fn(start->arg);
}
