/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The word that a waiting CPU looks at. It has its MMU off and reads memory
 * past the caches, so the word is written through the linear map and brought
 * to the point of coherency before the event that ends the wait.
 *
 * A word in memory that is free by the memory map is refused: the heap may be
 * there by now, and the CPU that waits there runs code that is overwritten.
 */
#include <uk/spintable.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/bits/arch/cache.h>
#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/paging.h>

/* Is the word at @paddr, which crosses no page, in memory that we use? */
static bool is_ours(const struct uk_bootinfo *bi, uint64_t paddr)
{
	for (uint32_t i = 0; i < bi->nregions; i++) {
		const struct uk_region *r = &bi->regions[i];

		if (paddr >= r->base && paddr - r->base < r->len)
			return r->type != UK_REGION_RESERVED;
	}
	return false;
}

int uk_spintable_release(const struct uk_bootinfo *bi, uint64_t release,
			 uint64_t entry)
{
	volatile uint64_t *word;
	int rc;

	if (!UK_IS_ALIGNED(release, 8) || !entry || !UK_IS_ALIGNED(entry, 4))
		return -EINVAL;
	if (is_ours(bi, release))
		return -EBUSY;
	rc = uk_paging_map_linear(UK_ALIGN_DOWN(release, UKARCH_PAGE_SIZE),
				  UKARCH_PAGE_SIZE,
				  UK_PAGE_READ | UK_PAGE_WRITE);
	if (rc < 0)
		return rc;

	word = uk_phys_to_virt(release);
	ukarch_dcache_flush(word, sizeof(*word));
	if (*word)
		return -EALREADY;
	*word = entry;
	ukarch_dcache_flush(word, sizeof(*word));
	ukarch_send_event();
	return 0;
}
