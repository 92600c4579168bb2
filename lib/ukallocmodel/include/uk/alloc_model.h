/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uk_alloc;

/*
 * An allocator against a list: random calls of all functions of <uk/alloc.h>,
 * with a list of what is allocated. For tests of allocators.
 *
 * Whatever the allocator gives is looked at: that it is aligned, overlaps
 * nothing else, is zeroed where it is to be, and keeps what was written to it
 * until it is freed; that no request fails that maxalloc promised, and that a
 * failed one changes nothing; that statistics say what the list says; and that
 * all memory is there again at the end.
 *
 * Context: thread. Two runs at once need two models.
 */

/* An entry of the list. */
struct uk_alloc_model_block {
	unsigned char *ptr;	/* NULL: no block */
	size_t size;		/* bytes that were asked for */
	uint64_t key;		/* tells what is written in it */
	unsigned int kind;
};

struct uk_alloc_model {
	struct uk_alloc *a;
	/* The list, which the caller supplies; it need not be cleared. */
	struct uk_alloc_model_block *blocks;
	unsigned int nblocks;	/* most blocks at once, at least 1 */
	size_t size_max;	/* bytes of a request; absurd ones come too */
	uint64_t seed;		/* not 0; the same seed makes the same calls */
	/*
	 * Somebody else uses the allocator, too. Then what it says of its own
	 * state is not looked at.
	 */
	bool is_shared;
	/*
	 * Bytes of what the allocator cuts small blocks out of: a smaller
	 * request may fail as long as maxalloc is less than that.
	 */
	size_t cut;
	bool exhausts;		/* take all memory there is, once */
	/*
	 * When all is freed, availmem and maxalloc are what they were at the
	 * beginning, but for @kept bytes.
	 */
	bool reuses;
	size_t kept;

	/* Of the last run. */
	unsigned int step;	/* where it ended */
	unsigned int nfailed;	/* requests that got no memory */
};

/*
 * Make @nsteps random calls, and give back all that is still there.
 *
 * Returns NULL, or in words what was wrong first. Then @m->step says at which
 * step, and blocks may be left that nobody frees.
 */
const char *uk_alloc_model_run(struct uk_alloc_model *m, unsigned int nsteps);
