/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/arch/paging.h>
#include <uk/bits/arch/start.h>
#include <uk/config.h>

/*
 * How a CPU comes up, for the two files that do it: start.S for the boot CPU,
 * lcpu_start.S for the others. Assembler only.
 */

#define PHYS(sym)	UKARCH_PHYS(sym)

/* An entry that leads to a table. */
#define TABLE		(UKARCH_PTE_PRESENT | UKARCH_PTE_WRITE | \
			 UKARCH_PTE_ACCESSED)

#define MSR_EFER	0xc0000080
#define EFER_LME	(1 << 8)
#define EFER_NXE	(1 << 11)

#define CR0_PG		(1 << 31)
#define CR0_START	(CR0_PG | 0x10033)	/* WP NE ET MP PE */
#define CR4_PAE		(1 << 5)
#define CR4_LA57	(1 << 12)
#define CR4_START	(CR4_PAE | 0x600)	/* OSFXSR OSXMMEXCPT */

/* In the boot GDT only, and that table's length. */
#define SEL_CODE32	0x18
#define BOOT_GDT_LEN	32

#ifdef CONFIG_ARCH_X86_64_LA57
#include "levels5.inc"
#else
#include "levels4.inc"
#endif
