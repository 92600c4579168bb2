/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The layer takes the place of an allocator's functions when it registers, and
 * keeps the ones it needs: those that get memory and give it back, of which
 * all others are made here. So the blocks of each allocator are the layer's,
 * and what is below sees nothing but larger ones; pages of an allocator that is
 * made of them are the exception, they go through as they are.
 *
 * It is not put over single calls of <uk/alloc.h>, since then a block from
 * code that knows the layer could not be freed by code that does not.
 */
#include "debug_priv.h"

#include <uk/alloc_impl.h>
#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/symbol.h>

#include "alloc_priv.h"

#define ALIGN		((size_t)16)
#define PAGE		((size_t)UKARCH_PAGE_SIZE)

/* Return addresses that may lie between here and the one looked for. */
#define DEPTH		(ALLOC_NSITES + 4)

/* The call that returns to where the calling function does. */
#define SITE		((uintptr_t)__builtin_return_address(0))

/* @site and who is above it. */
static void find_sites(uintptr_t site, struct alloc_sites *sites)
{
	uintptr_t addrs[DEPTH];
	const size_t n = uk_symbol_callers(addrs, DEPTH);
	size_t i = 0;

	*sites = (struct alloc_sites){ .at = { site } };
	while (i < n && addrs[i] != site)
		i++;
	for (size_t k = 1; k < ALLOC_NSITES && i + k < n; k++)
		sites->at[k] = addrs[i + k];
}

static void *request(struct uk_alloc *a, size_t align, size_t size,
		     uintptr_t site)
{
	struct alloc_sites sites;

	find_sites(site, &sites);
	if (alloc_fail_now(size, &sites))
		return NULL;
	return alloc_block_new(a, align, size, &sites);
}

static void release(struct uk_alloc *a, void *ptr, uintptr_t site)
{
	struct alloc_sites sites;

	find_sites(site, &sites);
	alloc_block_free(a, ptr, &sites);
}

static void *layer_malloc(struct uk_alloc *a, size_t size)
{
	return request(a, ALIGN, size, SITE);
}

static void *layer_calloc(struct uk_alloc *a, size_t nmemb, size_t size)
{
	size_t len;
	void *ptr;

	if (__builtin_mul_overflow(nmemb, size, &len))
		return NULL;
	ptr = request(a, ALIGN, len, SITE);
	if (ptr)
		memset(ptr, 0, len);
	return ptr;
}

/* A block always moves, so that whoever kept the old pointer is found. */
static void *layer_realloc(struct uk_alloc *a, void *ptr, size_t size)
{
	const uintptr_t site = SITE;
	struct alloc_sites sites;
	size_t len;
	void *now;

	if (!ptr)
		return request(a, ALIGN, size, site);
	if (size == 0) {
		release(a, ptr, site);
		return NULL;
	}
	find_sites(site, &sites);
	len = alloc_block_size(a, ptr, &sites);
	now = request(a, ALIGN, size, site);
	if (!now)
		return NULL;
	memcpy(now, ptr, UK_MIN(len, size));
	alloc_block_free(a, ptr, &sites);
	return now;
}

static int layer_posix_memalign(struct uk_alloc *a, void **memptr,
				size_t align, size_t size)
{
	void *ptr;

	if (!UK_IS_POW2(align) || align % sizeof(void *))
		return EINVAL;
	ptr = request(a, UK_MAX(align, ALIGN), size, SITE);
	if (!ptr)
		return ENOMEM;
	*memptr = ptr;
	return 0;
}

static void *layer_memalign(struct uk_alloc *a, size_t align, size_t size)
{
	if (!UK_IS_POW2(align))
		return NULL;
	return request(a, UK_MAX(align, ALIGN), size, SITE);
}

static void layer_free(struct uk_alloc *a, void *ptr)
{
	if (ptr)
		release(a, ptr, SITE);
}

static void layer_free_sized(struct uk_alloc *a, void *ptr, size_t size)
{
	struct alloc_sites sites;

	if (!ptr)
		return;
	find_sites(SITE, &sites);
	alloc_block_expect(a, ptr, size, &sites);
	alloc_block_free(a, ptr, &sites);
}

static void *layer_palloc(struct uk_alloc *a, unsigned long npages)
{
	struct alloc_sites sites;
	size_t len;

	if (npages == 0 || __builtin_mul_overflow(npages, PAGE, &len))
		return NULL;
	if (!a->_inner.palloc)
		return request(a, PAGE, len, SITE);
	find_sites(SITE, &sites);
	return alloc_fail_now(len, &sites) ? NULL
					   : a->_inner.palloc(a, npages);
}

static void layer_pfree(struct uk_alloc *a, void *ptr, unsigned long npages)
{
	struct alloc_sites sites;

	if (a->_inner.palloc) {
		a->_inner.pfree(a, ptr, npages);
		return;
	}
	find_sites(SITE, &sites);
	if (alloc_block_size(a, ptr, &sites) != npages * PAGE)
		alloc_report(NULL, &sites, "heap: %lu pages are given back "
			     "at 0x%lx, not all that were got", npages,
			     (unsigned long)ptr);
	alloc_block_free(a, ptr, &sites);
}

static long layer_maxalloc(struct uk_alloc *a)
{
	const long max = a->_inner.maxalloc(a);
	const long own = (long)alloc_block_overhead();

	return max > own ? max - own : UK_MIN(max, 0L);
}

/* Of pages that are made of blocks: what aligns these takes room, too. */
static long layer_pmaxalloc(struct uk_alloc *a)
{
	const long max = layer_maxalloc(a);
	const long lost = (long)(PAGE - ALIGN);

	return max > lost ? (max - lost) / (long)PAGE : UK_MIN(max, 0L);
}

void alloc_debug_attach(struct uk_alloc *a)
{
	const bool has_pages = a->palloc != uk_palloc_compat;
	const bool has_sized = a->free_sized != uk_free_sized_compat;

	a->_inner = (struct uk_alloc_inner){
		.malloc = a->malloc,
		.free = a->free,
		.free_sized = has_sized ? a->free_sized : NULL,
		.palloc = has_pages ? a->palloc : NULL,
		.pfree = has_pages ? a->pfree : NULL,
		.maxalloc = a->maxalloc,
	};
	a->malloc = layer_malloc;
	a->calloc = layer_calloc;
	a->realloc = layer_realloc;
	a->posix_memalign = layer_posix_memalign;
	a->memalign = layer_memalign;
	a->free = layer_free;
	a->free_sized = layer_free_sized;
	a->palloc = layer_palloc;
	a->pfree = layer_pfree;
	if (a->maxalloc)
		a->maxalloc = layer_maxalloc;
	if (a->maxalloc && !has_pages)
		a->pmaxalloc = layer_pmaxalloc;
}

uk_alloc_free_sized_func_t *alloc_debug_free_sized(struct uk_alloc *a)
{
	return a->free == layer_free ? &a->_inner.free_sized : &a->free_sized;
}

void alloc_debug_register(struct uk_alloc *a)
{
	/* The first of all; tests put the list aside. */
	static bool is_later;
	uint32_t level = alloc_debug.level;

	if (alloc_fail.nth)
		level = UK_MAX(level, 1u);
	if (level > 1 || (level == 1 && !is_later))
		alloc_debug_attach(a);
	is_later = true;
}
