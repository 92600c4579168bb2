/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>

#include <uk/alloc.h>
#include <uk/compiler.h>

/*
 * For those who implement an allocator: fill struct uk_alloc, whose priv[] is
 * yours, with one of the three macros at the end, from what you have:
 *
 *   uk_alloc_init_malloc            the whole malloc family
 *   uk_alloc_init_malloc_ifmalloc   malloc and free only
 *   uk_alloc_init_palloc            pages only
 *
 * The rest is derived by the functions below. Each macro registers @a, which
 * then is the default allocator if it is the first.
 *
 * Context: registering is for the boot, one CPU; all else as the functions
 * that are behind it.
 */

/* Append @a to the list. Returns 0. */
int uk_alloc_register(struct uk_alloc *a);

/*
 * Let uk_free_sized() call @fn, which is for blocks of the allocator's own
 * malloc, calloc and realloc, and does nothing for NULL. Without, it is free.
 *
 * Called right after the macro that filled and registered @a, before any block
 * is allocated; not for an allocator whose blocks have headers.
 */
void uk_alloc_set_free_sized(struct uk_alloc *a,
			     uk_alloc_free_sized_func_t fn);

/* Over the malloc and free of @a, whatever they are. */
void *uk_calloc_compat(struct uk_alloc *a, size_t nmemb, size_t size);
void *uk_memalign_compat(struct uk_alloc *a, size_t align, size_t size);
void *uk_palloc_compat(struct uk_alloc *a, unsigned long npages);
void uk_pfree_compat(struct uk_alloc *a, void *ptr, unsigned long npages);
void uk_free_sized_compat(struct uk_alloc *a, void *ptr, size_t size);

/*
 * For an allocator that has no realloc: malloc, copy, free. Only a header
 * tells how long the old block is, so uk_alloc_init_malloc() gives blocks the
 * 16 bytes of uk_alloc_init_malloc_ifmalloc() when it gets this function.
 * Called for an allocator without them it returns NULL, unless @ptr is NULL
 * or @size is 0.
 */
void *uk_realloc_compat(struct uk_alloc *a, void *ptr, size_t size);

/*
 * Put the family of uk_malloc_ifmalloc() over the malloc and free that @a has.
 * For the macro below; nothing is allocated yet.
 */
void uk_alloc_add_headers(struct uk_alloc *a);

/* Over malloc_backend and free_backend; each block has 16 bytes of header. */
void *uk_malloc_ifmalloc(struct uk_alloc *a, size_t size);
void *uk_realloc_ifmalloc(struct uk_alloc *a, void *ptr, size_t size);
int uk_posix_memalign_ifmalloc(struct uk_alloc *a, void **memptr,
			       size_t align, size_t size);
void uk_free_ifmalloc(struct uk_alloc *a, void *ptr);

/* Over palloc and pfree; each block is whole pages, with 16 bytes of header. */
void *uk_malloc_ifpages(struct uk_alloc *a, size_t size);
void *uk_realloc_ifpages(struct uk_alloc *a, void *ptr, size_t size);
int uk_posix_memalign_ifpages(struct uk_alloc *a, void **memptr,
			      size_t align, size_t size);
void uk_free_ifpages(struct uk_alloc *a, void *ptr);
long uk_maxalloc_ifpages(struct uk_alloc *a);
long uk_availmem_ifpages(struct uk_alloc *a);

/*
 * Over maxalloc and availmem, in pages; they and the two above return -ENOTSUP
 * where the function that they need is NULL.
 */
long uk_pmaxalloc_compat(struct uk_alloc *a);
long uk_pavailmem_compat(struct uk_alloc *a);

/*
 * Statistics: an allocator calls these with the bytes the block really has
 * (the caller's size, or more); nothing is left of them when
 * CONFIG_LIBUKALLOC_IFSTATS is off. @ptr NULL counts a failure.
 */
#if UK_IS_ENABLED(CONFIG_LIBUKALLOC_IFSTATS)
void uk_alloc_stats_alloc(struct uk_alloc *a, const void *ptr, size_t size);
void uk_alloc_stats_free(struct uk_alloc *a, size_t size);
void uk_alloc_stats_resize(struct uk_alloc *a, size_t from, size_t to);
void uk_alloc_stats_reset(struct uk_alloc *a);
#else
static inline void uk_alloc_stats_alloc(struct uk_alloc *a UK_UNUSED,
					const void *ptr UK_UNUSED,
					size_t size UK_UNUSED)
{
}

static inline void uk_alloc_stats_free(struct uk_alloc *a UK_UNUSED,
				       size_t size UK_UNUSED)
{
}

static inline void uk_alloc_stats_resize(struct uk_alloc *a UK_UNUSED,
					 size_t from UK_UNUSED,
					 size_t to UK_UNUSED)
{
}

static inline void uk_alloc_stats_reset(struct uk_alloc *a UK_UNUSED)
{
}
#endif

/*
 * All of the family is there; see uk_realloc_compat() for that one. This one
 * does not register @a: for allocators that come and go.
 */
#define uk_alloc_fill_malloc(a, malloc_f, calloc_f, realloc_f, free_f,	\
			     posix_memalign_f, memalign_f, maxalloc_f,	\
			     availmem_f, addmem_f)			\
	do {								\
		(a)->malloc = (malloc_f);				\
		(a)->calloc = (calloc_f);				\
		(a)->realloc = (realloc_f);				\
		(a)->posix_memalign = (posix_memalign_f);		\
		(a)->memalign = (memalign_f);				\
		(a)->free = (free_f);					\
		(a)->free_backend = NULL;				\
		(a)->malloc_backend = NULL;				\
		(a)->palloc = uk_palloc_compat;				\
		(a)->pfree = uk_pfree_compat;				\
		(a)->maxalloc = (maxalloc_f);				\
		(a)->availmem = (availmem_f);				\
		(a)->pmaxalloc = uk_pmaxalloc_compat;			\
		(a)->pavailmem = uk_pavailmem_compat;			\
		(a)->addmem = (addmem_f);				\
		if ((a)->realloc == uk_realloc_compat)			\
			uk_alloc_add_headers(a);			\
		(a)->free_sized = uk_free_sized_compat;			\
		uk_alloc_stats_reset(a);				\
	} while (0)

/* The same, and register it. */
#define uk_alloc_init_malloc(a, malloc_f, calloc_f, realloc_f, free_f,	\
			     posix_memalign_f, memalign_f, maxalloc_f,	\
			     availmem_f, addmem_f)			\
	do {								\
		uk_alloc_fill_malloc(a, malloc_f, calloc_f, realloc_f,	\
				     free_f, posix_memalign_f,		\
				     memalign_f, maxalloc_f, availmem_f,\
				     addmem_f);				\
		uk_alloc_register(a);					\
	} while (0)

/* There are @malloc_f and @free_f. */
#define uk_alloc_init_malloc_ifmalloc(a, malloc_f, free_f, maxalloc_f,	\
				      availmem_f, addmem_f)		\
	do {								\
		(a)->malloc = uk_malloc_ifmalloc;			\
		(a)->calloc = uk_calloc_compat;				\
		(a)->realloc = uk_realloc_ifmalloc;			\
		(a)->posix_memalign = uk_posix_memalign_ifmalloc;	\
		(a)->memalign = uk_memalign_compat;			\
		(a)->free = uk_free_ifmalloc;				\
		(a)->free_backend = (free_f);				\
		(a)->malloc_backend = (malloc_f);			\
		(a)->palloc = uk_palloc_compat;				\
		(a)->pfree = uk_pfree_compat;				\
		(a)->maxalloc = (maxalloc_f);				\
		(a)->availmem = (availmem_f);				\
		(a)->pmaxalloc = uk_pmaxalloc_compat;			\
		(a)->pavailmem = uk_pavailmem_compat;			\
		(a)->addmem = (addmem_f);				\
		(a)->free_sized = uk_free_sized_compat;			\
		uk_alloc_stats_reset(a);				\
		uk_alloc_register(a);					\
	} while (0)

/* There are @palloc_f and @pfree_f. */
#define uk_alloc_init_palloc(a, palloc_f, pfree_f, pmaxalloc_f,		\
			     pavailmem_f, addmem_f)			\
	do {								\
		(a)->malloc = uk_malloc_ifpages;			\
		(a)->calloc = uk_calloc_compat;				\
		(a)->realloc = uk_realloc_ifpages;			\
		(a)->posix_memalign = uk_posix_memalign_ifpages;	\
		(a)->memalign = uk_memalign_compat;			\
		(a)->free = uk_free_ifpages;				\
		(a)->free_backend = NULL;				\
		(a)->malloc_backend = NULL;				\
		(a)->palloc = (palloc_f);				\
		(a)->pfree = (pfree_f);					\
		(a)->pmaxalloc = (pmaxalloc_f);				\
		(a)->pavailmem = (pavailmem_f);				\
		(a)->maxalloc = uk_maxalloc_ifpages;			\
		(a)->availmem = uk_availmem_ifpages;			\
		(a)->addmem = (addmem_f);				\
		(a)->free_sized = uk_free_sized_compat;			\
		uk_alloc_stats_reset(a);				\
		uk_alloc_register(a);					\
	} while (0)
