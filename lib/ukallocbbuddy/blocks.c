/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Blocks of a power of two, halved as needed and joined with their buddy when
 * both are free.
 *
 * What is known of a block is one byte in a map behind its region: its order
 * and whether it is free; units that lie inside a block have 0 there. So blocks
 * have no header, a page is a page, and a pointer that is freed is looked up
 * and not believed. A free block holds its place in the list of its order.
 *
 * What is taken is not the whole block: its end is cut off, down to a sixteenth
 * of the block, and stays free. A block in use is then a run of blocks, each
 * smaller than the one before; the later ones say that they are the same run's.
 * Without, 33 KiB would be 64.
 *
 * A block that is being joined asks for its buddy, where always a block begins;
 * so the map is right from the start where that matters, and is cleared only
 * for what is taken, where a wrong pointer may lead. A boot with much memory
 * costs nothing then.
 *
 * Blocks lie at multiples of their size, wherever their region begins, so that
 * alignment costs no search; blocks of two regions are never joined.
 */
#include "allocbbuddy_priv.h"

#include <stdbool.h>

#include <uk/assert.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

/* In the map, with the order in the bits below. */
#define STATES		0xc0u
#define FREE		0x40u
#define USED		0x80u	/* the first one of a run */
#define MORE		0xc0u	/* the next one of a run */
#define ORDER(state)	((state) & 0x3fu)

/* The least part of a block that is cut off it: 1 in 1 << CUT. */
#define CUT		4u

/* What a free block holds. */
struct block {
	struct uk_list node;
	struct bbuddy_region *r;
};

_Static_assert(sizeof(struct block) <= BBUDDY_UNIT, "lies in any free block");
_Static_assert(BBUDDY_END <= 0x40, "an order has six bits");

static size_t size_of(unsigned int order)
{
	return (size_t)1 << order;
}

static uint8_t *state_of(struct bbuddy_region *r, uintptr_t at)
{
	return &r->map[(at - r->base) >> BBUDDY_MIN];
}

static bool is_in(const struct bbuddy_region *r, uintptr_t at)
{
	return at >= r->base && at < (uintptr_t)r;
}

static struct uk_list *list_of(struct bbuddy_heap *h, unsigned int order)
{
	return &h->blocks[order - BBUDDY_MIN];
}

UK_NOINLINE
static void enter(struct bbuddy_heap *h, struct bbuddy_region *r, uintptr_t at,
		  unsigned int order)
{
	struct block *const b = (struct block *)at;

	*state_of(r, at) = (uint8_t)(FREE | order);
	b->r = r;
	uk_list_push_front(list_of(h, order), &b->node);
	h->orders |= size_of(order);
}

/* No longer a block by itself. */
UK_NOINLINE
static void leave(struct bbuddy_heap *h, struct block *b, unsigned int order)
{
	uk_list_remove(&b->node);
	if (uk_list_empty(list_of(h, order)))
		h->orders &= ~size_of(order);
	*state_of(b->r, (uintptr_t)b) = 0;
}

static void give(struct bbuddy_heap *h, struct bbuddy_region *r, uintptr_t at,
		 unsigned int order)
{
	h->free += size_of(order);
	*state_of(r, at) = 0;
	for (; order + 1 < BBUDDY_END; order++) {
		const uintptr_t buddy = at ^ size_of(order);

		if (!is_in(r, buddy) || *state_of(r, buddy) != (FREE | order))
			break;
		leave(h, (struct block *)buddy, order);
		at &= ~size_of(order);
	}
	enter(h, r, at, order);
}

void bbuddy_init(struct bbuddy_heap *h, const struct uk_heapmem *source)
{
	uk_spin_init(&h->lock);
	h->source = source;
	h->regions = NULL;
	h->len = h->free = 0;
	h->orders = 0;
	for (unsigned int o = BBUDDY_MIN; o < BBUDDY_END; o++)
		uk_list_init(list_of(h, o));
}

/* The order of the largest block at @at that has at most @len bytes. */
static unsigned int largest(uintptr_t at, size_t len)
{
	const unsigned int own = (unsigned int)__builtin_ctzl(at);
	const unsigned int most = 63 - (unsigned int)__builtin_clzl(len);

	return own < most ? UK_MIN(own, BBUDDY_END - 1) :
			    UK_MIN(most, BBUDDY_END - 1);
}

int bbuddy_add(struct bbuddy_heap *h, uintptr_t from, uintptr_t to)
{
	uintptr_t at = UK_ALIGN_UP(from, BBUDDY_UNIT);
	struct bbuddy_region *r;
	size_t n;

	if (at == 0 || at < from || to < at ||
	    to - at < bbuddy_region_len(BBUDDY_MIN))
		return -EINVAL;

	n = (to - at - sizeof(*r)) / (BBUDDY_UNIT + 1);
	r = (struct bbuddy_region *)(at + n * BBUDDY_UNIT);
	r->base = at;
	r->next = h->regions;
	h->regions = r;
	h->len += to - from;

	while (at < (uintptr_t)r) {
		const unsigned int order = largest(at, (uintptr_t)r - at);

		give(h, r, at, order);
		at += size_of(order);
	}
	return 0;
}

size_t bbuddy_region_len(unsigned int order)
{
	return sizeof(struct bbuddy_region) +
	       ((BBUDDY_UNIT + 1) << (order - BBUDDY_MIN));
}

unsigned int bbuddy_order(size_t size)
{
	if (size <= BBUDDY_UNIT)
		return BBUDDY_MIN;
	return 64 - (unsigned int)__builtin_clzl(size - 1);
}

/* Use @size bytes of the block at @at, of @order, which is in no list. */
static void cut(struct bbuddy_heap *h, struct bbuddy_region *r, uintptr_t at,
		unsigned int order, size_t size)
{
	unsigned int state = USED;

	memset(state_of(r, at), 0, size >> BBUDDY_MIN);
	while (size < size_of(order)) {
		order--;
		if (size <= size_of(order)) {
			enter(h, r, at + size_of(order), order);
			continue;
		}
		*state_of(r, at) = (uint8_t)(state | order);
		state = MORE;
		at += size_of(order);
		size -= size_of(order);
	}
	*state_of(r, at) = (uint8_t)(state | order);
}

void *bbuddy_take(struct bbuddy_heap *h, unsigned int order, size_t *size)
{
	const unsigned int own = bbuddy_order(*size);
	const size_t part = UK_MAX(size_of(own) >> CUT, BBUDDY_UNIT);
	struct bbuddy_region *r;
	struct block *b;

	UK_ASSERT(order >= own);
	if (order >= BBUDDY_END || !(h->orders >> order))
		return NULL;

	order += (unsigned int)__builtin_ctzl(h->orders >> order);
	b = uk_list_entry(list_of(h, order)->next, struct block, node);
	r = b->r;
	*size = UK_ALIGN_UP(*size, part);
	leave(h, b, order);
	h->free -= *size;
	cut(h, r, (uintptr_t)b, order, *size);
	return b;
}

/* The region of the run in use at @at, or NULL: none begins there. */
static struct bbuddy_region *region_of(const struct bbuddy_heap *h,
				       uintptr_t at)
{
	struct bbuddy_region *r = h->regions;

	while (r && !is_in(r, at))
		r = r->next;
	if (!r || !UK_IS_ALIGNED(at, BBUDDY_UNIT) ||
	    (*state_of(r, at) & STATES) != USED)
		return NULL;
	return r;
}

/* Does the run go on at @at? */
static bool goes_on(struct bbuddy_region *r, uintptr_t at)
{
	return is_in(r, at) && (*state_of(r, at) & STATES) == MORE;
}

size_t bbuddy_len(const struct bbuddy_heap *h, const void *ptr)
{
	uintptr_t at = (uintptr_t)ptr;
	struct bbuddy_region *const r = region_of(h, at);

	if (!r)
		return 0;
	do
		at += size_of(ORDER(*state_of(r, at)));
	while (goes_on(r, at));
	return at - (uintptr_t)ptr;
}

size_t bbuddy_put(struct bbuddy_heap *h, void *ptr)
{
	uintptr_t at = (uintptr_t)ptr;
	struct bbuddy_region *const r = region_of(h, at);

	if (!r)
		return 0;
	do {
		const unsigned int order = ORDER(*state_of(r, at));

		give(h, r, at, order);
		at += size_of(order);
	} while (goes_on(r, at));
	return at - (uintptr_t)ptr;
}
