/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/config.h>

/*
 * 4-level tables with 48-bit addresses (Intel SDM volume 3A, 4.5; AMD APM
 * volume 2, 5.3), or 5 levels and 57 bits, of which all but the low half is
 * unused: image, linear map and KMAP are where 48 bits can reach, so these
 * constants are constants. No page is ever marked user.
 */

#define UKARCH_IMAGE_BASE	0xffffffff80000000
#define UKARCH_CORE_TOP		0xffff000000000000
#define UKARCH_LINEAR_BASE	0xffff800000000000
#define UKARCH_LOW_BASE		0x0000000000001000
#define UKARCH_LOW_END		0x00007ffffffff000
#define UKARCH_KMAP_BASE	0xffffff0000000000
#define UKARCH_KMAP_END		0xffffff8000000000
#define UKARCH_PT_LEVELS	4
#ifdef CONFIG_ARCH_X86_64_LA57
#define UKARCH_PT_LEVELS_MAX	5
#else
#define UKARCH_PT_LEVELS_MAX	4
#endif
#define UKARCH_PT_HIGH		256
#define UKARCH_PT_COUNT_SHIFT	52
#define UKARCH_PT_BREAK		0
#define UKARCH_TLB_REMOTE	1

/* Bits of an entry. */
#define UKARCH_PTE_PRESENT	0x01
#define UKARCH_PTE_WRITE	0x02
#define UKARCH_PTE_PWT		0x08
#define UKARCH_PTE_PCD		0x10
#define UKARCH_PTE_ACCESSED	0x20
#define UKARCH_PTE_DIRTY	0x40
#define UKARCH_PTE_LARGE	0x80	/* level 1 and 2: maps memory */
#define UKARCH_PTE_GLOBAL	0x100
/* Not to be accessed: without PRESENT the CPU looks at no other bit. */
#define UKARCH_PTE_HIDDEN	0x200
#define UKARCH_PTE_NX_HIGH	0x80000000	/* in the upper 32 bits */
#define UKARCH_PTE_PADDR	0x000ffffffffff000

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>

/* Written before C begins. */
extern unsigned int ukarch_x86_pt_levels;

static inline unsigned int ukarch_pt_levels(void)
{
	return UKARCH_PT_LEVELS_MAX > UKARCH_PT_LEVELS ?
	       ukarch_x86_pt_levels : UKARCH_PT_LEVELS;
}

static inline uintptr_t ukarch_low_end(unsigned int levels)
{
	return (UINT64_C(1) << (UKARCH_PT_SHIFT(levels) - 1)) - 0x1000;
}

#define UKARCH_PTE_NX		((uint64_t)UKARCH_PTE_NX_HIGH << 32)

/*
 * Accessed and dirty are set at once: nobody asks for them, and the CPU then
 * need not write to the table. PWT and PCD choose an entry of the PAT, which
 * tlb.c sets so that they are the kind of memory as it is.
 */
#define UKARCH_PTE_TYPE		(UKARCH_PTE_PWT | UKARCH_PTE_PCD)

_Static_assert(UK_PAGE_TYPE == UKARCH_PTE_TYPE &&
	       UK_PAGE_WRITECOMBINE == UKARCH_PTE_PWT &&
	       UK_PAGE_UNCACHED == UKARCH_PTE_PCD, "entries of the PAT");

static inline uint64_t ukarch_pte_leaf(uint64_t paddr, unsigned int level,
				       unsigned int prot)
{
	uint64_t pte = paddr | UKARCH_PTE_ACCESSED;

	pte |= prot & UK_PAGE_READ ? UKARCH_PTE_PRESENT : UKARCH_PTE_HIDDEN;
	if (level > 0)
		pte |= UKARCH_PTE_LARGE;
	if (prot & UK_PAGE_WRITE)
		pte |= UKARCH_PTE_WRITE | UKARCH_PTE_DIRTY;
	if (!(prot & UK_PAGE_EXEC) || (prot & UK_PAGE_TYPE))
		pte |= UKARCH_PTE_NX;
	if (prot & UK_PAGE_GLOBAL)
		pte |= UKARCH_PTE_GLOBAL;
	return pte | (prot & UK_PAGE_TYPE);
}

/* The leaf alone restricts the access. */
static inline uint64_t ukarch_pte_table(uint64_t paddr)
{
	return paddr | UKARCH_PTE_PRESENT | UKARCH_PTE_WRITE |
	       UKARCH_PTE_ACCESSED;
}

static inline bool ukarch_pte_present(uint64_t pte)
{
	return pte & (UKARCH_PTE_PRESENT | UKARCH_PTE_HIDDEN);
}

static inline bool ukarch_pte_is_leaf(uint64_t pte, unsigned int level)
{
	return level == 0 || (pte & UKARCH_PTE_LARGE);
}

/* Bit 12 of a large page is its PAT bit, which we never set. */
static inline uint64_t ukarch_pte_paddr(uint64_t pte)
{
	return pte & UKARCH_PTE_PADDR;
}

static inline unsigned int ukarch_pte_prot(uint64_t pte)
{
	unsigned int prot = (unsigned int)(pte & UKARCH_PTE_TYPE);

	if (pte & UKARCH_PTE_PRESENT)
		prot |= UK_PAGE_READ;
	if (pte & UKARCH_PTE_WRITE)
		prot |= UK_PAGE_WRITE;
	if (!(pte & UKARCH_PTE_NX))
		prot |= UK_PAGE_EXEC;
	if (pte & UKARCH_PTE_GLOBAL)
		prot |= UK_PAGE_GLOBAL;
	return prot;
}

static inline uint64_t ukarch_pt_root(void)
{
	uint64_t cr3;

	__asm__ volatile("movq %%cr3, %0" : "=r"(cr3));
	return cr3 & UKARCH_PTE_PADDR;
}

/*
 * Entries that were not present are never in the TLB (SDM volume 3A, 4.10),
 * and the stores of a CPU are seen in order by its own walks.
 */
static inline void ukarch_pt_publish(void)
{
	__asm__ volatile("" : : : "memory");
}

#endif /* !__ASSEMBLER__ */
