/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One position per region, which moves up.
 *
 * A block is preceded by its length, 8 bytes, and begins on 16; so it ends
 * where the next header may lie. That the last block can be told from others
 * needs no field: it ends at the position. Freeing in the reverse order of
 * allocating therefore gives everything back; freeing in any other order gives
 * nothing back, and what realloc() leaves behind is lost.
 *
 * Requests are served by the first region with room. Small regions are added
 * after the large one, so they fill up with what it cannot hold any more.
 *
 * A heap with a source asks it for memory when no region has room: for what
 * follows the end of the newest one, which then just becomes longer, or else
 * for a region elsewhere, which comes early in the list. It asks for a quarter
 * of what it has, so that regions are few, and for less if that is not there.
 */
#include <uk/allocregion.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/alloc_impl.h>
#include <uk/assert.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/heapmem.h>
#include <uk/preempt.h>
#include <uk/spinlock.h>
#include <uk/string.h>

#include "allocregion_priv.h"

#define ALIGN		16u
#define HEADER		sizeof(size_t)

/* What is asked for at least; the source may have less. */
#define MORE_MIN	((size_t)64 << 10)

/*
 * At the beginning of its own memory (the first one: in struct heap).
 * Both pos and end are 8 below a multiple of 16.
 */
struct region {
	struct region *next;
	uintptr_t pos;		/* the first free byte */
	uintptr_t end;
};

/* All of it is under the lock; the source never changes. */
struct heap {
	struct uk_spinlock lock;
	const struct uk_heapmem *source;	/* or NULL */
	struct region *newest;
	size_t len;		/* bytes that all regions began with */
	struct region first;
};

static struct heap *heap_of(struct uk_alloc *a)
{
	return (struct heap *)(void *)a->priv;
}

static struct region *first_region(struct uk_alloc *a)
{
	return &heap_of(a)->first;
}

static void lock(struct uk_alloc *a)
{
	UK_ASSERT(!uk_in_irq());

	uk_spin_lock(&heap_of(a)->lock);
}

static void unlock(struct uk_alloc *a)
{
	uk_spin_unlock(&heap_of(a)->lock);
}

static size_t *len_of(uintptr_t ptr)
{
	return (size_t *)ptr - 1;
}

/* Bytes a block of @size takes, header included; the caller has checked it. */
static size_t footprint(size_t size)
{
	return UK_ALIGN_UP(size + HEADER, ALIGN);
}

/* Where the block that follows @r's position would begin. */
static uintptr_t place(const struct region *r, size_t align)
{
	return UK_ALIGN_UP(r->pos + HEADER, align);
}

/* The bytes a block aligned to @align could have in @r. */
static size_t room(const struct region *r, size_t align)
{
	const uintptr_t at = place(r, align);

	/* at wraps only for an absurd align. */
	return at > r->pos && at < r->end ? r->end - at : 0;
}

static void *take(struct uk_alloc *a, size_t align, size_t size)
{
	void *ptr = NULL;

	for (struct region *r = first_region(a); r; r = r->next) {
		const uintptr_t at = place(r, align);

		if (size > room(r, align))
			continue;
		ptr = (void *)at;
		*len_of(at) = size;
		r->pos = at - HEADER + footprint(size);
		UK_ASSERT(r->pos <= r->end);
		break;
	}
	return ptr;
}

/*
 * Let @r hand out what is between @from and @to, aligned so that blocks fall
 * on 16. Returns false if not even the smallest block would fit.
 */
static bool set_up(struct region *r, uintptr_t from, uintptr_t to)
{
	if (to < from || to - from < 4 * ALIGN)
		return false;

	r->next = NULL;
	r->pos = UK_ALIGN_UP(from + HEADER, ALIGN) - HEADER;
	r->end = UK_ALIGN_DOWN(to - HEADER, ALIGN) + HEADER;
	return true;
}

/* Let @r have @missing bytes more, if the source has what follows it. */
static bool extend(struct uk_alloc *a, struct region *r, size_t missing)
{
	struct heap *const h = heap_of(a);
	size_t len = missing;

	/* An end lies HEADER bytes before that of its memory. */
	if (!h->source || !h->source->more_at((void *)(r->end + HEADER), &len,
					      UK_MAX(h->len / 4, MORE_MIN)))
		return false;
	r->end += len;
	h->len += len;
	return true;
}

/* Have room for @size bytes at a multiple of @align, if the source has it. */
static bool grow(struct uk_alloc *a, size_t align, size_t size)
{
	struct heap *const h = heap_of(a);
	const uintptr_t at = place(h->newest, align);
	size_t len = sizeof(struct region) + 4 * ALIGN;
	struct region *r;
	uintptr_t to;
	bool ok;

	if (!h->source || __builtin_add_overflow(len, align, &len) ||
	    __builtin_add_overflow(len, size, &len) || len > PTRDIFF_MAX)
		return false;
	if (!__builtin_add_overflow(at, size, &to) && at > h->newest->pos &&
	    to > h->newest->end &&
	    extend(a, h->newest, to - h->newest->end))
		return true;

	r = h->source->more(&len, UK_MAX(h->len / 4, MORE_MIN), ALIGN);
	if (!r)
		return false;
	ok = set_up(r, (uintptr_t)(r + 1), (uintptr_t)r + len);
	UK_ASSERT(ok);
	r->next = h->first.next;
	h->first.next = r;
	h->newest = r;
	h->len += len;
	return true;
}

/* take(), and what it takes to have room for it. */
static void *obtain(struct uk_alloc *a, size_t align, size_t size)
{
	void *ptr;

	/* A full region has room for no byte, so no block is empty. */
	size = UK_MAX(size, (size_t)1);
	ptr = take(a, align, size);
	if (!ptr && grow(a, align, size))
		ptr = take(a, align, size);
	uk_alloc_stats_alloc(a, ptr, size);
	return ptr;
}

/* The region in which @ptr is the last block, or NULL. */
static struct region *last_in(struct uk_alloc *a, const void *ptr)
{
	const uintptr_t at = (uintptr_t)ptr;
	const uintptr_t end = at - HEADER + footprint(*len_of(at));

	for (struct region *r = first_region(a); r; r = r->next)
		if (end == r->pos)
			return r;
	return NULL;
}

static void *region_malloc(struct uk_alloc *a, size_t size)
{
	void *ptr;

	lock(a);
	ptr = obtain(a, ALIGN, size);
	unlock(a);
	return ptr;
}

static void region_free(struct uk_alloc *a, void *ptr)
{
	struct region *r;

	if (!ptr)
		return;
	UK_ASSERT(UK_IS_ALIGNED((uintptr_t)ptr, ALIGN));

	lock(a);
	uk_alloc_stats_free(a, *len_of((uintptr_t)ptr));
	r = last_in(a, ptr);
	if (r)
		r->pos = (uintptr_t)ptr - HEADER;
	unlock(a);
}

/* Make the block at @ptr one of @size bytes where it is, if that can be. */
static bool resize(struct uk_alloc *a, void *ptr, size_t size)
{
	const uintptr_t at = (uintptr_t)ptr;
	const size_t len = *len_of(at);
	struct region *const r = last_in(a, ptr);

	if (r && size > r->end - at)
		(void)extend(a, r, size - (r->end - at));
	if (r && size <= r->end - at) {
		*len_of(at) = size;
		r->pos = at - HEADER + footprint(size);
	} else if (size > footprint(len) - HEADER) {
		return false;
	} else if (size > len) {
		*len_of(at) = size;
	}
	uk_alloc_stats_resize(a, len, *len_of(at));
	return true;
}

static void *region_realloc(struct uk_alloc *a, void *ptr, size_t size)
{
	void *now;
	bool done;

	if (!ptr)
		return region_malloc(a, size);
	if (size == 0) {
		region_free(a, ptr);
		return NULL;
	}
	lock(a);
	done = resize(a, ptr, size);
	unlock(a);
	if (done)
		return ptr;
	/* Long copies are made without the lock. */
	now = region_malloc(a, size);
	if (now) {
		memcpy(now, ptr, *len_of((uintptr_t)ptr));
		region_free(a, ptr);
	}
	return now;
}

static int region_posix_memalign(struct uk_alloc *a, void **memptr,
				 size_t align, size_t size)
{
	void *ptr;

	if (!UK_IS_POW2(align) || align % sizeof(void *))
		return EINVAL;

	lock(a);
	ptr = obtain(a, UK_MAX(align, (size_t)ALIGN), size);
	unlock(a);
	if (!ptr)
		return ENOMEM;
	*memptr = ptr;
	return 0;
}

/* The bytes that a block in a region of its own could have. */
static size_t most(struct uk_alloc *a)
{
	const struct uk_heapmem *const source = heap_of(a)->source;
	const size_t len = source ? source->most() : 0;
	const size_t own = sizeof(struct region) + 5 * ALIGN;

	return len > own ? len - own : 0;
}

static long region_maxalloc(struct uk_alloc *a)
{
	size_t max = most(a);

	lock(a);
	for (struct region *r = first_region(a); r; r = r->next)
		max = UK_MAX(max, room(r, ALIGN));
	unlock(a);
	return (long)max;
}

static long region_availmem(struct uk_alloc *a)
{
	const struct uk_heapmem *const source = heap_of(a)->source;
	size_t sum = source ? source->left() : 0;

	lock(a);
	for (struct region *r = first_region(a); r; r = r->next)
		sum += r->end - r->pos;
	unlock(a);
	return (long)sum;
}

static int region_addmem(struct uk_alloc *a, void *base, size_t size)
{
	const uintptr_t from = UK_ALIGN_UP((uintptr_t)base, ALIGN);
	struct region *const r = (struct region *)from;
	struct region **end = &first_region(a)->next;
	uintptr_t to;

	if (!base || __builtin_add_overflow((uintptr_t)base, size, &to) ||
	    from < (uintptr_t)base || to < from ||
	    to - from < sizeof(*r) ||
	    !set_up(r, from + sizeof(*r), to))
		return -EINVAL;

	lock(a);
	while (*end)
		end = &(*end)->next;
	*end = r;
	heap_of(a)->len += to - from;
	unlock(a);
	return 0;
}

struct uk_alloc *allocregion_init(void *base, size_t len,
				  const struct uk_heapmem *source)
{
	const size_t own = sizeof(struct uk_alloc) + sizeof(struct heap);
	const uintptr_t from = UK_ALIGN_UP((uintptr_t)base, ALIGN);
	struct uk_alloc *const a = (struct uk_alloc *)from;
	uintptr_t to;

	if (!base || __builtin_add_overflow((uintptr_t)base, len, &to) ||
	    from < (uintptr_t)base || to < from || to - from < own ||
	    !set_up(first_region(a), from + own, to))
		return NULL;

	uk_spin_init(&heap_of(a)->lock);
	heap_of(a)->source = source;
	heap_of(a)->newest = first_region(a);
	heap_of(a)->len = len;
	uk_alloc_init_malloc(a, region_malloc, uk_calloc_compat,
			     region_realloc, region_free,
			     region_posix_memalign, uk_memalign_compat,
			     region_maxalloc, region_availmem, region_addmem);
	return a;
}

struct uk_alloc *uk_allocregion_init(void *base, size_t len)
{
	return allocregion_init(base, len, NULL);
}
