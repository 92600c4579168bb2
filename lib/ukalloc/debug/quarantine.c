/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Freed blocks wait here, oldest first, so that memory is not used again at
 * once: who writes to it meanwhile spoils what it was filled with, and who
 * frees it again is known. It counts all bytes that a block keeps from its
 * allocator, and a block larger than the limit does not stay at all.
 */
#include "debug_priv.h"

static struct {
	struct alloc_block *first;
	struct alloc_block **end;
	size_t len;		/* bytes of all */
} queue = { .end = &queue.first };

void alloc_quarantine_put(struct alloc_block *b)
{
	b->after = NULL;
	*queue.end = b;
	queue.end = &b->after;
	queue.len += b->len;
}

static void cut(struct alloc_block **at)
{
	struct alloc_block *const b = *at;

	*at = b->after;
	if (!*at)
		queue.end = at;
	queue.len -= b->len;
}

struct alloc_block *alloc_quarantine_take(size_t limit)
{
	struct alloc_block *const b = queue.first;

	if (queue.len <= limit)
		return NULL;
	cut(&queue.first);
	return b;
}

void alloc_quarantine_forget(const struct uk_alloc *a)
{
	struct alloc_block **at = &queue.first;

	while (*at) {
		if ((*at)->a == a)
			cut(at);
		else
			at = &(*at)->after;
	}
}
