/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * This machine's memory. Tables lie in RAM, in what the memory map reserves, or
 * where it says nothing, so pages are added to the linear map as they are asked
 * for; those that are there already cost a walk.
 */
#include <uk/fwmem.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/paging.h>

/* What was mapped last: tables are close together. Under the callers' lock. */
static struct {
	uint64_t first, end;
} mapped;

static const void *linear_at(const struct uk_fwmem *mem UK_UNUSED,
			     uint64_t paddr, uint64_t len)
{
	const uint64_t first = UK_ALIGN_DOWN(paddr, UKARCH_PAGE_SIZE);
	uint64_t end;

	if (len == 0 || len > UK_FWMEM_MAXLEN ||
	    paddr > UINT64_MAX - UK_FWMEM_MAXLEN - UKARCH_PAGE_SIZE)
		return NULL;
	end = UK_ALIGN_UP(paddr + len, UKARCH_PAGE_SIZE);
	if (first < mapped.first || end > mapped.end) {
		if (uk_paging_map_linear(first, end - first,
					 UK_PAGE_READ | UK_PAGE_WRITE) < 0)
			return NULL;
		mapped.first = first;
		mapped.end = end;
	}
	return uk_phys_to_virt(paddr);
}

void uk_fwmem_init(struct uk_fwmem *mem, const struct uk_bootinfo *bi)
{
	mem->at = linear_at;
	mem->is_pc = UK_IS_ENABLED(CONFIG_ARCH_X86_64) && !bi->efi_systab;
}
