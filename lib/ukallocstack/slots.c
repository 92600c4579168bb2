/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Addresses for stacks. There are far more of them than memory, so they are
 * dealt out one after the other, in a few sizes, and a slot that is given back
 * waits in the list of its size. Slots are never cut or joined: when no fresh
 * address is left, which takes 256 GiB, a larger slot is used.
 *
 * A slot of n granules has a size of 1, 2, … 8, 10, 12, 14, 16, 20, … granules,
 * four sizes for each power of two, so it is 1/4 too large at most.
 *
 * Each granule says where its slot begins, so that any address leads to it.
 */
#include "allocstack_priv.h"

#include <uk/errno.h>

unsigned int slots_class(uint32_t n)
{
	const uint32_t m = n - 1;
	unsigned int shift;

	if (n <= 8)
		return m;
	shift = 31u - (unsigned int)__builtin_clz(m);
	return 8 + (shift - 3) * 4 + (m >> (shift - 2)) % 4;
}

uint32_t slots_of_class(unsigned int class)
{
	if (class < 8)
		return class + 1;
	return (class % 4 + 5) << (class / 4 - 1);
}

static uint32_t pop(struct slots *s, unsigned int class)
{
	const uint32_t at = s->free[class];

	if (at)
		s->free[class] = s->slot[at].next;
	return at;
}

static uint32_t take_fresh(struct slots *s, unsigned int class)
{
	const uint32_t n = slots_of_class(class);
	const uint32_t at = s->fresh;

	if (s->end - at < n || s->extend(s, at + n) < 0)
		return 0;
	for (uint32_t i = at; i < at + n; i++)
		s->slot[i] = (struct slot){ .begin = at };
	s->slot[at].class = class;
	/* Release: who finds an address below it finds what is above. */
	__atomic_store_n(&s->fresh, at + n, __ATOMIC_RELEASE);
	return at;
}

uint32_t slots_take(struct slots *s, uint32_t npages)
{
	const uint32_t n = 1 + (npages + PAGES_PER_GRANULE - 1) /
			       PAGES_PER_GRANULE;
	unsigned int class = slots_class(n);
	uint32_t at = pop(s, class);

	if (!at)
		at = take_fresh(s, class);
	while (!at && ++class < SLOT_NCLASSES)
		at = pop(s, class);
	if (at)
		s->slot[at].npages = npages;
	return at;
}

void slots_give(struct slots *s, uint32_t at)
{
	struct slot *const slot = &s->slot[at];

	slot->next = s->free[slot->class];
	s->free[slot->class] = at;
}
