/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * The host process as an address space. Its memory is all in the lower half;
 * the difference to UKARCH_LINEAR_BASE, modulo 2^64, is its "physical"
 * address. The format of the entries is made up; what edits tables can be
 * tested with it, no CPU walks them.
 */
#define UKARCH_IMAGE_BASE	UINT64_C(0xffffffff80000000)
#define UKARCH_CORE_TOP		UINT64_C(0)
#define UKARCH_LINEAR_BASE	UINT64_C(0xffff800000000000)
#define UKARCH_LOW_BASE		UINT64_C(0x0000000000001000)
#define UKARCH_LOW_END		UINT64_C(0x00007ffffffff000)
#define UKARCH_KMAP_BASE	UINT64_C(0xffffff0000000000)
#define UKARCH_KMAP_END		UINT64_C(0xffffff8000000000)
#define UKARCH_PT_LEVELS	4
#define UKARCH_PT_LEVELS_MAX	4
#define UKARCH_PT_HIGH		256
#define UKARCH_PT_COUNT_SHIFT	2
#define UKARCH_PT_BREAK		1
#define UKARCH_TLB_REMOTE	1

#define HOSTED_PTE_PRESENT	UINT64_C(1)
#define HOSTED_PTE_LEAF		UINT64_C(2)
#define HOSTED_PTE_PADDR	UINT64_C(0x0000fffffffff000)
#define HOSTED_PTE_PROT_SHIFT	56

uint64_t hosted_pt_root(void);

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
	(void)level;
	return paddr | HOSTED_PTE_PRESENT | HOSTED_PTE_LEAF |
	       (uint64_t)prot << HOSTED_PTE_PROT_SHIFT;
}

static inline uint64_t ukarch_pte_table(uint64_t paddr)
{
	return paddr | HOSTED_PTE_PRESENT;
}

static inline bool ukarch_pte_present(uint64_t pte)
{
	return pte & HOSTED_PTE_PRESENT;
}

static inline bool ukarch_pte_is_leaf(uint64_t pte, unsigned int level)
{
	return level == 0 || (pte & HOSTED_PTE_LEAF);
}

static inline uint64_t ukarch_pte_paddr(uint64_t pte)
{
	return pte & HOSTED_PTE_PADDR;
}

static inline unsigned int ukarch_pte_prot(uint64_t pte)
{
	return (unsigned int)(pte >> HOSTED_PTE_PROT_SHIFT);
}

static inline uint64_t ukarch_pt_root(void)
{
	return hosted_pt_root();
}

static inline void ukarch_pt_publish(void)
{
}
