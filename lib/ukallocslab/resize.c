/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Blocks of another size, and such with an alignment.
 *
 * A block stays where it is if its class is that of the new size, which sized
 * free relies on up to SLAB_BY_TABLE; a medium or large one also if what lies
 * behind it is free, and it gives back what it does not need. Everything else
 * is a new block and a copy.
 *
 * A span begins with a page, so blocks of a class whose size is a multiple of
 * an alignment are aligned to that: none is ever cut out of a larger one, and
 * free need not look. Medium ones are cut to begin where they have to.
 */
#include "slab_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/preempt.h>
#include <uk/string.h>

size_t slab_block_size(struct uk_alloc *a, const void *ptr,
		       const struct slab_page *page)
{
	size_t size, off;

	if (!page || page->kind == SLAB_NONE)
		slab_no_block(ptr);
	if (page->kind == SLAB_LARGE) {
		if ((uintptr_t)ptr % PAGE)
			slab_no_block(ptr);
		return page->npages * PAGE;
	}
	if (page->kind == SLAB_MEDIUM)
		return slab_medium_size(a, ptr, page);
	size = slab_class(a, page->kind)->size;
	off = slab_index(page) * PAGE + (uintptr_t)ptr % PAGE;
	if (off % size)
		slab_no_block(ptr);
	return size;
}

/* Can the block at @ptr be one of @size where it is? *@len is what it has. */
static bool stays(struct uk_alloc *a, void *ptr, struct slab_page *page,
		  size_t size, size_t *len)
{
	if (size > SLAB_BY_TABLE && size <= SLAB_SMALL_MAX && page &&
	    page->kind == SLAB_MEDIUM)
		return slab_medium_resize(a, ptr, size, len);
	*len = slab_block_size(a, ptr, page);
	if (size <= SLAB_BY_TABLE)
		return page->kind == slab_class_of(size);
	if (page->kind != SLAB_LARGE)
		return false;
	/* A medium block is better if it is that small, and pages fewer. */
	return size <= PTRDIFF_MAX &&
	       (size > SLAB_SMALL_MAX || slab_npages(size) == page->npages) &&
	       slab_large_resize(a, ptr, page, slab_npages(size));
}

/* A block of @size for one of @len. What grew once will do so again. */
static void *another(struct uk_alloc *a, size_t len, size_t size)
{
	void *ptr = NULL;

	if (size > len && size > SLAB_BY_TABLE && size <= SLAB_SMALL_MAX) {
		uk_preempt_disable();
		ptr = slab_medium_to_grow(a, size);
		uk_preempt_enable();
		slab_count_alloc(a, ptr, size);
	}
	return ptr ? ptr : slab_malloc(a, size);
}

void *slab_realloc(struct uk_alloc *a, void *ptr, size_t size)
{
	struct slab_page *const page = slab_page_of(a, ptr);
	size_t len;
	void *now;

	if (!ptr)
		return slab_malloc(a, size);
	if (size == 0) {
		slab_free(a, ptr);
		return NULL;
	}
	if (stays(a, ptr, page, size, &len)) {
		if (UK_IS_ENABLED(CONFIG_LIBUKALLOC_IFSTATS))
			slab_count_resize(a, len,
					  slab_block_size(a, ptr, page));
		return ptr;
	}
	now = another(a, len, size);
	/* A block that is too long is better than none. */
	if (!now)
		return size <= len && size > SLAB_BY_TABLE ? ptr : NULL;
	memcpy(now, ptr, UK_MIN(len, size));
	slab_free(a, ptr);
	return now;
}

/* The smallest size of a class that is aligned, or 0: there is none. */
static size_t aligned_size(size_t align, size_t size)
{
	if (align > SLAB_BY_TABLE || size > SLAB_BY_TABLE)
		return 0;
	for (unsigned int c = slab_class_of(size); c < SLAB_MEDIUM; c++)
		if (slab_size_of(c) % align == 0)
			return slab_size_of(c);
	return 0;
}

static void *medium_aligned(struct uk_alloc *a, size_t align, size_t size)
{
	const size_t unit = UK_MAX(align, SLAB_UNIT);
	void *ptr = NULL;

	for (unsigned int i = 0; !ptr && i < 2; i++) {
		if (i)
			slab_reclaim(a);
		uk_preempt_disable();
		ptr = slab_medium_new(a, size, unit);
		uk_preempt_enable();
	}
	return ptr;
}

int slab_posix_memalign(struct uk_alloc *a, void **memptr, size_t align,
			size_t size)
{
	size_t fit;
	void *ptr;

	if (!UK_IS_POW2(align) || align % sizeof(void *))
		return EINVAL;
	fit = aligned_size(align, size);
	if (fit) {
		ptr = slab_malloc(a, fit);
	} else {
		ptr = align < PAGE && size <= SLAB_SMALL_MAX ?
		      medium_aligned(a, align, size) :
		      slab_large_new(a, slab_npages(size), UK_MAX(align, PAGE),
				     false);
		slab_count_alloc(a, ptr, size);
	}
	if (!ptr)
		return ENOMEM;
	*memptr = ptr;
	return 0;
}
