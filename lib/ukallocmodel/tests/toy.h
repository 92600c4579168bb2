/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

struct uk_alloc;

/*
 * An allocator of an array, first fit, which does all right but for one thing.
 * There is one, and toy_begin() empties it.
 */
enum toy_fault {
	TOY_RIGHT,
	TOY_UNALIGNED,		/* malloc */
	TOY_UNALIGNED_PAGE,	/* memalign to a page */
	TOY_TOO_SHORT,		/* longer blocks than a unit lack one */
	TOY_NOT_ZEROED,
	TOY_CALLOC_OVERFLOWS,
	TOY_LOSES_BYTES,	/* realloc, of blocks that shrink */
	TOY_REALLOC_SPOILS,	/* when it fails */
	TOY_FREE_WRITES,	/* behind the block */
	TOY_COUNTS_TWICE,
	TOY_COUNTS_SHORT,
	TOY_LEAKS,		/* blocks of one unit that are freed by size */
	TOY_PROMISES,		/* maxalloc */
	TOY_NO_EINVAL,
};

/* Register it in the place of all others, until toy_end(). */
struct uk_alloc *toy_begin(enum toy_fault fault);
/* With malloc and free only, and with pages only; lib/ukalloc does the rest. */
struct uk_alloc *toy_begin_ifmalloc(void);
struct uk_alloc *toy_begin_ifpages(void);
void toy_end(void);
