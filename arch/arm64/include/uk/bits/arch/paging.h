/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * VMSAv8-64 translation tables, 4 KiB granule, 48-bit addresses (Arm
 * Architecture Reference Manual, D8.3). The manual counts levels from the
 * root down, 0 to 3; here level 0 holds the pages.
 */

#define UKARCH_IMAGE_BASE	0xffffffff80000000
#define UKARCH_CORE_TOP		0xffff000000000000
#define UKARCH_LINEAR_BASE	0xffff000000000000
#define UKARCH_LOW_BASE		0x0000000000001000
#define UKARCH_LOW_END		0x0001000000000000
#define UKARCH_KMAP_BASE	0xffffff0000000000
#define UKARCH_KMAP_END		0xffffff8000000000
#define UKARCH_PT_LEVELS	4
#define UKARCH_PT_LEVELS_MAX	4
#define UKARCH_PT_HIGH		512
#define UKARCH_PT_COUNT_SHIFT	2
#define UKARCH_PT_BREAK		1
#define UKARCH_TLB_REMOTE	0

/*
 * Fields of an entry. AP[1] is never set: no page is accessible from EL0.
 * The memory types are indices into MAIR_EL1, which start.S sets.
 */
#define UKARCH_PTE_VALID	0x1
#define UKARCH_PTE_TABLE	0x2	/* level 0: a page */
#define UKARCH_PTE_ATTR(idx)	((idx) << 2)
#define UKARCH_PTE_READONLY	0x80
#define UKARCH_PTE_INNER	0x300	/* inner shareable */
#define UKARCH_PTE_ACCESSED	0x400
#define UKARCH_PTE_NOT_GLOBAL	0x800
#define UKARCH_PTE_PXN		0x0020000000000000
#define UKARCH_PTE_UXN		0x0040000000000000
#define UKARCH_PTE_PADDR	0x0000fffffffff000
/* For software: not to be accessed, so without VALID. */
#define UKARCH_PTE_HIDDEN	0x0100000000000000
/* For software: what write-combining and uncached memory differ in. */
#define UKARCH_PTE_UNCACHED	0x0080000000000000

#define UKARCH_MAIR_NORMAL	0	/* write-back, allocates always */
#define UKARCH_MAIR_DEVICE	1	/* Device-nGnRE */
#define UKARCH_MAIR_UNCACHED	2	/* Normal non-cacheable */
#define UKARCH_MAIR		0x4404ff

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>

static inline uint64_t ukarch_pte_type(unsigned int prot)
{
	switch (prot & UK_PAGE_TYPE) {
	case UK_PAGE_DEVICE:
		return UKARCH_PTE_ATTR(UKARCH_MAIR_DEVICE);
	case UK_PAGE_WRITECOMBINE:
		return UKARCH_PTE_ATTR(UKARCH_MAIR_UNCACHED);
	case UK_PAGE_UNCACHED:
		return UKARCH_PTE_ATTR(UKARCH_MAIR_UNCACHED) |
		       UKARCH_PTE_UNCACHED;
	default:
		return 0;
	}
}

static inline unsigned int ukarch_pt_levels(void)
{
	return UKARCH_PT_LEVELS;
}

static inline uintptr_t ukarch_low_end(unsigned int levels)
{
	(void)levels;
	return UKARCH_LOW_END;
}

static inline uint64_t ukarch_pte_leaf(uint64_t paddr, unsigned int level,
				       unsigned int prot)
{
	uint64_t pte = paddr | UKARCH_PTE_ACCESSED | UKARCH_PTE_INNER |
		       UKARCH_PTE_UXN;

	pte |= prot & UK_PAGE_READ ? UKARCH_PTE_VALID : UKARCH_PTE_HIDDEN;
	if (level == 0)
		pte |= UKARCH_PTE_TABLE;
	if (!(prot & UK_PAGE_WRITE))
		pte |= UKARCH_PTE_READONLY;
	if (!(prot & UK_PAGE_EXEC) || (prot & UK_PAGE_TYPE))
		pte |= UKARCH_PTE_PXN;
	if (!(prot & UK_PAGE_GLOBAL))
		pte |= UKARCH_PTE_NOT_GLOBAL;
	return pte | ukarch_pte_type(prot);
}

static inline uint64_t ukarch_pte_table(uint64_t paddr)
{
	return paddr | UKARCH_PTE_VALID | UKARCH_PTE_TABLE;
}

static inline bool ukarch_pte_present(uint64_t pte)
{
	return pte & (UKARCH_PTE_VALID | UKARCH_PTE_HIDDEN);
}

static inline bool ukarch_pte_is_leaf(uint64_t pte, unsigned int level)
{
	return level == 0 || !(pte & UKARCH_PTE_TABLE);
}

static inline uint64_t ukarch_pte_paddr(uint64_t pte)
{
	return pte & UKARCH_PTE_PADDR;
}

static inline unsigned int ukarch_pte_prot(uint64_t pte)
{
	unsigned int prot = 0;

	if (pte & UKARCH_PTE_VALID)
		prot |= UK_PAGE_READ;
	if (pte & UKARCH_PTE_ATTR(UKARCH_MAIR_DEVICE))
		prot |= UK_PAGE_DEVICE;
	else if (pte & UKARCH_PTE_UNCACHED)
		prot |= UK_PAGE_UNCACHED;
	else if (pte & UKARCH_PTE_ATTR(UKARCH_MAIR_UNCACHED))
		prot |= UK_PAGE_WRITECOMBINE;
	if (!(pte & UKARCH_PTE_READONLY))
		prot |= UK_PAGE_WRITE;
	if (!(pte & UKARCH_PTE_PXN))
		prot |= UK_PAGE_EXEC;
	if (!(pte & UKARCH_PTE_NOT_GLOBAL))
		prot |= UK_PAGE_GLOBAL;
	return prot;
}

static inline uint64_t ukarch_pt_root(void)
{
	uint64_t ttbr1;

	__asm__ volatile("mrs %0, ttbr1_el1" : "=r"(ttbr1));
	return ttbr1 & UKARCH_PTE_PADDR;
}

/*
 * For entries that were not valid before: such entries are not in the TLB,
 * so nothing is invalidated (D8.13).
 */
static inline void ukarch_pt_publish(void)
{
	__asm__ volatile("dsb ishst\n\tisb" : : : "memory");
}

#endif /* !__ASSEMBLER__ */
