/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Is there memory at an address? The page tables know: they hold for guard
 * pages, holes and mappings that no list has. Only the high half is asked,
 * where the image, the linear map and every stack of the core lie.
 */
#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>

#include "ukdebug_priv.h"

static bool mapped(uintptr_t vaddr)
{
	uint64_t table = ukarch_pt_root();

	for (unsigned int level = ukarch_pt_levels(); level-- > 0;) {
		const uint64_t *const entries = uk_phys_to_virt(table);
		const uint64_t pte = entries[vaddr >> UKARCH_PT_SHIFT(level) &
					     (UKARCH_PT_ENTRIES - 1)];

		if (!ukarch_pte_present(pte))
			return false;
		if (ukarch_pte_is_leaf(pte, level))
			return true;
		table = ukarch_pte_paddr(pte);
	}
	return false;
}

bool ukdebug_readable(uintptr_t addr, size_t len)
{
	const uintptr_t last = addr + len - 1;

	if (addr < UKARCH_LINEAR_BASE || last < addr)
		return false;
	return mapped(addr) && mapped(last);
}
