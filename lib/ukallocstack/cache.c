/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stacks that nobody uses, with their memory. Programs have few sizes of
 * stacks, so there is a list for each of the first few, found by a look at
 * them in order; a size that is not among them is not kept until one has
 * become empty. Who comes last goes first: its memory is in the CPU's cache.
 *
 * What counts is frames, with those that came on demand: so one stack that
 * grew large does not stay for ever.
 */
#include "allocstack_priv.h"

static struct cache_kind *find(struct cache *c, uint32_t npages,
			       uint32_t nlazy)
{
	for (struct cache_kind *k = c->kind; k < c->kind + CACHE_NKINDS; k++)
		if (k->npages == npages && k->nlazy == nlazy)
			return k;
	return NULL;
}

static uint32_t frames_of(const struct slot *slot)
{
	return __atomic_load_n(&slot->nframes, __ATOMIC_RELAXED);
}

static uint32_t pop(struct cache *c, struct slots *s, struct cache_kind *k)
{
	const uint32_t at = k->first;

	k->first = s->slot[at].next;
	c->nslots--;
	c->nframes -= frames_of(&s->slot[at]);
	return at;
}

uint32_t cache_get(struct cache *c, struct slots *s, uint32_t npages,
		   uint32_t nlazy)
{
	struct cache_kind *const k = find(c, npages, nlazy);

	return k && k->first ? pop(c, s, k) : 0;
}

bool cache_put(struct cache *c, struct slots *s, uint32_t at)
{
	struct slot *const slot = &s->slot[at];
	const uint32_t n = frames_of(slot);
	struct cache_kind *k = find(c, slot->npages, slot->nlazy);

	for (unsigned int i = 0; !k && i < CACHE_NKINDS; i++)
		if (!c->kind[i].first)
			k = &c->kind[i];
	if (!k || n > c->limit || c->nframes > c->limit - n)
		return false;
	k->npages = slot->npages;
	k->nlazy = slot->nlazy;
	slot->next = k->first;
	k->first = at;
	c->nslots++;
	c->nframes += n;
	return true;
}

/* The last kind: the sizes that came first are mostly those that come again. */
uint32_t cache_drop(struct cache *c, struct slots *s)
{
	for (unsigned int i = CACHE_NKINDS; i-- > 0;)
		if (c->kind[i].first)
			return pop(c, s, &c->kind[i]);
	return 0;
}
