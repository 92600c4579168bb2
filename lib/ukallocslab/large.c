/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Large blocks: runs of frames, exact to the page. The page map has the length
 * with the first page, which is the owner's to read and write, so there is no
 * lock. The pages behind are not marked: a block of a GiB needs a leaf, not
 * 1024.
 */
#include "slab_priv.h"

#include <uk/arch/paging.h>
#include <uk/assert.h>
#include <uk/essentials.h>
#include <uk/falloc.h>

size_t slab_npages(size_t size)
{
	return size > PTRDIFF_MAX ? 0 :
	       UK_DIV_ROUND_UP(UK_MAX(size, (size_t)1), PAGE);
}

void *slab_large_try(struct uk_alloc *a, size_t npages, unsigned long flags)
{
	struct uk_falloc *const fa = slab_shared(a)->fa;
	struct slab_page *page;
	uint64_t paddr;
	void *ptr;

	if (uk_falloc(fa, &paddr, npages, flags) < 0)
		return NULL;
	ptr = uk_phys_to_virt(paddr);
	if (!slab_map_cover(a, ptr, 1)) {
		(void)uk_ffree(fa, paddr, npages);
		return NULL;
	}
	page = slab_page_of(a, ptr);
	page->npages = npages;
	page->index = 0;
	page->kind = SLAB_LARGE;
	return ptr;
}

void *slab_large_new(struct uk_alloc *a, size_t npages, size_t align,
		     bool zero)
{
	const unsigned int shift = (unsigned int)__builtin_ctzll(align);
	const unsigned long flags = UK_FALLOC_ALIGN(shift) |
				    (zero ? UK_FALLOC_ZERO : 0);
	void *ptr;

	if (npages == 0)
		return NULL;
	ptr = slab_large_try(a, npages, flags);
	if (UK_LIKELY(ptr))
		return ptr;
	slab_reclaim(a);
	return slab_large_try(a, npages, flags);
}

void slab_large_free(struct uk_alloc *a, void *ptr, struct slab_page *page)
{
	const uint64_t npages = page->npages;
	int rc;

	if ((uintptr_t)ptr % PAGE)
		slab_no_block(ptr);
	page->kind = SLAB_NONE;
	slab_map_leave(a, ptr, 1);
	rc = uk_ffree(slab_shared(a)->fa, uk_virt_to_phys(ptr), npages);
	UK_ASSERT(rc == 0);
}

bool slab_large_resize(struct uk_alloc *a, void *ptr, struct slab_page *page,
		       size_t npages)
{
	struct uk_falloc *const fa = slab_shared(a)->fa;
	const uint64_t paddr = uk_virt_to_phys(ptr);
	const uint64_t end = paddr + page->npages * PAGE;
	const uint64_t wish = paddr + npages * PAGE;
	uint64_t at;

	if (wish < end) {
		const int rc = uk_ffree(fa, wish, page->npages - npages);

		UK_ASSERT(rc == 0);
	} else if (wish > end &&
		   uk_falloc_from_range(fa, &at, npages - page->npages, 0,
					end, wish) < 0) {
		return false;
	}
	page->npages = npages;
	return true;
}
