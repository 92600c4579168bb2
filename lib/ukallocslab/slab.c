/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The heap's short ways: a block out of this CPU's list, and into it.
 *
 * A free block is a struct ukarch_item: the next one, and for how many more its
 * list has room, which in a span means nothing. So a list needs no count beside
 * it, and the test that it is full is of the word that is written next anyway.
 * The first one that comes to an empty list, and the one that finds no room, go
 * the long way (span.c), as do kinds that are no class of one size: their lists
 * are always empty.
 *
 * Lists are a CPU's own, and the short ways do not keep the CPU: they begin
 * again if an interrupt comes in between (<uk/arch/cpulist.h>), as preemption
 * is off only in the long ways. That is a quarter of the instructions. So an
 * interrupt that empties lists for another CPU (cpus.c) looks for the long
 * ways alone. Interrupt handlers do not use the heap; the long ways assert it.
 *
 * Who freed a block does not matter, its list takes it: an owner for each
 * block would need atomics on the way that is common to save batches on the way
 * that is not.
 */
#include "slab_priv.h"

#include <uk/alloc_impl.h>
#include <uk/arch/paging.h>
#include <uk/assert.h>
#include <uk/crash.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/preempt.h>
#include <uk/string.h>

#define STATS		UK_IS_ENABLED(CONFIG_LIBUKALLOC_IFSTATS)

/*
 * The lists as the short ways name them: of an array that begins where the heap
 * does, which takes an addition less.
 */
#define LISTS(a)	((struct ukarch_item **)(void *)(a))
#define LIST(c)								\
	(offsetof(struct uk_allocslab, state.lists) / sizeof(void *) + (c))

#define L1(c)		(uint8_t)LIST(c)
#define L2(c)		L1(c), L1(c)
#define L4(c)		L2(c), L2(c)
#define L8(c)		L1(c), L1((c) + 1), L1((c) + 2), L1((c) + 3),	\
			L1((c) + 4), L1((c) + 5), L1((c) + 6), L1((c) + 7)
static const uint8_t list_by_16[UK_ALLOCSLAB_BY_16] = {
	L1(1), L8(1), L8(9), L2(17), L2(18), L2(19), L2(20), L2(21), L2(22),
	L2(23), L2(24), L4(25), L4(26), L4(27), L4(28), L4(29), L4(30), L4(31),
	L4(32),
};

_Static_assert(LIST(UK_ALLOCSLAB_CLASSES) <= UINT8_MAX, "a byte names a list");

unsigned int slab_class_of(size_t size)
{
	if (size <= SLAB_BY_TABLE)
		return list_by_16[(size + 15) / 16] - (unsigned int)LIST(0);
	return SLAB_MEDIUM +
	       (unsigned int)((size - 1 - SLAB_BY_TABLE) / SLAB_UNIT);
}

size_t slab_size_of(unsigned int c)
{
	if (c >= SLAB_MEDIUM)
		return SLAB_BY_TABLE + (c - SLAB_MEDIUM + 1) * SLAB_UNIT;
	return c <= 8 ? c * 16 :
	       (size_t)((c - 9) % 8 + 9) << ((c - 9) / 8 + 4);
}

void slab_no_block(const void *ptr)
{
	uk_crash("heap: %p is freed or resized, and is no block", ptr);
}

static void *refill(struct uk_alloc *a, unsigned int c)
{
	void *ptr;

	uk_preempt_disable();
	ptr = slab_refill(a, c);
	uk_preempt_enable();
	return ptr;
}

/* There is none in the list. */
UK_NOINLINE static void *malloc_rest(struct uk_alloc *a, size_t size)
{
	void *ptr;

	UK_ASSERT(!uk_in_irq());
	if (size > SLAB_SMALL_MAX)
		return slab_large_new(a, slab_npages(size), PAGE, false);
	ptr = refill(a, slab_class_of(size));
	if (UK_LIKELY(ptr))
		return ptr;
	slab_reclaim(a);
	return refill(a, slab_class_of(size));
}

static inline size_t list_of(struct uk_alloc *a, size_t size)
{
	return slab_state(a)->list_by_16[(size + 15) / 16];
}

static inline void *obtain(struct uk_alloc *a, size_t size)
{
	void *ptr;

	if (UK_LIKELY(size <= SLAB_BY_TABLE)) {
		ptr = ukarch_cpulist_pop(LISTS(a), list_of(a, size));
		if (UK_LIKELY(ptr))
			return ptr;
	}
	return malloc_rest(a, size);
}

void *slab_malloc(struct uk_alloc *a, size_t size)
{
	void *const ptr = obtain(a, size);

	slab_count_alloc(a, ptr, size);
	return ptr;
}

/* All that is no block whose list has room. */
UK_NOINLINE static void free_rest(struct uk_alloc *a, void *ptr)
{
	struct slab_page *page;

	if (!ptr)
		return;
	UK_ASSERT(!uk_in_irq());
	page = slab_page_of(a, ptr);
	if (!page || page->kind == SLAB_NONE || (uintptr_t)ptr % 16)
		slab_no_block(ptr);
	if (page->kind == SLAB_LARGE) {
		slab_large_free(a, ptr, page);
		return;
	}
	uk_preempt_disable();
	slab_spill(a, page->kind, ptr);
	uk_preempt_enable();
}

/* Put @ptr in @list, which of what is no class is always empty. */
static inline void give(struct uk_alloc *a, void *ptr, size_t list)
{
	if (UK_UNLIKELY(!ukarch_cpulist_push(LISTS(a), list, ptr)))
		free_rest(a, ptr);
}

void slab_free(struct uk_alloc *a, void *ptr)
{
	slab_count_free(a, ptr);
	give(a, ptr, LIST(slab_kind_of(a, ptr)));
}

static void slab_free_sized(struct uk_alloc *a, void *ptr, size_t size)
{
	if (STATS)
		slab_free(a, ptr);
	else if (UK_LIKELY(ptr && size <= SLAB_BY_TABLE))
		give(a, ptr, list_of(a, size));
	else
		/* The long way finds the class itself. */
		free_rest(a, ptr);
}

static void *slab_calloc(struct uk_alloc *a, size_t nmemb, size_t size)
{
	size_t len;
	void *ptr;

	if (__builtin_mul_overflow(nmemb, size, &len))
		len = SIZE_MAX;
	if (len > SLAB_SMALL_MAX) {
		ptr = slab_large_new(a, slab_npages(len), PAGE, true);
	} else {
		ptr = obtain(a, len);
		if (ptr)
			memset(ptr, 0, len);
	}
	slab_count_alloc(a, ptr, len);
	return ptr;
}

static long slab_maxalloc(struct uk_alloc *a)
{
	const uint64_t map = slab_map_most(a);
	struct uk_falloc_stats stats;

	uk_falloc_stats_get(slab_shared(a)->fa, &stats);
	if (stats.free <= map)
		return 0;
	return (long)(UK_MIN(stats.largest_run, stats.free - map) * PAGE);
}

static long slab_availmem(struct uk_alloc *a)
{
	uint64_t sum = __atomic_load_n(&slab_shared(a)->fa->free_memory,
				       __ATOMIC_RELAXED);

	for (unsigned int c = 1; c <= UK_ALLOCSLAB_CLASSES; c++) {
		struct uk_allocslab_class *const cl = slab_class(a, c);

		uk_spin_lock(&cl->lock);
		sum += cl->nfree * cl->size;
		uk_spin_unlock(&cl->lock);
	}
	return (long)sum;
}

static int slab_addmem(struct uk_alloc *a, void *base, size_t size)
{
	const uintptr_t from = UK_ALIGN_UP((uintptr_t)base, PAGE);
	uintptr_t to;

	if (__builtin_add_overflow((uintptr_t)base, size, &to) ||
	    from < slab_state(a)->map_base || to < from || to - from < PAGE)
		return -EINVAL;
	return uk_falloc_addmem(slab_shared(a)->fa,
				uk_virt_to_phys((void *)from),
				(to - from) / PAGE);
}

struct uk_alloc *uk_allocslab_init(struct uk_allocslab *slab,
				   struct uk_allocslab_shared *shared,
				   struct uk_falloc *fa,
				   uint64_t base, uint64_t end)
{
	struct uk_alloc *const a = (void *)slab->alloc;

	_Static_assert(offsetof(struct uk_allocslab, state) ==
		       offsetof(struct uk_alloc, priv), "priv is the state");
	base = UK_ALIGN_DOWN(base, UINT64_C(1) << SLAB_LEAF_SHIFT);
	shared->fa = fa;
	shared->base = base;
	shared->end = end;
	slab_state(a)->map_base = (uintptr_t)uk_phys_to_virt(base);
	slab_state(a)->map_len = 0;
	slab_state(a)->map = NULL;
	slab_state(a)->shared = shared;
	memcpy(slab_state(a)->list_by_16, list_by_16, sizeof(list_by_16));
	uk_alloc_init_malloc(a, slab_malloc, slab_calloc, slab_realloc,
			     slab_free, slab_posix_memalign,
			     uk_memalign_compat, slab_maxalloc, slab_availmem,
			     slab_addmem);
	uk_alloc_set_free_sized(a, slab_free_sized);
	return a;
}
