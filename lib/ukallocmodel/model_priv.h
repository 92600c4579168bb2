/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/alloc_model.h>

/*
 * content.c: what is written in a block follows from a key. Of blocks longer
 * than MODEL_WHOLE only the ends are written and looked at, or else the work
 * of a step would be that of a mebibyte.
 */
#define MODEL_WHOLE	((size_t)32 << 10)
#define MODEL_END	((size_t)4 << 10)

/* Write what @key says to the @size bytes of a block. */
void model_write(unsigned char *ptr, size_t size, uint64_t key);
/* Is what was written to @size bytes in the first @now of them, too? */
bool model_holds(const unsigned char *ptr, size_t size, size_t now,
		 uint64_t key);
/* Is all of it 0, or, of a long one, what is looked at? */
bool model_is_zero(const unsigned char *ptr, size_t size);

/* account.c: what the allocator says of itself, at the beginning and later. */
struct model_account {
	bool counts;		/* statistics are to be looked at */
	struct uk_alloc_stats stats;
	long avail, max;	/* bytes; negative: not told */
};

void model_account_begin(struct model_account *acc, struct uk_alloc_model *m);
/* Do statistics agree with the list? NULL, or what does not. */
const char *model_account_check(const struct model_account *acc,
				const struct uk_alloc_model *m);
/* With nothing left. */
const char *model_account_end(const struct model_account *acc,
			      const struct uk_alloc_model *m);

/* uk_alloc_model_block.kind: how it is given back. */
enum {
	MODEL_PLAIN,		/* by free, or by its size */
	MODEL_ALIGNED,		/* by free */
	MODEL_PAGES,		/* by pfree */
};
