/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The malloc family for an allocator that has less: malloc and free only, or
 * pages only.
 *
 * Every block is preceded by a header that says where the memory under it
 * begins and how long it is; so any alignment can be cut out of an ordinary
 * block, and realloc knows what to copy. Both kinds differ only in the pair
 * of functions that gets and gives back the memory.
 */
#include <uk/alloc_impl.h>

#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

/* Directly below a block. */
struct header {
	void *base;		/* the memory under it */
	size_t len;		/* bytes of that, header included */
};

_Static_assert(sizeof(struct header) == 16, "blocks are aligned to 16");

#define ALIGN		sizeof(struct header)

/* Gets at least *@len bytes and says how many it got. */
typedef void *(*get_fn)(struct uk_alloc *a, size_t *len);
typedef void (*put_fn)(struct uk_alloc *a, void *base, size_t len);

static void *get_backend(struct uk_alloc *a, size_t *len)
{
	return a->malloc_backend(a, *len);
}

static void put_backend(struct uk_alloc *a, void *base, size_t len UK_UNUSED)
{
	a->free_backend(a, base);
}

static void *get_pages(struct uk_alloc *a, size_t *len)
{
	if (*len > SIZE_MAX - UKARCH_PAGE_SIZE)
		return NULL;
	*len = UK_ALIGN_UP(*len, UKARCH_PAGE_SIZE);
	return a->palloc(a, *len / UKARCH_PAGE_SIZE);
}

static void put_pages(struct uk_alloc *a, void *base, size_t len)
{
	a->pfree(a, base, len / UKARCH_PAGE_SIZE);
}

static struct header *header_of(const void *ptr)
{
	UK_ASSERT(UK_IS_ALIGNED((uintptr_t)ptr, ALIGN));
	return (struct header *)(uintptr_t)ptr - 1;
}

/* Bytes from @ptr to the end of its memory. */
static size_t block_len(const void *ptr)
{
	const struct header *h = header_of(ptr);

	return (size_t)((uintptr_t)h->base + h->len - (uintptr_t)ptr);
}

static void *get_block(struct uk_alloc *a, get_fn get, size_t align,
		       size_t size)
{
	size_t len;
	uintptr_t at;
	void *base;

	/* The memory itself may be aligned to nothing. */
	if (__builtin_add_overflow(size, sizeof(struct header) + align - 1,
				   &len))
		base = NULL;
	else
		base = get(a, &len);
	uk_alloc_stats_alloc(a, base, len);
	if (!base)
		return NULL;

	at = UK_ALIGN_UP((uintptr_t)base + sizeof(struct header), align);
	*header_of((void *)at) = (struct header){ .base = base, .len = len };
	return (void *)at;
}

static void put_block(struct uk_alloc *a, put_fn put, void *ptr)
{
	struct header h;

	if (!ptr)
		return;
	h = *header_of(ptr);
	uk_alloc_stats_free(a, h.len);
	put(a, h.base, h.len);
}

static void *resize(struct uk_alloc *a, get_fn get, put_fn put, void *ptr,
		    size_t size)
{
	size_t len;
	void *now;

	if (!ptr)
		return get_block(a, get, ALIGN, size);
	if (size == 0) {
		put_block(a, put, ptr);
		return NULL;
	}

	len = block_len(ptr);
	/* Shrinking to less than half is worth a copy. */
	if (size <= len && size >= len / 2)
		return ptr;

	now = get_block(a, get, ALIGN, size);
	if (!now)
		return size <= len ? ptr : NULL;
	memcpy(now, ptr, UK_MIN(size, len));
	put_block(a, put, ptr);
	return now;
}

static int memalign(struct uk_alloc *a, get_fn get, void **memptr,
		    size_t align, size_t size)
{
	void *ptr;

	if (!UK_IS_POW2(align) || align % sizeof(void *))
		return EINVAL;

	ptr = get_block(a, get, UK_MAX(align, ALIGN), size);
	if (!ptr)
		return ENOMEM;
	*memptr = ptr;
	return 0;
}

void *uk_malloc_ifmalloc(struct uk_alloc *a, size_t size)
{
	return get_block(a, get_backend, ALIGN, size);
}

void *uk_realloc_ifmalloc(struct uk_alloc *a, void *ptr, size_t size)
{
	return resize(a, get_backend, put_backend, ptr, size);
}

int uk_posix_memalign_ifmalloc(struct uk_alloc *a, void **memptr,
			       size_t align, size_t size)
{
	return memalign(a, get_backend, memptr, align, size);
}

void uk_free_ifmalloc(struct uk_alloc *a, void *ptr)
{
	put_block(a, put_backend, ptr);
}

void uk_alloc_add_headers(struct uk_alloc *a)
{
	a->malloc_backend = a->malloc;
	a->free_backend = a->free;
	a->malloc = uk_malloc_ifmalloc;
	a->calloc = uk_calloc_compat;
	a->realloc = uk_realloc_ifmalloc;
	a->posix_memalign = uk_posix_memalign_ifmalloc;
	a->memalign = uk_memalign_compat;
	a->free = uk_free_ifmalloc;
}

void *uk_malloc_ifpages(struct uk_alloc *a, size_t size)
{
	return get_block(a, get_pages, ALIGN, size);
}

void *uk_realloc_ifpages(struct uk_alloc *a, void *ptr, size_t size)
{
	return resize(a, get_pages, put_pages, ptr, size);
}

int uk_posix_memalign_ifpages(struct uk_alloc *a, void **memptr,
			      size_t align, size_t size)
{
	return memalign(a, get_pages, memptr, align, size);
}

void uk_free_ifpages(struct uk_alloc *a, void *ptr)
{
	put_block(a, put_pages, ptr);
}

/* @npages pages in bytes, without the header if one block is made of them. */
static long bytes(long npages, size_t header)
{
	const long max = (long)(PTRDIFF_MAX / UKARCH_PAGE_SIZE);

	if (npages <= 0)
		return npages;
	return UK_MIN(npages, max) * UKARCH_PAGE_SIZE - (long)header;
}

long uk_maxalloc_ifpages(struct uk_alloc *a)
{
	return bytes(uk_alloc_pmaxalloc(a),
		     sizeof(struct header) + ALIGN - 1);
}

long uk_availmem_ifpages(struct uk_alloc *a)
{
	return bytes(uk_alloc_pavailmem(a), 0);
}
