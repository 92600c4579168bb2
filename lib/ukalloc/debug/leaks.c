/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is still allocated at the end, by the places it was allocated at, the
 * largest sum first. What was there before the last stage of the boot is the
 * system's, which does not end; it is one line.
 *
 * Places are counted in a table of fixed size, since there is no memory to be
 * had for it; what does not fit into it is told as a sum.
 */
#include "debug_priv.h"

#include <uk/log.h>
#include <uk/string.h>

#define NPLACES	64u

struct place {
	struct alloc_sites sites;
	size_t nblocks;
	size_t len;		/* bytes that were asked for */
};

struct leaks {
	struct place places[NPLACES];
	unsigned int nplaces;
	struct place others;	/* without a place of their own */
	struct place boot;	/* of the system */
};

static struct leaks leaks;
static uint64_t begin;		/* serials up to this are the system's */

static bool newest(struct alloc_block *b, void *arg)
{
	uint64_t *const serial = arg;

	if (b->serial > *serial)
		*serial = b->serial;
	return true;
}

void alloc_leaks_begin(void)
{
	alloc_blocks_visit(newest, &begin);
}

/* Where the like of @b are counted. */
static struct place *place_of(struct leaks *l, const struct alloc_block *b)
{
	unsigned int i = 0;

	if (b->serial <= begin)
		return &l->boot;
	while (i < l->nplaces && memcmp(&l->places[i].sites, &b->born,
					sizeof(b->born)))
		i++;
	if (i == NPLACES)
		return &l->others;
	if (i == l->nplaces)
		l->places[l->nplaces++] = (struct place){ .sites = b->born };
	return &l->places[i];
}

static bool count(struct alloc_block *b, void *arg)
{
	struct place *p;

	if (b->freed)
		return true;
	p = place_of(arg, b);
	p->nblocks++;
	p->len += b->size;
	return true;
}

/* Move the largest sum from @i on to @i. */
static void pick(struct leaks *l, unsigned int i)
{
	const struct place first = l->places[i];
	unsigned int max = i;

	for (unsigned int k = i + 1; k < l->nplaces; k++)
		if (l->places[k].len > l->places[max].len)
			max = k;
	l->places[i] = l->places[max];
	l->places[max] = first;
}

static void add(struct place *sum, const struct place *p)
{
	sum->nblocks += p->nblocks;
	sum->len += p->len;
}

static void say(const struct place *p, const char *what)
{
	if (p->nblocks)
		uk_log_plain("kiln: heap: %zu blocks, %zu bytes %s",
			     p->nblocks, p->len, what);
}

void alloc_leaks_print(void)
{
	if (!alloc_debug.leaks)
		return;
	memset(&leaks, 0, sizeof(leaks));
	alloc_blocks_visit(count, &leaks);
	for (unsigned int i = 0; i < leaks.nplaces; i++) {
		if (i >= alloc_debug.leaks) {
			add(&leaks.others, &leaks.places[i]);
			continue;
		}
		pick(&leaks, i);
		say(&leaks.places[i], "were never freed, allocated by");
		alloc_print_sites(&leaks.places[i].sites);
	}
	say(&leaks.others, "more were never freed");
	say(&leaks.boot, "are the system's");
}
