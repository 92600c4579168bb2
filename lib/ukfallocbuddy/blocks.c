/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Free memory as blocks of 1 << n frames at multiples of their size. A block's
 * buddy is the other half of the next larger one; when both are free they
 * become that. What is taken need not be a block: the rest of the block goes
 * back at once, cut into smaller ones.
 *
 * A free block is known by one byte for its first frame, and is in a list whose
 * links are in that frame itself. To begin with an area has no blocks: all of
 * it is fresh, which costs no time however large it is, and leaves memory
 * untouched that a host has not backed yet. Blocks are made from it by and by.
 */
#include "fallocbuddy_priv.h"

#include <stdbool.h>

#include <uk/assert.h>
#include <uk/essentials.h>
#include <uk/string.h>

/* Frames that become blocks at once, when few are asked for. */
#define CHUNK		UINT64_C(512)

/* In the first frame of a free block. */
struct block {
	struct uk_list node;	/* of the zone's list of that order */
	struct buddy_area *area;
	uint64_t pfn;
};

static struct block *block_at(const struct buddy_area *a, uint64_t pfn)
{
	return (struct block *)(uintptr_t)(PADDR(pfn) + a->offset);
}

static uint64_t size_of(unsigned int order)
{
	return UINT64_C(1) << order;
}

/* The largest n with 1 << n <= @n; @n is not 0. */
static unsigned int log2_down(uint64_t n)
{
	return 63 - (unsigned int)__builtin_clzll(n);
}

/* The smallest n with 1 << n >= @n; @n is not 0. */
static unsigned int log2_up(uint64_t n)
{
	return n == 1 ? 0 : log2_down(n - 1) + 1;
}

static void link_block(struct buddy_area *a, uint64_t pfn, unsigned int order)
{
	struct block *const b = block_at(a, pfn);

	b->area = a;
	b->pfn = pfn;
	/* What was used last is in the caches. */
	uk_list_push_front(&a->zone->blocks[order], &b->node);
	a->zone->orders |= 1u << order;
	a->state[pfn - a->first] = (uint8_t)(BUDDY_HEAD | order);
}

static void unlink_block(struct buddy_area *a, uint64_t pfn,
			 unsigned int order)
{
	uk_list_remove(&block_at(a, pfn)->node);
	if (uk_list_empty(&a->zone->blocks[order]))
		a->zone->orders &= ~(1u << order);
	a->state[pfn - a->first] = 0;
}

uint64_t buddy_block_of(const struct buddy_area *a, uint64_t pfn)
{
	for (unsigned int order = 0; order < ORDERS; order++) {
		const uint64_t first = UK_ALIGN_DOWN(pfn, size_of(order));

		if (first < a->first)
			break;
		if (a->state[first - a->first] >= (BUDDY_HEAD | order))
			return first;
	}
	return NO_PFN;
}

/* Is the block of @order at @pfn, if that is one at all, free as a whole? */
static bool is_free(const struct buddy_area *a, uint64_t pfn,
		    unsigned int order)
{
	return pfn >= a->first && pfn < a->fresh &&
	       a->state[pfn - a->first] == (BUDDY_HEAD | order);
}

static void give_block(struct buddy_area *a, uint64_t pfn, unsigned int order)
{
	while (order < ORDERS - 1 && is_free(a, pfn ^ size_of(order), order)) {
		unlink_block(a, pfn ^ size_of(order), order);
		pfn &= ~size_of(order);
		order++;
	}
	link_block(a, pfn, order);
}

void buddy_give(struct buddy_area *a, uint64_t pfn, uint64_t n)
{
	while (n) {
		unsigned int order = UK_MIN(log2_down(n), ORDERS - 1);

		if (pfn)
			order = UK_MIN(order,
				       (unsigned int)__builtin_ctzll(pfn));
		give_block(a, pfn, order);
		pfn += size_of(order);
		n -= size_of(order);
	}
}

/*
 * Let the frames up to @pfn, and some more, be fresh no longer; they are
 * nobody's. Returns the end of them.
 */
static uint64_t break_into(struct buddy_area *a, uint64_t pfn)
{
	const uint64_t end = UK_MIN(UK_ALIGN_UP(pfn, CHUNK), a->end);

	memset(a->state + (a->fresh - a->first), 0, end - a->fresh);
	/* Relaxed: who looks without the lock got its frame after this. */
	__atomic_store_n(&a->fresh, end, __ATOMIC_RELAXED);
	return end;
}

void buddy_claim(struct buddy_area *a, uint64_t pfn, uint64_t end)
{
	if (end > a->fresh) {
		const uint64_t from = a->fresh;

		buddy_give(a, from, break_into(a, end) - from);
	}
	while (pfn < end) {
		const uint64_t first = buddy_block_of(a, pfn);
		uint64_t last;

		UK_ASSERT(first != NO_PFN);
		last = buddy_block_end(a, first);
		unlink_block(a, first, log2_down(last - first));
		buddy_give(a, first, pfn - first);
		if (last > end)
			buddy_give(a, end, last - end);
		pfn = last;
	}
}

uint64_t buddy_take_listed(struct uk_fallocbuddy_zone *zone, uint64_t n,
			   uint64_t align)
{
	const unsigned int least = log2_up(UK_MAX(n, align));
	unsigned int order;
	struct block *b;
	uint64_t pfn;

	if (least >= ORDERS || !(zone->orders >> least))
		return NO_PFN;
	order = least + (unsigned int)__builtin_ctz(zone->orders >> least);
	b = uk_list_entry(zone->blocks[order].next, struct block, node);
	pfn = b->pfn;
	unlink_block(b->area, pfn, order);
	buddy_give(b->area, pfn + n, size_of(order) - n);
	return pfn;
}

uint64_t buddy_take_fresh(struct uk_fallocbuddy_zone *zone, uint64_t n,
			  uint64_t align)
{
	struct buddy_area *a;

	for (a = zone->areas; a; a = a->next) {
		const uint64_t from = a->fresh;
		const uint64_t pfn = UK_ALIGN_UP(from, align);
		uint64_t end;

		if (pfn < from || pfn > a->end || n > a->end - pfn)
			continue;
		end = break_into(a, pfn + n);
		buddy_give(a, from, pfn - from);
		buddy_give(a, pfn + n, end - (pfn + n));
		return pfn;
	}
	return NO_PFN;
}
