/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The heap's short ways: a block out of this CPU's list, and into it.
 *
 * A free block has two words: the next one, and for how many more its list has
 * room. So a list needs no count beside it, and the test that it is full is of
 * the word that is written next anyway. The first one that comes to an empty
 * list, and the one that finds no room, go the long way (span.c), as do kinds
 * that are no class: their lists are always empty.
 *
 * Lists are a CPU's own and are reached with preemption off. An interrupt that
 * empties them for another CPU (cpus.c) looks whether that is so. Interrupt
 * handlers do not use the heap, so nobody else comes in between; the long ways
 * assert it.
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

#define C4(c)		c, c, c, c
static const uint8_t class_by_16[SLAB_BY_TABLE / 16 + 1] = {
	1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
	17, 17, 18, 18, 19, 19, 20, 20, 21, 21, 22, 22, 23, 23, 24, 24,
	C4(25), C4(26), C4(27), C4(28), C4(29), C4(30), C4(31), C4(32),
};

unsigned int slab_class_of(size_t size)
{
	if (size <= SLAB_BY_TABLE)
		return class_by_16[(size + 15) / 16];
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

/*
 * Keep the CPU, as <uk/preempt.h> does; whether a thread is due is for the long
 * way, which the short ones then take last. So they call at one place only, and
 * need no stack frame. Interrupts in between leave the count as it was, so it
 * need not be read again where that is an instruction of its own.
 */
struct held {
	struct uk_current *cur;
	uint32_t off;		/* the count before */
};

static inline struct held hold(void)
{
	struct held h = { NULL, 0 };

	if (!UK_IS_ENABLED(CONFIG_HAVE_PREEMPT))
		return h;
	h.cur = ukarch_current();
	h.off = h.cur->preempt_off;
	h.cur->preempt_off = h.off + 1;
	uk_compiler_barrier();
	return h;
}

/* Returns false: a thread may be due. */
static inline bool let_go(struct held h)
{
	uk_compiler_barrier();
	if (!UK_IS_ENABLED(CONFIG_HAVE_PREEMPT))
		return true;
	if (UK_IS_ENABLED(CONFIG_ARCH_X86_64))
		h.cur->preempt_off--;
	else
		h.cur->preempt_off = h.off;
	/* What an interrupt sets before that must be seen here. */
	uk_compiler_barrier();
	return !h.cur->resched;
}

static void switch_if_due(void)
{
	uk_preempt_disable();
	uk_preempt_enable();
}

static void *refill(struct uk_alloc *a, unsigned int c)
{
	void *ptr;

	uk_preempt_disable();
	ptr = slab_refill(a, c);
	uk_preempt_enable();
	return ptr;
}

/* @slot is a block that the caller got, or NULL, and then there is work. */
UK_NOINLINE static void *malloc_rest(struct uk_alloc *a, size_t size,
				     struct slab_slot *slot)
{
	void *ptr;

	if (slot) {
		switch_if_due();
		return slot;
	}
	UK_ASSERT(!uk_in_irq());
	if (size > SLAB_SMALL_MAX)
		return slab_large_new(a, slab_npages(size), PAGE, false);
	ptr = refill(a, slab_class_of(size));
	if (UK_LIKELY(ptr))
		return ptr;
	slab_reclaim(a);
	return refill(a, slab_class_of(size));
}

static inline void *obtain(struct uk_alloc *a, size_t size)
{
	struct slab_slot *slot = NULL;
	struct held h;

	if (UK_UNLIKELY(size > SLAB_BY_TABLE))
		goto rest;
	h = hold();
	__auto_type const list =
		SLAB_LIST(a, class_by_16[(size + 15) / 16]);

	slot = *list;
	if (UK_UNLIKELY(!slot)) {
		(void)let_go(h);
		goto rest;
	}
	*list = slot->next;
	if (UK_LIKELY(let_go(h)))
		return slot;
rest:
	return malloc_rest(a, size, slot);
}

void *slab_malloc(struct uk_alloc *a, size_t size)
{
	void *const ptr = obtain(a, size);

	slab_count_alloc(a, ptr, size);
	return ptr;
}

/* All that is no block whose list has room; @ptr NULL: a thread is due. */
UK_NOINLINE static void free_rest(struct uk_alloc *a, void *ptr)
{
	struct slab_page *const page = slab_page_of(a, ptr);

	if (!ptr) {
		switch_if_due();
		return;
	}
	UK_ASSERT(!uk_in_irq());
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

/* Put @ptr in the list of kind @c, which is always empty for what is none. */
static inline void give(struct uk_alloc *a, void *ptr, unsigned int c)
{
	struct slab_slot *const slot = ptr;
	const struct held h = hold();
	__auto_type const list = SLAB_LIST(a, c);
	struct slab_slot *const head = *list;
	size_t room;

	if (UK_UNLIKELY(!head || __builtin_sub_overflow(head->room, 1u,
							&room))) {
		(void)let_go(h);
	} else {
		slot->room = room;
		slot->next = head;
		*list = slot;
		ptr = NULL;
		if (UK_LIKELY(let_go(h)))
			return;
	}
	free_rest(a, ptr);
}

void slab_free(struct uk_alloc *a, void *ptr)
{
	slab_count_free(a, ptr);
	give(a, ptr, slab_kind_of(a, ptr));
}

static void slab_free_sized(struct uk_alloc *a, void *ptr, size_t size)
{
	unsigned int c = SLAB_NONE;

	if (STATS) {
		slab_free(a, ptr);
		return;
	}
	/* Of the others, the long way finds the class itself. */
	if (UK_LIKELY(ptr && size <= SLAB_BY_TABLE))
		c = class_by_16[(size + 15) / 16];
	give(a, ptr, c);
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
	struct uk_falloc_stats stats;

	uk_falloc_stats_get(slab_shared(a)->fa, &stats);
	return (long)(stats.largest_run * PAGE);
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
	uk_alloc_init_malloc(a, slab_malloc, slab_calloc, slab_realloc,
			     slab_free, slab_posix_memalign,
			     uk_memalign_compat, slab_maxalloc, slab_availmem,
			     slab_addmem);
	uk_alloc_set_free_sized(a, slab_free_sized);
	return a;
}
