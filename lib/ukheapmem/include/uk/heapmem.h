/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>

struct uk_alloc;
struct uk_bootinfo;

/*
 * The memory of the default heap, for those who implement one. An allocator
 * says how it is made over a piece of memory; this library has the memory.
 *
 * Context: uk_heapmem_give() is for the boot; see below for the others.
 */

/* Where a heap has more memory from, as long as the program runs. */
struct uk_heapmem {
	/*
	 * Take *@len bytes or more for good, rather @wish, at a multiple of
	 * @align, a power of two. *@len is how many it is then, whole pages.
	 * Returns the address, or NULL, and nothing was taken.
	 */
	void *(*more)(size_t *len, size_t wish, size_t align);

	/* The same at @at, a multiple of a page: behind what the heap has. */
	void *(*more_at)(void *at, size_t *len, size_t wish);

	/* Bytes that can be had, in all and in one piece. */
	size_t (*left)(void);
	size_t (*most)(void);
};

/*
 * Make the default heap by @make, once, in stage MEM. Where nobody allocates
 * frames it is given all FREE regions of @bi, the largest one first; where
 * lib/ukfallocbuddy does, some pages of them, and a source of more. The
 * functions of that may be called in any context.
 *
 * @make makes and registers an allocator over the @len bytes at @base. @source
 * lives for ever; NULL: what uk_alloc_addmem() adds is all there will be. It
 * returns the allocator, or NULL: @len is too little to be of use.
 *
 * Returns 0, or
 *   -ENOMEM  there is no memory, or too little, which it has logged
 *   what uk_alloc_addmem() returns
 */
int uk_heapmem_give(const struct uk_bootinfo *bi,
		    struct uk_alloc *(*make)(void *base, size_t len,
					     const struct uk_heapmem *source));
