/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
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
 *   UKARCH_CORE_TOP     the upper 16 bits that all addresses of the core have
 *   UKARCH_LINEAR_BASE  physical address p is at UKARCH_LINEAR_BASE + p
 *   UKARCH_LOW_BASE, _END   what is mapped at run time, in the low half; page
 *                       0 is below. Tables of more levels have a later end
 *   UKARCH_KMAP_BASE, _END  the same in the high half, above the linear map
 *   UKARCH_PT_LEVELS    levels of tables; level 0 holds 4 KiB pages
 *   UKARCH_PT_LEVELS_MAX    the most of them that this image uses, where the
 *                       CPU has them
 *   UKARCH_PT_HIGH      the first root entry of the high half; that many low
 *                       ones and all others if both halves have one root, 512
 *                       if each has its own
 *   UKARCH_PT_COUNT_SHIFT   in entries that lead to a table, the lowest of 10
 *                       bits that the CPU ignores: for how many entries of
 *                       that table are present
 *   UKARCH_PT_BREAK     1: an entry that maps memory is made absent, and
 *                       flushed, before it maps in another size or other
 *                       memory
 *   UKARCH_TLB_REMOTE   1: a CPU flushes its own TLB only; 0: everybody's
 *
 * A table has 512 entries of 64 bits; level n entries cover
 * 1 << (12 + 9 * n) bytes.
 */

#ifndef __ASSEMBLER__

#define UK_PAGE_READ	0x1u
#define UK_PAGE_WRITE	0x2u
#define UK_PAGE_EXEC	0x4u

/* The kind of memory, one of; executable is the first one only. */
#define UK_PAGE_TYPE		0x18u
#define UK_PAGE_WRITEBACK	0x00u
#define UK_PAGE_WRITECOMBINE	0x08u	/* uncached, writes are gathered */
#define UK_PAGE_UNCACHED	0x10u	/* memory, uncached */
#define UK_PAGE_DEVICE		0x18u	/* uncached, in order */

/* In every address space: the high half. */
#define UK_PAGE_GLOBAL	0x20u

#define UKARCH_PT_ENTRIES	512
#define UKARCH_PT_SHIFT(level)	(12 + 9 * (level))

/*
 * An entry that maps @paddr, aligned to its level; @prot: UK_PAGE_… Without
 * UK_PAGE_READ it is not for the CPU, but present as far as we are concerned.
 */
static inline uint64_t ukarch_pte_leaf(uint64_t paddr, unsigned int level,
				       unsigned int prot);
/* An entry that points to the next lower table at @paddr. */
static inline uint64_t ukarch_pte_table(uint64_t paddr);
static inline bool ukarch_pte_present(uint64_t pte);
/* @pte is present: does it map memory itself, rather than point to a table? */
static inline bool ukarch_pte_is_leaf(uint64_t pte, unsigned int level);
static inline uint64_t ukarch_pte_paddr(uint64_t pte);
/* What @prot made @pte, which maps memory. */
static inline unsigned int ukarch_pte_prot(uint64_t pte);

/* The levels of the tables in force: UKARCH_PT_LEVELS or more. */
static inline unsigned int ukarch_pt_levels(void);
/* Where the low half of tables of @levels ends. */
static inline uintptr_t ukarch_low_end(unsigned int levels);

/* The highest level whose entries may map memory on this CPU (1 or 2). */
unsigned int ukarch_pt_leaf_max(void);

/* Physical address of the active root table for the high half. */
static inline uint64_t ukarch_pt_root(void);

/* Entries written before it are seen by walks after it. */
static inline void ukarch_pt_publish(void);

/*
 * Have this CPU's low half be the table at @root, a physical address, or, 0,
 * be empty; nothing of the one before stays in its TLB.
 */
void ukarch_pt_activate(uint64_t root);

/*
 * No TLB (see UKARCH_TLB_REMOTE) keeps what it knows of the @npages pages
 * from @vaddr on, of any size, nor of tables that lead there.
 */
void ukarch_tlb_flush(uintptr_t vaddr, size_t npages);
/* The same of all the low half, or all of both. */
void ukarch_tlb_flush_low(void);
void ukarch_tlb_flush_all(void);

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
