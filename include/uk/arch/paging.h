/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stdint.h>
#endif

/*
 * Address-space layout and the format of page-table entries. Contract: each
 * architecture fills it in <uk/bits/arch/paging.h>, macros and inline
 * functions.
 *
 * Constants (also for assembler, as plain numbers):
 *   UKARCH_IMAGE_BASE   where the image is linked: physical address 0 (x86_64)
 *                       or the image's load address (arm64) appears there
 *   UKARCH_LINEAR_BASE  physical address p is at UKARCH_LINEAR_BASE + p
 *   UKARCH_PT_LEVELS    levels of tables; level 0 holds 4 KiB pages
 *
 * A table has 512 entries of 64 bits; level n entries cover
 * 1 << (12 + 9 * n) bytes.
 */

#ifndef __ASSEMBLER__

#define UK_PAGE_READ	0x1u
#define UK_PAGE_WRITE	0x2u
#define UK_PAGE_EXEC	0x4u
#define UK_PAGE_DEVICE	0x8u	/* uncached, ordered; never executable */

#define UKARCH_PT_ENTRIES	512
#define UKARCH_PT_SHIFT(level)	(12 + 9 * (level))

/* An entry that maps @paddr, aligned to its level; @prot: UK_PAGE_… */
static inline uint64_t ukarch_pte_leaf(uint64_t paddr, unsigned int level,
				       unsigned int prot);
/* An entry that points to the next lower table at @paddr. */
static inline uint64_t ukarch_pte_table(uint64_t paddr);
static inline bool ukarch_pte_present(uint64_t pte);
/* @pte is present: does it map memory itself, rather than point to a table? */
static inline bool ukarch_pte_is_leaf(uint64_t pte, unsigned int level);
static inline uint64_t ukarch_pte_paddr(uint64_t pte);

/* The highest level whose entries may map memory on this CPU (1 or 2). */
unsigned int ukarch_pt_leaf_max(void);

/* Physical address of the active root table for the high half. */
static inline uint64_t ukarch_pt_root(void);

/* Entries written before it are seen by walks after it. */
static inline void ukarch_pt_publish(void);

#endif /* !__ASSEMBLER__ */

#include <uk/bits/arch/paging.h>

#ifndef __ASSEMBLER__

/* Between physical addresses and the linear map. */
static inline void *uk_phys_to_virt(uint64_t paddr)
{
	return (void *)(uintptr_t)(paddr + UKARCH_LINEAR_BASE);
}

/* @vaddr is in the linear map. */
static inline uint64_t uk_virt_to_phys(const void *vaddr)
{
	return (uint64_t)(uintptr_t)vaddr - UKARCH_LINEAR_BASE;
}

#endif /* !__ASSEMBLER__ */
