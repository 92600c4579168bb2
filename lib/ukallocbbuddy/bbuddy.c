/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The allocator: a lock over the blocks of blocks.c, and more memory when they
 * do not have what is asked for.
 *
 * A heap with a source asks it for a region that begins with the block that is
 * needed, aligned as that; rather for a quarter of what it has, so that regions
 * are few, since the one of a block is searched when it is freed.
 */
#include <uk/allocbbuddy.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/alloc_impl.h>
#include <uk/assert.h>
#include <uk/compiler.h>
#include <uk/crash.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/heapmem.h>
#include <uk/preempt.h>
#include <uk/string.h>

#include "allocbbuddy_priv.h"

/* What is asked for at least; the source may have less. */
#define MORE_MIN	((size_t)64 << 10)

static struct bbuddy_heap *heap_of(struct uk_alloc *a)
{
	return (struct bbuddy_heap *)(void *)a->priv;
}

UK_NOINLINE static struct bbuddy_heap *lock(struct uk_alloc *a)
{
	struct bbuddy_heap *const h = heap_of(a);

	UK_ASSERT(!uk_in_irq());

	uk_spin_lock(&h->lock);
	return h;
}

UK_NOINLINE static void unlock(struct bbuddy_heap *h)
{
	uk_spin_unlock(&h->lock);
}

/* Have a block of @order, if the source has it. */
static bool grow(struct bbuddy_heap *h, unsigned int order)
{
	size_t len;
	char *base;

	if (!h->source || order >= BBUDDY_END)
		return false;
	len = bbuddy_region_len(order);
	base = h->source->more(&len, UK_MAX(h->len / 4, MORE_MIN),
			       (size_t)1 << order);
	return base && bbuddy_add(h, (uintptr_t)base, (uintptr_t)base + len)
		       == 0;
}

UK_NOINLINE
static void *obtain(struct uk_alloc *a, size_t align, size_t size)
{
	struct bbuddy_heap *h;
	unsigned int order;
	void *ptr = NULL;

	/* A block of no bytes is one too. */
	size = UK_MAX(size, (size_t)1);
	h = lock(a);
	if (size <= PTRDIFF_MAX) {
		order = bbuddy_order(UK_MAX(size, align));
		ptr = bbuddy_take(h, order, &size);
		if (!ptr && grow(h, order))
			ptr = bbuddy_take(h, order, &size);
	}
	uk_alloc_stats_alloc(a, ptr, size);
	unlock(h);
	return ptr;
}

UK_NORETURN UK_COLD static void stray(const void *ptr)
{
	uk_crash("heap: %p is freed or resized, and no block in use begins "
		 "there", ptr);
}

static void *bbuddy_malloc(struct uk_alloc *a, size_t size)
{
	return obtain(a, BBUDDY_UNIT, size);
}

UK_NOINLINE static void bbuddy_free(struct uk_alloc *a, void *ptr)
{
	struct bbuddy_heap *h;
	size_t len;

	h = lock(a);
	len = ptr ? bbuddy_put(h, ptr) : 0;
	if (UK_LIKELY(len))
		uk_alloc_stats_free(a, len);
	unlock(h);
	if (UK_UNLIKELY(ptr && !len))
		stray(ptr);
}

static void *bbuddy_realloc(struct uk_alloc *a, void *ptr, size_t size)
{
	struct bbuddy_heap *h;
	size_t len;
	void *now;

	if (!ptr)
		return bbuddy_malloc(a, size);
	if (size == 0) {
		bbuddy_free(a, ptr);
		return NULL;
	}
	h = lock(a);
	len = bbuddy_len(h, ptr);
	unlock(h);
	if (UK_UNLIKELY(!len))
		stray(ptr);
	/* Shrinking to less than half is worth a copy. */
	if (size <= len && size >= len / 2)
		return ptr;

	now = bbuddy_malloc(a, size);
	if (!now)
		return size <= len ? ptr : NULL;
	memcpy(now, ptr, UK_MIN(size, len));
	bbuddy_free(a, ptr);
	return now;
}

static int bbuddy_posix_memalign(struct uk_alloc *a, void **memptr,
				 size_t align, size_t size)
{
	void *ptr;

	if (!UK_IS_POW2(align) || align % sizeof(void *))
		return EINVAL;
	ptr = align <= PTRDIFF_MAX ? obtain(a, align, size) : NULL;
	if (!ptr)
		return ENOMEM;
	*memptr = ptr;
	return 0;
}

static long bbuddy_maxalloc(struct uk_alloc *a)
{
	const struct uk_heapmem *const source = heap_of(a)->source;
	const size_t most = source ? source->most() : 0;
	unsigned int order = BBUDDY_MIN;
	struct bbuddy_heap *h;
	uint64_t orders;

	h = lock(a);
	orders = h->orders;
	unlock(h);
	/* Wherever it lies, it has such a block if it is twice as long. */
	for (; order < BBUDDY_END - 1 &&
	     bbuddy_region_len(order + 1) <= most; order++)
		orders |= UINT64_C(1) << order;
	return orders ? (long)1 << (63 - __builtin_clzl(orders)) : 0;
}

static long bbuddy_availmem(struct uk_alloc *a)
{
	const struct uk_heapmem *const source = heap_of(a)->source;
	size_t sum = source ? source->left() : 0;
	struct bbuddy_heap *h;

	h = lock(a);
	sum += h->free;
	unlock(h);
	return (long)sum;
}

static int bbuddy_addmem(struct uk_alloc *a, void *base, size_t size)
{
	struct bbuddy_heap *h;
	uintptr_t to;
	int rc;

	if (!base || __builtin_add_overflow((uintptr_t)base, size, &to))
		return -EINVAL;
	h = lock(a);
	rc = bbuddy_add(h, (uintptr_t)base, to);
	unlock(h);
	return rc;
}

struct uk_alloc *allocbbuddy_init(void *base, size_t len,
				  const struct uk_heapmem *source)
{
	const size_t own = sizeof(struct uk_alloc) + sizeof(struct bbuddy_heap);
	const uintptr_t from = UK_ALIGN_UP((uintptr_t)base, BBUDDY_UNIT);
	struct uk_alloc *const a = (struct uk_alloc *)from;
	uintptr_t to;

	if (!base || __builtin_add_overflow((uintptr_t)base, len, &to) ||
	    from < (uintptr_t)base || to < from ||
	    to - from < own + bbuddy_region_len(BBUDDY_MIN) + BBUDDY_UNIT)
		return NULL;

	bbuddy_init(heap_of(a), source);
	if (bbuddy_add(heap_of(a), from + own, to) < 0)
		return NULL;
	uk_alloc_init_malloc(a, bbuddy_malloc, uk_calloc_compat,
			     bbuddy_realloc, bbuddy_free,
			     bbuddy_posix_memalign, uk_memalign_compat,
			     bbuddy_maxalloc, bbuddy_availmem, bbuddy_addmem);
	return a;
}

struct uk_alloc *uk_allocbbuddy_init(void *base, size_t len)
{
	return allocbbuddy_init(base, len, NULL);
}
