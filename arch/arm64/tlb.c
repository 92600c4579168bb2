/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Translations that CPUs keep (Arm ARM D8.13, D8.14). Invalidations are
 * broadcast to the inner shareable domain, all CPUs that run this image: a
 * store to a table, DSB, TLBI, DSB, and no CPU uses the old entry any more.
 *
 * All low halves have ASID 0. What is kept of one is invalidated when another
 * becomes active, on that CPU alone.
 */
#include <uk/arch/paging.h>

#include <uk/arch/cpu.h>

#define TCR_EPD0	(UINT64_C(1) << 7)

static uint64_t tcr_read(void)
{
	uint64_t tcr;

	__asm__ volatile("mrs %0, tcr_el1" : "=r"(tcr));
	return tcr;
}

void ukarch_pt_activate(uint64_t root)
{
	const uint64_t tcr = tcr_read();

	/*
	 * No walk of the low half while it changes: nothing of the old one is
	 * left when the new one can be walked.
	 */
	__asm__ volatile("msr tcr_el1, %0\n\t"
			 "isb\n\t"
			 "msr ttbr0_el1, %1\n\t"
			 "isb\n\t"
			 "tlbi aside1, xzr\n\t"
			 "dsb nsh\n\t"
			 "isb"
			 : : "r"(tcr | TCR_EPD0), "r"(root) : "memory");
	if (root)
		__asm__ volatile("msr tcr_el1, %0\n\tisb"
				 : : "r"(tcr & ~TCR_EPD0) : "memory");
}

void ukarch_tlb_flush(uintptr_t vaddr, size_t npages)
{
	/* Bits 55 to 12 of the address; of all ASIDs. */
	const uint64_t page = vaddr << 8 >> 20;

	__asm__ volatile("dsb ishst" : : : "memory");
	for (size_t i = 0; i < npages; i++)
		__asm__ volatile("tlbi vaae1is, %0" : : "r"(page + i));
	__asm__ volatile("dsb ish\n\tisb" : : : "memory");
}

void ukarch_tlb_flush_low(void)
{
	__asm__ volatile("dsb ishst\n\ttlbi aside1is, xzr\n\tdsb ish\n\tisb"
			 : : : "memory");
}

void ukarch_tlb_flush_all(void)
{
	__asm__ volatile("dsb ishst\n\ttlbi vmalle1is\n\tdsb ish\n\tisb"
			 : : : "memory");
}
