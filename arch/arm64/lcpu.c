/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Further CPUs. One that starts has its caches off, so what it reads until
 * they are on must be in memory itself: its code is, by the boot protocol;
 * the root of its tables is cleaned here. The rest it reads by virtual
 * addresses, coherently.
 */
#include "lcpu_priv.h"

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/percpu.h>

#include "trap_priv.h"

uint64_t arm64_lcpu_ttbr1;
const struct ukarch_lcpu_start *arm64_lcpu_next;

/* The physical address of @vaddr, which is mapped: the MMU knows it. */
static uint64_t translate(const void *vaddr)
{
	const unsigned long state = ukarch_irq_save();
	uint64_t par;

	__asm__ volatile("at s1e1r, %1\n\tisb\n\tmrs %0, par_el1"
			 : "=r"(par) : "r"(vaddr));
	ukarch_irq_restore(state);
	return (par & UKARCH_PTE_PADDR) |
	       ((uintptr_t)vaddr & (UKARCH_PAGE_SIZE - 1));
}

size_t ukarch_lcpu_low_size(void)
{
	return 0;
}

uint64_t ukarch_lcpu_start_prepare(const struct ukarch_lcpu_start *start,
				   uint64_t low UK_UNUSED)
{
	arm64_lcpu_ttbr1 = ukarch_pt_root();
	/* Pairs with the one load in start_lcpu.S. */
	__atomic_store_n(&arm64_lcpu_next, start, __ATOMIC_RELEASE);
	/* To the point of coherency; all of it before the CPU is started. */
	__asm__ volatile("dc cvac, %0\n\tdsb sy"
			 : : "r"(&arm64_lcpu_ttbr1) : "memory");
	return translate(arm64_lcpu_entry);
}

void arm64_lcpu_begin(const struct ukarch_lcpu_start *start)
{
	ukarch_percpu_set(start->percpu);
	arm64_cpu_begin((uint32_t)start->idx, start->trap_stack_top);
}
