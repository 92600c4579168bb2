/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs of frames that are cut into blocks of one class, and the batches that go
 * from there to the CPUs' lists and back.
 *
 * A span has the blocks that were freed as a list through themselves, and those
 * that never were in use above a mark: a new span costs the same however many
 * blocks it has, and touches none. Spans with a free block are in the list of
 * their class, the one that got it last in front; full ones are in no list, as
 * whatever comes back finds its span by the page map. A span without a block
 * in use is kept if the class keeps no other, so that one block that comes and
 * goes does not make and unmake spans, or else goes back to the frames.
 *
 * The first spans of a class are short, of a frame: a class of which a program
 * has a few blocks takes little, though more for each. The later ones are as
 * long as it takes to lose a thirty-second at most. Where no run is free that
 * is so long, they are short again.
 *
 * Here a block is looked at that comes back: it must begin where blocks of its
 * span begin, and the span must lack one. Dividing for each free would cost
 * more than the rest of it.
 */
#include "slab_priv.h"

#include <uk/arch/paging.h>
#include <uk/assert.h>
#include <uk/crash.h>
#include <uk/essentials.h>
#include <uk/falloc.h>

/* What a CPU's list has at most. */
#define LIST_BYTES	8192u
#define LIST_SLOTS	128u

/* A long span has at most: few, lest a small machine have no run for one. */
#define SPAN_PAGES	16u

/* Short spans of a class at most. */
#define SHORT_SPANS	8u

/* What is known of a span's length. */
struct shape {
	uint16_t npages;
	uint16_t nslots;
};

static struct shape shape_of(const struct uk_allocslab_class *cl,
			     const struct slab_page *first)
{
	if (!(first->index & SLAB_SHORT))
		return (struct shape){ cl->npages, cl->nslots };
	return (struct shape){ 1, (uint16_t)(PAGE / cl->size) };
}

/* Fill in what follows from the size; the lock is held. */
static void set_up(struct uk_allocslab_class *cl, unsigned int c)
{
	const size_t size = slab_size_of(c);
	const size_t most = UK_MIN(LIST_BYTES / size, (size_t)LIST_SLOTS);
	size_t n = 1;

	while (n < SPAN_PAGES && n * PAGE % size > n * PAGE / 32)
		n++;
	cl->size = (uint32_t)size;
	cl->npages = (uint16_t)n;
	cl->nslots = (uint16_t)(n * PAGE / size);
	cl->limit = (uint16_t)most;
	cl->batch = (uint16_t)(most / 2);
	cl->partial = SLAB_NO_PAGE;
	cl->kept = SLAB_NO_PAGE;
}

/* The class, locked and set up. */
static struct uk_allocslab_class *lock_class(struct uk_alloc *a,
					     unsigned int c)
{
	struct uk_allocslab_class *const cl = slab_class(a, c);

	uk_spin_lock(&cl->lock);
	if (UK_UNLIKELY(cl->size == 0))
		set_up(cl, c);
	return cl;
}

/* Put span @number in front of those with free blocks. */
static void link_span(struct uk_alloc *a, struct uk_allocslab_class *cl,
		      uint32_t number, struct slab_page *page)
{
	page->prev = SLAB_NO_PAGE;
	page->next = cl->partial;
	if (cl->partial != SLAB_NO_PAGE)
		slab_page_at(a, cl->partial)->prev = number;
	cl->partial = number;
}

static void unlink_span(struct uk_alloc *a, struct uk_allocslab_class *cl,
			const struct slab_page *page)
{
	if (page->prev == SLAB_NO_PAGE)
		cl->partial = page->next;
	else
		slab_page_at(a, page->prev)->next = page->next;
	if (page->next != SLAB_NO_PAGE)
		slab_page_at(a, page->next)->prev = page->prev;
}

/* A span of class @c goes back to the frames. */
static void release(struct uk_alloc *a, struct uk_allocslab_class *cl,
		    uint32_t number)
{
	const struct slab_page *const first = slab_page_at(a, number);
	const struct shape shape = shape_of(cl, first);
	int rc;

	cl->nfree -= shape.nslots;
	cl->nall -= shape.nslots;
	cl->nshort -= !!(first->index & SLAB_SHORT);
	for (uint32_t i = 0; i < shape.npages; i++)
		slab_page_at(a, number + i)->kind = SLAB_NONE;
	slab_map_leave(a, slab_address(a, number), shape.npages);
	rc = uk_ffree(slab_shared(a)->fa,
		      uk_virt_to_phys(slab_address(a, number)),
		      shape.npages);
	UK_ASSERT(rc == 0);
}

/*
 * A new one, in front of the others, with @flag SLAB_SHORT or 0. Returns false:
 * no memory.
 */
static bool new_span(struct uk_alloc *a, struct uk_allocslab_class *cl,
		     unsigned int c, uint8_t flag)
{
	struct uk_falloc *const fa = slab_shared(a)->fa;
	const struct shape shape =
		shape_of(cl, &(struct slab_page){ .index = flag });
	struct slab_page *page;
	uint64_t paddr;
	char *span;

	if (uk_falloc(fa, &paddr, shape.npages, 0) < 0)
		return false;
	span = uk_phys_to_virt(paddr);
	if (!slab_map_cover(a, span, shape.npages)) {
		(void)uk_ffree(fa, paddr, shape.npages);
		return false;
	}
	for (unsigned int i = 0; i < shape.npages; i++) {
		page = slab_page_of(a, span + i * PAGE);
		page->kind = (uint8_t)c;
		page->index = (uint8_t)i;
	}
	page = slab_page_of(a, span);
	page->index = flag;
	page->nfree = shape.nslots;
	page->first = SLAB_NO_SLOT;
	page->fresh = 0;
	link_span(a, cl, slab_number(a, span), page);
	cl->nfree += shape.nslots;
	cl->nall += shape.nslots;
	cl->nshort += !!flag;
	return true;
}

/*
 * No span has a free block: let there be one. Returns false: no memory. The
 * lock is let go meanwhile.
 */
static bool have_span(struct uk_alloc *a, struct uk_allocslab_class *cl,
		      unsigned int c)
{
	uint32_t kept = cl->kept;

	if (kept == SLAB_NO_PAGE) {
		uk_spin_unlock(&cl->lock);
		slab_trim(a);
		uk_spin_lock(&cl->lock);
		if (cl->partial != SLAB_NO_PAGE)
			return true;
		kept = cl->kept;
	}
	if (kept == SLAB_NO_PAGE)
		return (cl->nshort >= SHORT_SPANS &&
			new_span(a, cl, c, 0)) ||
		       new_span(a, cl, c, SLAB_SHORT);
	cl->kept = SLAB_NO_PAGE;
	link_span(a, cl, kept, slab_page_at(a, kept));
	return true;
}

/* A block of the span @page at @span, which has one. */
static struct ukarch_item *take_slot(const struct uk_allocslab_class *cl,
				     struct slab_page *page, char *span)
{
	struct ukarch_item *slot;

	page->nfree--;
	if (page->first == SLAB_NO_SLOT)
		return (void *)(span + (size_t)page->fresh++ * cl->size);
	slot = (void *)(span + (size_t)page->first * 16);
	page->first = slot->next ? (uint16_t)(((char *)slot->next - span) / 16)
				 : SLAB_NO_SLOT;
	return slot;
}

/*
 * Take @n blocks, or as many as there are, out of the first span, and put all
 * but the last one on top of @list. Returns that one.
 */
static struct ukarch_item *take_some(struct uk_alloc *a,
				     struct uk_allocslab_class *cl,
				     struct ukarch_item **list, unsigned int n)
{
	char *const span = slab_address(a, cl->partial);
	struct slab_page *const page = slab_page_of(a, span);
	size_t room = cl->limit;
	struct ukarch_item *slot;

	n = UK_MIN(n, (unsigned int)page->nfree);
	cl->nfree -= n;
	while (n-- > 1) {
		slot = take_slot(cl, page, span);
		slot->next = *list;
		slot->room = --room;
		*list = slot;
	}
	slot = take_slot(cl, page, span);
	if (page->nfree == 0)
		unlink_span(a, cl, page);
	return slot;
}

/* A block of class @c, and a batch for the list. */
static inline void *refill(struct uk_alloc *a, unsigned int c)
{
	__auto_type const list = SLAB_LIST(a, c);
	struct ukarch_item *slot = *list, *rest = NULL;
	struct uk_allocslab_class *cl;

	/* It may be another CPU than before. */
	if (slot) {
		*list = slot->next;
		return slot;
	}
	cl = lock_class(a, c);
	if (cl->partial != SLAB_NO_PAGE || have_span(a, cl, c))
		slot = take_some(a, cl, &rest, cl->batch + 1u);
	uk_spin_unlock(&cl->lock);
	*list = rest;
	uk_this_cpu(slab_state(a)->nmoves)++;
	return slot;
}

void *slab_refill(struct uk_alloc *a, unsigned int c)
{
	if (UK_UNLIKELY(c >= SLAB_MEDIUM))
		return slab_medium_new(a, slab_size_of(c), SLAB_UNIT);
	return refill(a, c);
}

/* @slot comes back to its span; the lock is held. */
static void put_slot(struct uk_alloc *a, struct uk_allocslab_class *cl,
		     struct ukarch_item *slot)
{
	struct slab_page *page = slab_page_of(a, slot);
	struct shape shape;
	uint32_t number;
	size_t off;
	char *span;

	if (!page || slab_class(a, page->kind) != cl)
		slab_no_block(slot);
	number = slab_number(a, slot) - slab_index(page);
	span = slab_address(a, number);
	page = slab_page_of(a, span);
	shape = shape_of(cl, page);
	off = (size_t)((char *)slot - span);
	if (off % cl->size || off / cl->size >= page->fresh)
		slab_no_block(slot);
	if (page->nfree == shape.nslots || page->first == off / 16)
		uk_crash("heap: %p is freed twice", (void *)slot);
	slot->next = page->first == SLAB_NO_SLOT ? NULL :
		     (void *)(span + (size_t)page->first * 16);
	page->first = (uint16_t)(off / 16);
	if (page->nfree++ == 0)
		link_span(a, cl, number, page);
	cl->nfree++;
	if (page->nfree < shape.nslots)
		return;
	unlink_span(a, cl, page);
	if (cl->kept == SLAB_NO_PAGE)
		cl->kept = number;
	else
		release(a, cl, number);
}

/* The first @n of @slot and those after it. Returns what is left. */
static struct ukarch_item *put_some(struct uk_alloc *a,
				    struct uk_allocslab_class *cl,
				    struct ukarch_item *slot, size_t n)
{
	while (slot && n-- > 0) {
		struct ukarch_item *const next = slot->next;

		put_slot(a, cl, slot);
		slot = next;
	}
	return slot;
}

void slab_spill(struct uk_alloc *a, unsigned int c, void *ptr)
{
	__auto_type const list = SLAB_LIST(a, c);
	struct ukarch_item *head = *list, *const slot = ptr;
	struct uk_allocslab_class *cl;

	if (head && head->room) {
		slot->next = head;
		slot->room = head->room - 1;
		*list = slot;
		return;
	}
	if (c == SLAB_MEDIUM) {
		slab_medium_free(a, ptr);
		return;
	}
	cl = lock_class(a, c);
	/*
	 * What lies on top goes, so that the others have room for as many as
	 * they say. To walk down to the oldest would cost as much again.
	 */
	if (head)
		head = put_some(a, cl, head, cl->batch);
	slot->next = head;
	slot->room = (head ? head->room : cl->limit) - 1u;
	*list = slot;
	uk_spin_unlock(&cl->lock);
	uk_this_cpu(slab_state(a)->nmoves)++;
}

size_t slab_empty_list(struct uk_alloc *a, unsigned int c)
{
	__auto_type const list = SLAB_LIST(a, c);
	struct ukarch_item *const head = *list;
	struct uk_allocslab_class *cl;
	size_t n;

	if (!head)
		return 0;
	cl = lock_class(a, c);
	n = cl->limit - head->room;
	(void)put_some(a, cl, head, SIZE_MAX);
	*list = NULL;
	uk_spin_unlock(&cl->lock);
	return n;
}

bool slab_drop_kept(struct uk_alloc *a, unsigned int c)
{
	struct uk_allocslab_class *const cl = slab_class(a, c);
	bool drops;

	if (c == SLAB_MEDIUM)
		return slab_medium_drop_kept(a);
	uk_spin_lock(&cl->lock);
	drops = cl->size && cl->kept != SLAB_NO_PAGE;
	if (drops) {
		release(a, cl, cl->kept);
		cl->kept = SLAB_NO_PAGE;
	}
	uk_spin_unlock(&cl->lock);
	return drops;
}

void slab_trim_class(struct uk_alloc *a, unsigned int c)
{
	struct uk_allocslab_class *const cl = slab_class(a, c);
	bool mostly_free;

	uk_spin_lock(&cl->lock);
	mostly_free = cl->nfree > cl->nall / 2;
	uk_spin_unlock(&cl->lock);
	if (mostly_free)
		(void)slab_empty_list(a, c);
	(void)slab_drop_kept(a, c);
}
