/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Blocks of another size, and such with an alignment.
 *
 * A block stays where it is if its class is that of the new size, which sized
 * free relies on up to SLAB_BY_TABLE; above that also as long as it is more
 * than half in use. A large one stays if the frames behind it are free, and
 * gives back those that it does not need. Everything else is a new block and a
 * copy.
 *
 * A span begins with a page, so blocks of a class whose size is a multiple of
 * an alignment up to a page are aligned to that: none is ever cut out of a
 * larger one, and free need not look.
 */
#include "slab_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
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
	size = slab_class(a, page->kind)->size;
	off = slab_index(page) * PAGE + (uintptr_t)ptr % PAGE;
	if (off % size)
		slab_no_block(ptr);
	return size;
}

/* Can the block at @ptr, of @len bytes, be one of @size where it is? */
static bool stays(struct uk_alloc *a, void *ptr, struct slab_page *page,
		  size_t len, size_t size)
{
	if (size <= SLAB_BY_TABLE)
		return page->kind == slab_class_of(size);
	if (page->kind != SLAB_LARGE)
		return size <= len && size > len / 2;
	/* A block of a class is better if it is that small. */
	return size > SLAB_SMALL_MAX && size <= PTRDIFF_MAX &&
	       slab_large_resize(a, ptr, page, slab_npages(size));
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
	len = slab_block_size(a, ptr, page);
	if (stays(a, ptr, page, len, size)) {
		slab_count_resize(a, len, slab_block_size(a, ptr, page));
		return ptr;
	}
	now = slab_malloc(a, size);
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
	if (align > PAGE || size > SLAB_SMALL_MAX)
		return 0;
	for (unsigned int c = slab_class_of(size); c <= UK_ALLOCSLAB_CLASSES;
	     c++)
		if (slab_size_of(c) % align == 0)
			return slab_size_of(c);
	return 0;
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
		ptr = slab_large_new(a, slab_npages(size), UK_MAX(align, PAGE),
				     false);
		slab_count_alloc(a, ptr, size);
	}
	if (!ptr)
		return ENOMEM;
	*memptr = ptr;
	return 0;
}
