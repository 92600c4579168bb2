/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A stack of pointers to the objects that are in the pool.
 *
 * It lies beside the objects and not in them: so a batch is a copy of pointers
 * and touches no object, and who writes to one that it has returned spoils no
 * list. The price is 8 bytes for each.
 *
 * There is one lock, taken with interrupts off, since a driver's handler may
 * return what a thread takes. A form without a lock was refused: buffers are
 * taken by who receives and returned by who has read them, on any CPU, and in a
 * batch of 32 the lock is less than an instruction for each.
 */
#include <uk/allocpool.h>

#include <stdbool.h>

#include <uk/alloc_impl.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>

#include "allocpool_priv.h"

#define OWN_ALIGN	_Alignof(struct uk_allocpool)

/* What an object takes beside its bytes. */
#define OVERHEAD							\
	(sizeof(void *) +						\
	 (UK_IS_ENABLED(CONFIG_LIBUKALLOCPOOL_DEBUG) ? 1 : 0))

static struct uk_allocpool *pool_of(struct uk_alloc *a)
{
	return UK_CONTAINER_OF(a, struct uk_allocpool, a);
}

/* Bytes from one object to the next; 0: there is no such object. */
static size_t distance(size_t len, size_t align)
{
	if (len == 0 || !UK_IS_POW2(align) || len > PTRDIFF_MAX - align)
		return 0;
	return UK_ALIGN_UP(len, align);
}

size_t uk_allocpool_reqmem(unsigned int count, size_t len, size_t align)
{
	const size_t each = distance(len, align);
	size_t sum;

	if (!each || align > PTRDIFF_MAX ||
	    __builtin_mul_overflow(each + OVERHEAD, (size_t)count, &sum) ||
	    __builtin_add_overflow(sum, sizeof(struct uk_allocpool) +
				   OWN_ALIGN - 1 + align - 1, &sum))
		return SIZE_MAX;
	return sum;
}

/* Under the lock: @n of the objects that are there. */
static inline void pop(struct uk_allocpool *p, void *obj[], unsigned int n)
{
	void *const *top = p->free + p->nfree;

	p->nfree -= n;
	for (unsigned int i = 0; i < n; i++) {
		obj[i] = *--top;
		uk_alloc_stats_alloc(&p->a, obj[i], p->len);
	}
	pool_mark_out(p, obj, n);
}

/* Returns how many were right: @n, or nothing has been pushed. */
static inline unsigned int push(struct uk_allocpool *p, void *const obj[],
				unsigned int n)
{
	const unsigned int good = pool_mark_in(p, obj, n);
	void **top = p->free + p->nfree;

	if (UK_UNLIKELY(good != n))
		return good;
	UK_ASSERT(n <= p->count - p->nfree);
	p->nfree += n;
	for (unsigned int i = 0; i < n; i++) {
		*top++ = obj[i];
		uk_alloc_stats_free(&p->a, p->len);
	}
	return n;
}

unsigned int uk_allocpool_take_batch(struct uk_allocpool *p, void *obj[],
				     unsigned int count)
{
	const unsigned long irq = uk_spin_lock_irqsave(&p->lock);
	const unsigned int n = UK_MIN(count, p->nfree);

	pop(p, obj, n);
	if (UK_UNLIKELY(n < count))
		uk_alloc_stats_alloc(&p->a, NULL, p->len);
	uk_spin_unlock_irqrestore(&p->lock, irq);
	return n;
}

void uk_allocpool_return_batch(struct uk_allocpool *p, void *obj[],
			       unsigned int count)
{
	const unsigned long irq = uk_spin_lock_irqsave(&p->lock);
	const unsigned int n = push(p, obj, count);

	uk_spin_unlock_irqrestore(&p->lock, irq);
	if (UK_UNLIKELY(n != count))
		pool_wrong(p, obj[n]);
}

void *uk_allocpool_take(struct uk_allocpool *p)
{
	const unsigned long irq = uk_spin_lock_irqsave(&p->lock);
	void *obj = NULL;

	if (UK_LIKELY(p->nfree))
		pop(p, &obj, 1);
	else
		uk_alloc_stats_alloc(&p->a, NULL, p->len);
	uk_spin_unlock_irqrestore(&p->lock, irq);
	return obj;
}

void uk_allocpool_return(struct uk_allocpool *p, void *obj)
{
	const unsigned long irq = uk_spin_lock_irqsave(&p->lock);
	const unsigned int n = push(p, &obj, 1);

	uk_spin_unlock_irqrestore(&p->lock, irq);
	if (UK_UNLIKELY(n != 1))
		pool_wrong(p, obj);
	UK_ASSERT((uintptr_t)obj - p->first < p->count * p->len);
}

unsigned int uk_allocpool_availcount(struct uk_allocpool *p)
{
	const unsigned long irq = uk_spin_lock_irqsave(&p->lock);
	const unsigned int n = p->nfree;

	uk_spin_unlock_irqrestore(&p->lock, irq);
	return n;
}

unsigned int uk_allocpool_maxcount(struct uk_allocpool *p)
{
	return p->count;
}

size_t uk_allocpool_objlen(struct uk_allocpool *p)
{
	return p->len;
}

struct uk_alloc *uk_allocpool2ukalloc(struct uk_allocpool *p)
{
	return &p->a;
}

static void *pool_malloc(struct uk_alloc *a, size_t size)
{
	struct uk_allocpool *const p = pool_of(a);

	return size <= p->len ? uk_allocpool_take(p) : NULL;
}

static void pool_free(struct uk_alloc *a, void *ptr)
{
	if (ptr)
		uk_allocpool_return(pool_of(a), ptr);
}

static void *pool_realloc(struct uk_alloc *a, void *ptr, size_t size)
{
	if (!ptr)
		return pool_malloc(a, size);
	if (size == 0) {
		pool_free(a, ptr);
		return NULL;
	}
	return size <= pool_of(a)->len ? ptr : NULL;
}

static int pool_posix_memalign(struct uk_alloc *a, void **memptr, size_t align,
			       size_t size)
{
	void *obj;

	if (!UK_IS_POW2(align) || align % sizeof(void *))
		return EINVAL;
	obj = align <= pool_of(a)->align ? pool_malloc(a, size) : NULL;
	if (!obj)
		return ENOMEM;
	*memptr = obj;
	return 0;
}

static long pool_maxalloc(struct uk_alloc *a)
{
	struct uk_allocpool *const p = pool_of(a);

	return uk_allocpool_availcount(p) ? (long)p->len : 0;
}

static long pool_availmem(struct uk_alloc *a)
{
	struct uk_allocpool *const p = pool_of(a);

	return (long)(uk_allocpool_availcount(p) * p->len);
}

/* Where the objects begin, if there are @count of them and @p is at @at. */
static uintptr_t place(uintptr_t at, size_t count, size_t align)
{
	return UK_ALIGN_UP(at + sizeof(struct uk_allocpool) + OVERHEAD * count,
			   align);
}

/* The objects of @each bytes that fit between @at and @to. */
static size_t how_many(uintptr_t at, uintptr_t to, size_t each, size_t align)
{
	size_t n = (to - at) / (each + OVERHEAD) + 1;

	/* What is lost for the alignment is less than one of them. */
	while (n && (place(at, n, align) > to ||
		     (to - place(at, n, align)) / each < n))
		n--;
	return UK_MIN(n, (size_t)UINT32_MAX);
}

/* All objects are in the pool, and the first one goes out first. */
static void fill(struct uk_allocpool *p, unsigned int count)
{
	p->count = p->nfree = count;
	p->free = (void **)(p + 1);
	p->out = (uint8_t *)(p->free + count);
	for (unsigned int i = 0; i < count; i++) {
		p->free[i] = (void *)(p->first + (count - 1 - i) * p->len);
		if (UK_IS_ENABLED(CONFIG_LIBUKALLOCPOOL_DEBUG))
			p->out[i] = false;
	}
}

/* A pool of at most @max objects. */
static struct uk_allocpool *make(void *base, size_t len, size_t obj_len,
				 size_t align, size_t max)
{
	const uintptr_t at = UK_ALIGN_UP((uintptr_t)base, OWN_ALIGN);
	const size_t each = distance(obj_len, align);
	struct uk_allocpool *const p = (struct uk_allocpool *)at;
	uintptr_t to;
	size_t n;

	if (!base || !each || at < (uintptr_t)base ||
	    __builtin_add_overflow((uintptr_t)base, len, &to) || to < at ||
	    to - at < sizeof(*p) + each)
		return NULL;
	n = UK_MIN(how_many(at, to, each, align), max);
	if (n == 0)
		return NULL;

	uk_spin_init(&p->lock);
	p->first = place(at, n, align);
	p->len = each;
	p->align = align;
	p->memory = NULL;
	p->parent = NULL;
	fill(p, (unsigned int)n);
	uk_alloc_fill_malloc(&p->a, pool_malloc, uk_calloc_compat,
			     pool_realloc, pool_free, pool_posix_memalign,
			     uk_memalign_compat, pool_maxalloc, pool_availmem,
			     NULL);
	return p;
}

struct uk_allocpool *uk_allocpool_init(void *base, size_t len, size_t obj_len,
				       size_t obj_align)
{
	return make(base, len, obj_len, obj_align, UINT32_MAX);
}

struct uk_allocpool *uk_allocpool_alloc(struct uk_alloc *parent,
					unsigned int count, size_t obj_len,
					size_t obj_align)
{
	const size_t len = uk_allocpool_reqmem(count, obj_len, obj_align);
	struct uk_allocpool *p;
	void *memory;

	if (count == 0 || len == SIZE_MAX)
		return NULL;
	memory = uk_malloc(parent, len);
	if (!memory)
		return NULL;
	p = make(memory, len, obj_len, obj_align, count);
	UK_ASSERT(p && p->count == count);
	p->memory = memory;
	p->parent = parent;
	return p;
}

void uk_allocpool_free(struct uk_allocpool *p)
{
	pool_check_whole(p);
	if (p->parent)
		uk_free(p->parent, p->memory);
}
