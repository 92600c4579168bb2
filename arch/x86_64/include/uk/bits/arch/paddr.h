/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/config.h>

/* What the tables in force say of @vaddr, which is mapped: they are walked. */
static inline uint64_t ukarch_x86_paddr_walk(uintptr_t vaddr)
{
	unsigned int level = ukarch_pt_levels();
	uint64_t pte = ukarch_pt_root();

	do {
		const uint64_t *const table =
			uk_phys_to_virt(ukarch_pte_paddr(pte));

		level--;
		pte = table[vaddr >> UKARCH_PT_SHIFT(level) &
			    (UKARCH_PT_ENTRIES - 1)];
	} while (!ukarch_pte_is_leaf(pte, level));
	return ukarch_pte_paddr(pte) +
	       (vaddr & ((UINT64_C(1) << UKARCH_PT_SHIFT(level)) - 1));
}

static inline uint64_t ukarch_paddr_of(const volatile void *vaddr)
{
	const uintptr_t at = (uintptr_t)vaddr;

	if (at >= UKARCH_IMAGE_BASE)
		return at - UKARCH_IMAGE_BASE;
	if (UK_IS_ENABLED(CONFIG_LIBUKALLOC_PROTECT) &&
	    at >= UKARCH_KMAP_BASE)
		return ukarch_x86_paddr_walk(at);
	return at - UKARCH_LINEAR_BASE;
}
