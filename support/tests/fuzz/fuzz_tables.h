/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/essentials.h>
#include <uk/fwmem.h>

#include "fuzz.h"

/*
 * Physical memory made of pieces of the input. Each is a copy of its own, so
 * AddressSanitizer sees every byte that is read behind one of them, and
 * nothing between them can be read.
 */
#define FUZZ_PIECES	12u

void *hosted_copy(const void *data, size_t size);
void hosted_free(void *copy);

struct fuzz_mem {
	struct uk_fwmem mem;
	unsigned int npieces;
	struct fuzz_piece {
		uint64_t base;
		size_t len;
		uint8_t *copy;
	} piece[FUZZ_PIECES];
};

static inline const void *fuzz_mem_at(const struct uk_fwmem *mem,
				      uint64_t paddr, uint64_t len)
{
	const struct fuzz_mem *m = UK_CONTAINER_OF(mem, struct fuzz_mem, mem);

	for (unsigned int i = 0; i < m->npieces; i++) {
		const struct fuzz_piece *p = &m->piece[i];

		if (paddr >= p->base && paddr - p->base <= p->len &&
		    len <= p->len - (paddr - p->base))
			return p->copy + (paddr - p->base);
	}
	return NULL;
}

/* The next @len bytes of @in, at most what is left, as a piece at @base. */
static inline struct fuzz_piece *fuzz_mem_add(struct fuzz_mem *m,
					      uint64_t base,
					      struct fuzz_input *in,
					      size_t len)
{
	struct fuzz_piece *p = &m->piece[m->npieces++];

	FUZZ_EXPECT(m->npieces <= FUZZ_PIECES);
	if (len > in->left)
		len = in->left;
	*p = (struct fuzz_piece){ base, len, hosted_copy(in->data, len) };
	in->data += len;
	in->left -= len;
	return p;
}

static inline void fuzz_mem_free(struct fuzz_mem *m)
{
	for (unsigned int i = 0; i < m->npieces; i++)
		hosted_free(m->piece[i].copy);
}

/* Make the sum of the first @len bytes right, by the byte at @off. */
static inline void fuzz_fix_sum(struct fuzz_piece *p, size_t len, size_t off)
{
	if (len <= p->len && off < len)
		p->copy[off] = (uint8_t)(p->copy[off] -
					 uk_fwmem_sum(p->copy, len));
}
