/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/config.h>

/*
 * Memory from an allocator.
 *
 * Several allocators may exist at once, each for memory of its own; the first
 * one that registers is the default. A caller that has no wish of its own
 * takes uk_alloc_get_default(). Each call costs one indirect call; there is
 * no state here but the list.
 *
 * The structure and the names are what library ports know; in the core they
 * never set errno. Blocks are aligned to 16 bytes, unless more is asked for,
 * and not zeroed, unless it says so. @a may be NULL: then there is no memory.
 *
 * Context: as the allocator says; never an interrupt handler.
 */
struct uk_alloc;

/* ENOMEM, for a header that must not bring the names of <uk/errno.h>. */
#define UK_ALLOC_ENOMEM	12

typedef void *(*uk_alloc_malloc_func_t)(struct uk_alloc *a, size_t size);
typedef void *(*uk_alloc_calloc_func_t)(struct uk_alloc *a, size_t nmemb,
					size_t size);
typedef void *(*uk_alloc_realloc_func_t)(struct uk_alloc *a, void *ptr,
					 size_t size);
typedef int (*uk_alloc_posix_memalign_func_t)(struct uk_alloc *a,
					      void **memptr, size_t align,
					      size_t size);
typedef void *(*uk_alloc_memalign_func_t)(struct uk_alloc *a, size_t align,
					  size_t size);
typedef void (*uk_alloc_free_func_t)(struct uk_alloc *a, void *ptr);
typedef void (*uk_alloc_free_sized_func_t)(struct uk_alloc *a, void *ptr,
					   size_t size);
typedef void *(*uk_alloc_palloc_func_t)(struct uk_alloc *a,
					unsigned long npages);
typedef void (*uk_alloc_pfree_func_t)(struct uk_alloc *a, void *ptr,
				      unsigned long npages);
typedef long (*uk_alloc_getsize_func_t)(struct uk_alloc *a);
typedef int (*uk_alloc_addmem_func_t)(struct uk_alloc *a, void *base,
				      size_t size);

/* What an allocator counted, with CONFIG_LIBUKALLOC_IFSTATS. */
struct uk_alloc_stats {
	size_t last_alloc_size;	/* bytes */
	size_t max_alloc_size;
	size_t min_alloc_size;
	uint64_t tot_nb_allocs;
	uint64_t tot_nb_frees;
	int64_t cur_nb_allocs;	/* not yet freed */
	int64_t max_nb_allocs;
	int64_t cur_mem_use;	/* bytes not yet freed */
	int64_t max_mem_use;
	uint64_t nb_enomem;	/* requests that failed */
};

/* What is below the layer of CONFIG_LIBUKALLOC_DEBUG, see README.md. */
struct uk_alloc_inner {
	uk_alloc_malloc_func_t malloc;
	uk_alloc_free_func_t free;
	uk_alloc_free_sized_func_t free_sized;	/* NULL: by free */
	uk_alloc_palloc_func_t palloc;	/* NULL: the layer makes pages */
	uk_alloc_pfree_func_t pfree;
	uk_alloc_getsize_func_t maxalloc;
};

/* What others are built against is in this order; new things go before next. */
struct uk_alloc {
	uk_alloc_malloc_func_t malloc;
	uk_alloc_calloc_func_t calloc;
	uk_alloc_realloc_func_t realloc;
	uk_alloc_posix_memalign_func_t posix_memalign;
	uk_alloc_memalign_func_t memalign;
	uk_alloc_free_func_t free;

	/* Behind uk_malloc_ifmalloc() & co., see <uk/alloc_impl.h>. */
	uk_alloc_free_func_t free_backend;
	uk_alloc_malloc_func_t malloc_backend;

	uk_alloc_palloc_func_t palloc;
	uk_alloc_pfree_func_t pfree;
	uk_alloc_getsize_func_t maxalloc;	/* may be NULL, as below */
	uk_alloc_getsize_func_t availmem;
	uk_alloc_getsize_func_t pmaxalloc;
	uk_alloc_getsize_func_t pavailmem;
	uk_alloc_addmem_func_t addmem;

#if UK_IS_ENABLED(CONFIG_LIBUKALLOC_IFSTATS)
	struct uk_alloc_stats _stats;
#endif
#if UK_IS_ENABLED(CONFIG_LIBUKALLOC_DEBUG)
	struct uk_alloc_inner _inner;
#endif
	uk_alloc_free_sized_func_t free_sized;

	struct uk_alloc *next;	/* in the order of registration */
	uint8_t priv[];		/* the allocator's own */
};

/* The list; only lib/ukalloc writes it. */
extern struct uk_alloc *_uk_alloc_head;

/* The default allocator; NULL as long as there is none. */
static inline struct uk_alloc *uk_alloc_get_default(void)
{
	return _uk_alloc_head;
}

/* @size bytes. NULL: no memory. Size 0 is a block that must be freed. */
static inline void *uk_malloc(struct uk_alloc *a, size_t size)
{
	return UK_LIKELY(a) ? a->malloc(a, size) : NULL;
}

/* @nmemb times @size bytes, zeroed; NULL too if the product overflows. */
static inline void *uk_calloc(struct uk_alloc *a, size_t nmemb, size_t size)
{
	return UK_LIKELY(a) ? a->calloc(a, nmemb, size) : NULL;
}

/* @size bytes, zeroed. */
static inline void *uk_zalloc(struct uk_alloc *a, size_t size)
{
	return uk_calloc(a, 1, size);
}

/*
 * Make the block at @ptr @size bytes long; its bytes are kept as far as they
 * fit. @ptr NULL is uk_malloc(); @size 0 is uk_free(), which gives NULL.
 *
 * Returns the block, which may have moved, and has then no more alignment than
 * every block; or NULL: no memory, and the block is as it was.
 */
static inline void *uk_realloc(struct uk_alloc *a, void *ptr, size_t size)
{
	return UK_LIKELY(a) ? a->realloc(a, ptr, size) : NULL;
}

/*
 * @size bytes at a multiple of @align, a power of two and a multiple of the
 * size of a pointer. Returns, as POSIX has it, 0 or a positive EINVAL or
 * ENOMEM; then *@memptr is untouched.
 */
static inline int uk_posix_memalign(struct uk_alloc *a, void **memptr,
				    size_t align, size_t size)
{
	return UK_LIKELY(a) ? a->posix_memalign(a, memptr, align, size)
			    : UK_ALLOC_ENOMEM;
}

/* The same with any power of two; NULL: no memory, or @align is none. */
static inline void *uk_memalign(struct uk_alloc *a, size_t align, size_t size)
{
	return UK_LIKELY(a) ? a->memalign(a, align, size) : NULL;
}

/* Give back a block of the functions above. @ptr NULL does nothing. */
static inline void uk_free(struct uk_alloc *a, void *ptr)
{
	if (UK_LIKELY(a))
		a->free(a, ptr);
}

/*
 * The same for a block of uk_malloc(), uk_calloc() or uk_realloc(), but none
 * of the functions with an alignment, whose caller knows how long it is: @size
 * is the bytes that the last of these was asked for (of uk_calloc(), the
 * product), or that the allocator says the block can hold. An allocator may
 * believe it, and then need not look; a wrong one is as bad as a wrong @ptr.
 */
static inline void uk_free_sized(struct uk_alloc *a, void *ptr, size_t size)
{
	if (UK_LIKELY(a))
		a->free_sized(a, ptr, size);
}

/* @npages whole pages, at least 1, page-aligned; NULL: no memory. */
static inline void *uk_palloc(struct uk_alloc *a, unsigned long npages)
{
	return UK_LIKELY(a) ? a->palloc(a, npages) : NULL;
}

/* Give back the @npages pages at @ptr, all that one uk_palloc() gave. */
static inline void uk_pfree(struct uk_alloc *a, void *ptr,
			    unsigned long npages)
{
	if (UK_LIKELY(a))
		a->pfree(a, ptr, npages);
}

/*
 * Give the @size bytes at @base, mapped and unused, to @a for good.
 *
 * Returns 0, or
 *   -EINVAL   too little to be of use
 *   -ENOTSUP  the allocator takes no memory
 *   what else the allocator returns
 */
int uk_alloc_addmem(struct uk_alloc *a, void *base, size_t size);

/*
 * Bytes (pages) that the largest possible request may have, and that are free
 * in total, each at this moment. -ENOTSUP: the allocator does not tell.
 */
long uk_alloc_maxalloc(struct uk_alloc *a);
long uk_alloc_availmem(struct uk_alloc *a);
long uk_alloc_pmaxalloc(struct uk_alloc *a);
long uk_alloc_pavailmem(struct uk_alloc *a);

/* Free bytes of all allocators that tell. */
size_t uk_alloc_availmem_total(void);

/*
 * Copy what @a counted since it was registered to @stats.
 *
 * Returns 0, or
 *   -ENOTSUP  CONFIG_LIBUKALLOC_IFSTATS is off
 */
int uk_alloc_stats_get(const struct uk_alloc *a, struct uk_alloc_stats *stats);

/*
 * With CONFIG_LIBUKALLOC_DEBUG, look at all blocks for what was written beside
 * them, and at those in quarantine for what was written after they were freed;
 * the image crashes at the first one that was, naming it. Without, nothing
 * happens. The blocks must be at rest meanwhile. Context: as uk_free().
 */
void uk_alloc_check(void);
