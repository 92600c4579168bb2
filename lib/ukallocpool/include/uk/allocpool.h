/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>

struct uk_alloc;

/*
 * A pool of objects of one length: network buffers, requests, descriptors.
 *
 * All memory is there from the start, so that taking an object never asks
 * another allocator, never searches, and costs a few instructions. The object
 * that came back last goes out first, since it is likely in the cache. Nothing
 * is written to objects that are in the pool.
 *
 * Context: taking and returning, one or a batch, and the counts: any, also
 * interrupt handlers; a spinlock is held with interrupts off, once for a whole
 * batch. Making and freeing a pool: as the parent allocator.
 */
struct uk_allocpool;

/*
 * Bytes that uk_allocpool_init() needs, wherever they are, for @count objects
 * of @len bytes at multiples of @align, a power of two. SIZE_MAX: there cannot
 * be such a pool.
 */
size_t uk_allocpool_reqmem(unsigned int count, size_t len, size_t align);

/*
 * Make a pool of as many objects as fit into the @len bytes at @base, which are
 * the pool's from now on.
 *
 * Returns it, or NULL: not one fits, or @obj_len is 0, or @obj_align is no
 * power of two, or @base is NULL.
 */
struct uk_allocpool *uk_allocpool_init(void *base, size_t len, size_t obj_len,
				       size_t obj_align);

/*
 * The same with @count objects, in memory of @parent. Returns NULL also if
 * that has none, or @count is 0.
 */
struct uk_allocpool *uk_allocpool_alloc(struct uk_alloc *parent,
					unsigned int count, size_t obj_len,
					size_t obj_align);

/*
 * Give back a pool of uk_allocpool_alloc(), to which all objects have come
 * back. One of uk_allocpool_init() needs no such call; its memory is the
 * caller's again when no object is in use.
 */
void uk_allocpool_free(struct uk_allocpool *p);

/*
 * The pool as an allocator, for those who know no other: of blocks of
 * uk_allocpool_objlen() bytes at most, aligned as the objects are. It is not
 * in the list of allocators.
 */
struct uk_alloc *uk_allocpool2ukalloc(struct uk_allocpool *p);

/* Objects that are in the pool at this moment, and that it has in all. */
unsigned int uk_allocpool_availcount(struct uk_allocpool *p);
unsigned int uk_allocpool_maxcount(struct uk_allocpool *p);

/* Bytes that each object has: what was asked for, rounded to the alignment. */
size_t uk_allocpool_objlen(struct uk_allocpool *p);

/* Take an object; its bytes are undefined. NULL: none is left. */
void *uk_allocpool_take(struct uk_allocpool *p);

/* Take @count objects, or all there are; returns how many are in @obj now. */
unsigned int uk_allocpool_take_batch(struct uk_allocpool *p, void *obj[],
				     unsigned int count);

/*
 * Give back one object, or @count of them, each taken from @p and in use. With
 * CONFIG_LIBUKALLOCPOOL_DEBUG the image crashes if one is not, naming it.
 */
void uk_allocpool_return(struct uk_allocpool *p, void *obj);
void uk_allocpool_return_batch(struct uk_allocpool *p, void *obj[],
			       unsigned int count);
