/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A block lies in memory of its allocator's like this:
 *
 *	base .. | struct alloc_block | red zone | the bytes | red zone |
 *
 * The second zone begins at the very next byte, so that an overflow by one is
 * seen. Every block that is in use or in quarantine is in a table by its
 * address: what is freed is looked up there, and never believed.
 *
 * The lock is held to find and to move a block, not while its bytes are looked
 * at or filled: a block that is being freed is nobody else's.
 */
#include "debug_priv.h"

#include <uk/alloc_impl.h>
#include <uk/arch/cpu.h>
#include <uk/crash.h>
#include <uk/essentials.h>
#include <uk/spinlock.h>
#include <uk/string.h>

#define PAGE		((size_t)UKARCH_PAGE_SIZE)
#define SEAL		UINT64_C(0x6b696c6e2d626c6b)
#define BUCKETS_SHIFT	10u
#define NBUCKETS	(1u << BUCKETS_SHIFT)

static struct {
	struct uk_spinlock lock;
	struct alloc_block *buckets[NBUCKETS];
	uint64_t serial;	/* of the last block */
} blocks = { .lock = UK_SPINLOCK_INIT };

static struct alloc_block **bucket_of(uintptr_t ptr)
{
	/* Fibonacci hashing; the low four bits are always 0. */
	const uint64_t hash = (ptr >> 4) * UINT64_C(0x9e3779b97f4a7c15);

	return &blocks.buckets[hash >> (64 - BUCKETS_SHIFT)];
}

/* @b is in the table: is it what was put there? */
static bool sealed(const struct alloc_block *b)
{
	const uint64_t seal = SEAL ^ (uintptr_t)b;

	return b->seal_low == seal && b->seal_high == seal;
}

static void take_lock(void)
{
	uk_spin_lock(&blocks.lock);
}

static void drop_lock(void)
{
	uk_spin_unlock(&blocks.lock);
}

/* Where the block is of which nothing is to be believed any more. */
UK_NORETURN UK_COLD static void broken(const struct alloc_block *b)
{
	drop_lock();
	uk_crash("heap: the %zu bytes before the red zone of a block, at %p, "
		 "were overwritten", sizeof(*b), (const void *)b);
}

/* The block whose bytes are at @ptr, or NULL. Under the lock. */
static struct alloc_block *find(void *ptr)
{
	struct alloc_block *b = *bucket_of((uintptr_t)ptr);

	for (; b; b = b->next) {
		if (!sealed(b))
			broken(b);
		if (alloc_block_ptr(b) == ptr)
			break;
	}
	return b;
}

static void enter(struct alloc_block *b)
{
	struct alloc_block **const bucket =
		bucket_of((uintptr_t)alloc_block_ptr(b));

	b->serial = ++blocks.serial;
	b->next = *bucket;
	*bucket = b;
}

static void leave(struct alloc_block *b)
{
	struct alloc_block **at = bucket_of((uintptr_t)alloc_block_ptr(b));

	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
}

static void *get(struct uk_alloc *a, size_t *len)
{
	if (a->_inner.malloc != uk_malloc_ifpages)
		return a->_inner.malloc(a, *len);
	if (*len > SIZE_MAX - PAGE)
		return NULL;
	*len = UK_ALIGN_UP(*len, PAGE);
	return a->_inner.palloc(a, *len / PAGE);
}

/* Back to the allocator with @b, which is in no list any more. */
static void put(struct alloc_block *b)
{
	struct uk_alloc *const a = b->a;
	void *const base = b->base;
	const size_t len = b->len;

	b->seal_low = b->seal_high = 0;
	if (a->_inner.malloc == uk_malloc_ifpages)
		a->_inner.pfree(a, base, len / PAGE);
	else if (a->_inner.free_sized)
		a->_inner.free_sized(a, base, len);
	else
		a->_inner.free(a, base);
}

/* Give back the oldest in quarantine until no more than @limit bytes wait. */
static void shrink(size_t limit)
{
	struct alloc_damage damage;
	struct alloc_block *b;

	while (alloc_can_hide()) {
		take_lock();
		b = alloc_quarantine_take(limit);
		if (b)
			leave(b);
		drop_lock();
		if (!b)
			return;
		alloc_hide(b);
		if (alloc_damaged(b, &damage))
			alloc_report_damage(b, &damage, NULL);
		put(b);
	}
}

size_t alloc_block_overhead(void)
{
	return sizeof(struct alloc_block) + 2 * (size_t)alloc_debug.redzone +
	       (alloc_debug.protect ? 2 * PAGE : 0);
}

void *alloc_block_new(struct uk_alloc *a, size_t align, size_t size,
		      const struct alloc_sites *sites)
{
	const size_t lead = sizeof(struct alloc_block) + alloc_debug.redzone;
	const bool aligned = align > 16;
	size_t room = size + alloc_debug.redzone;
	struct alloc_block *b;
	uintptr_t at;
	size_t len;
	void *base;

	/* Whole pages, if it may get addresses of its own. */
	if (alloc_debug.protect) {
		align = UK_MAX(align, PAGE);
		room = UK_ALIGN_UP(room, PAGE);
	}
	/* What the allocator gives is aligned to 16. */
	if (size > PTRDIFF_MAX ||
	    __builtin_add_overflow(lead + room, align - 16, &len))
		return NULL;
	base = get(a, &len);
	if (!base) {
		shrink(0);
		base = get(a, &len);
	}
	if (!base)
		return NULL;

	at = UK_ALIGN_UP((uintptr_t)base + lead, align);
	b = (struct alloc_block *)(at - lead);
	*b = (struct alloc_block){
		.seal_low = SEAL ^ (uintptr_t)b,
		.seal_high = SEAL ^ (uintptr_t)b,
		.a = a,
		.base = base,
		.len = len,
		.size = size,
		.zone = alloc_debug.redzone,
		.aligned = aligned,
		.born = *sites,
	};
	memset(b + 1, ALLOC_ZONE, b->zone);
	if (alloc_debug.poison)
		memset((void *)at, ALLOC_FRESH, size);
	memset((char *)at + size, ALLOC_ZONE, b->zone);
	if (alloc_debug.protect)
		alloc_show(b, align);

	take_lock();
	enter(b);
	drop_lock();
	return alloc_block_ptr(b);
}

struct search {
	uintptr_t addr;
	struct alloc_block *found;
};

static bool holds(struct alloc_block *b, void *arg)
{
	struct search *const s = arg;

	/* Half of the page between two that are seen is each one's. */
	if (s->addr - (uintptr_t)b->base >= b->len &&
	    (!b->seen || s->addr - ((uintptr_t)b->seen - PAGE / 2) >=
			 b->room + PAGE))
		return true;
	s->found = b;
	return false;
}

struct alloc_block *alloc_block_at(uintptr_t addr)
{
	struct search s = { .addr = addr };

	alloc_blocks_visit(holds, &s);
	return s.found;
}

/* @ptr is not the beginning of a block. */
UK_NORETURN UK_COLD
static void stray(void *ptr, const struct alloc_sites *sites)
{
	struct alloc_block *const b = alloc_block_at((uintptr_t)ptr);

	if (!b)
		alloc_report(NULL, sites, "heap: 0x%lx is freed, and is no "
			     "block of the heap", (unsigned long)ptr);
	alloc_report(b, sites, "heap: a pointer %td bytes into a block of %zu "
		     "bytes is freed", (char *)ptr - alloc_block_ptr(b),
		     b->size);
}

/* The block in use at @ptr, with the lock; crashes if there is none of @a. */
static struct alloc_block *in_use(struct uk_alloc *a, void *ptr,
				  const struct alloc_sites *sites)
{
	struct alloc_block *b;

	take_lock();
	b = find(ptr);
	if (b && !b->freed && b->a == a)
		return b;
	drop_lock();
	if (!b)
		stray(ptr, sites);
	if (b->freed)
		alloc_report(b, sites, "heap: a block of %zu bytes is freed, "
			     "or given to realloc, after it was freed",
			     b->size);
	alloc_report(b, sites, "heap: a block of %zu bytes is given to "
		     "another allocator than it came from", b->size);
}

size_t alloc_block_size(struct uk_alloc *a, void *ptr,
			const struct alloc_sites *sites)
{
	const size_t size = in_use(a, ptr, sites)->size;

	drop_lock();
	return size;
}

void alloc_block_expect(struct uk_alloc *a, void *ptr, size_t size,
			const struct alloc_sites *sites)
{
	struct alloc_block *const b = in_use(a, ptr, sites);

	drop_lock();
	if (b->aligned)
		alloc_report(b, sites, "heap: a block of %zu bytes is freed by "
			     "its size, and was got with an alignment",
			     b->size);
	if (b->size != size)
		alloc_report(b, sites, "heap: a block of %zu bytes is freed as "
			     "one of %zu bytes", b->size, size);
}

void alloc_block_free(struct uk_alloc *a, void *ptr,
		      const struct alloc_sites *sites)
{
	struct alloc_block *const b = in_use(a, ptr, sites);
	struct alloc_damage damage;
	bool damaged;

	damaged = alloc_damaged(b, &damage);
	b->died = *sites;
	b->freed = !damaged;
	drop_lock();
	if (damaged)
		alloc_report_damage(b, &damage, sites);

	if (alloc_debug.poison)
		memset(alloc_block_mem(b), ALLOC_FREED, b->size);
	alloc_hide(b);
	take_lock();
	alloc_quarantine_put(b);
	drop_lock();
	shrink(alloc_debug.quarantine);
}

void alloc_blocks_visit(bool (*fn)(struct alloc_block *b, void *arg),
			void *arg)
{
	bool on = true;

	take_lock();
	for (unsigned int i = 0; on && i < NBUCKETS; i++) {
		struct alloc_block *b = blocks.buckets[i];

		for (; on && b; b = b->next) {
			if (!sealed(b))
				broken(b);
			on = fn(b, arg);
		}
	}
	drop_lock();
}

void alloc_blocks_flush(void)
{
	shrink(0);
}

void alloc_blocks_forget(struct uk_alloc *a)
{
	take_lock();
	alloc_quarantine_forget(a);
	for (unsigned int i = 0; i < NBUCKETS; i++) {
		struct alloc_block **at = &blocks.buckets[i];

		while (*at) {
			if ((*at)->a == a)
				*at = (*at)->next;
			else
				at = &(*at)->next;
		}
	}
	drop_lock();
}
