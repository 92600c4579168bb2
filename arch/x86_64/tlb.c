/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Translations that this CPU keeps (SDM volume 3A, 4.10.4), and what entries
 * mean beyond rights: the page attribute table, and global pages, which stay
 * when the root changes.
 *
 * There are no PCIDs: a new root begins with an empty low half in the TLB.
 */
#include <uk/arch/paging.h>

#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/bits/arch/msr.h>

#include "cpuid.h"
#include "x86_priv.h"

#define MSR_PAT		0x277u
/*
 * By PCD and PWT: WB, WC, UC- and UC, twice (SDM volume 3A, 12.12). As the CPU
 * starts with it, the second is WT, which nobody asks for.
 */
#define PAT		UINT64_C(0x0007010600070106)

#define CR4_PGE		(UINT64_C(1) << 7)

/* levels5.inc makes it 5. */
unsigned int ukarch_x86_pt_levels = UKARCH_PT_LEVELS;

static uint64_t cr4_read(void)
{
	uint64_t cr4;

	__asm__ volatile("movq %%cr4, %0" : "=r"(cr4));
	return cr4;
}

static void cr4_write(uint64_t cr4)
{
	__asm__ volatile("movq %0, %%cr4" : : "r"(cr4) : "memory");
}

static void root_write(uint64_t root)
{
	__asm__ volatile("movq %0, %%cr3" : : "r"(root) : "memory");
}

/*
 * No entry with the second type is in a TLB or cache yet, so the table may be
 * changed without what 12.12.4 asks of an operating system that has some.
 */
void x86_paging_init(void)
{
	const uint32_t features = ukarch_cpuid(1, 0).edx;

	if (features & CPUID_1_EDX_PAT)
		ukarch_msr_write(MSR_PAT, PAT);
	if (features & CPUID_1_EDX_PGE)
		cr4_write(cr4_read() | CR4_PGE);
}

void ukarch_pt_activate(uint64_t root)
{
	root_write(root ? root : x86_final_root());
}

void ukarch_tlb_flush(uintptr_t vaddr, size_t npages)
{
	for (; npages > 0; npages--, vaddr += UKARCH_PAGE_SIZE)
		__asm__ volatile("invlpg %0"
				 : : "m"(*(const char *)vaddr) : "memory");
}

void ukarch_tlb_flush_low(void)
{
	root_write(ukarch_pt_root());
}

/* A change of PGE flushes global pages with all others. */
void ukarch_tlb_flush_all(void)
{
	const uint64_t cr4 = cr4_read();

	if (cr4 & CR4_PGE) {
		cr4_write(cr4 & ~CR4_PGE);
		cr4_write(cr4);
	} else {
		ukarch_tlb_flush_low();
	}
}
