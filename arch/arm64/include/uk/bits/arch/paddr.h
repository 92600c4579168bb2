/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>

/* PAR_EL1 after a translation that succeeded. */
#define UKARCH_PAR_PADDR	0x0000fffffffff000

/* The image may be anywhere. */
static inline uint64_t ukarch_paddr_of(const volatile void *vaddr)
{
	const uint64_t in_page = (uintptr_t)vaddr % UKARCH_PAGE_SIZE;
	unsigned long irqs;
	uint64_t par;

	if ((uintptr_t)vaddr < UKARCH_KMAP_BASE)
		return uk_virt_to_phys((const void *)(uintptr_t)vaddr);
	/* The CPU knows; a handler may have a translation of its own. */
	irqs = ukarch_irq_save();
	__asm__ volatile("at s1e1r, %1\n\tisb\n\tmrs %0, par_el1"
			 : "=r"(par) : "r"(vaddr) : "memory");
	ukarch_irq_restore(irqs);
	return (par & UKARCH_PAR_PADDR) + in_page;
}
