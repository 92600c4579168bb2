/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A table of chains that doubles with its items. Where there is no memory for
 * that, chains get longer; nothing fails. It does not become smaller before its
 * end.
 */
#include "epoll_priv.h"

#include <stddef.h>

#include <uk/alloc.h>

/* Odd, and with its bits all over: 2^64 divided by the golden ratio. */
#define SPREAD	UINT64_C(0x9e3779b97f4a7c15)

void items_init(struct items *t)
{
	*t = (struct items){ .nbuckets = ITEMS_FEW };
	t->bucket = t->few;
}

void items_end(struct items *t)
{
	if (t->bucket != t->few)
		uk_free(uk_alloc_get_default(), t->bucket);
}

static struct item **bucket_of(const struct items *t,
			       const struct uk_file *file, int fd)
{
	const uint64_t key = (uintptr_t)file + (uint64_t)(uint32_t)fd * SPREAD;

	return &t->bucket[(key * SPREAD >> 32) & (t->nbuckets - 1)];
}

struct item *items_find(const struct items *t, const struct uk_file *file,
			int fd)
{
	struct item *it = *bucket_of(t, file, fd);

	while (it && (it->file != file || it->fd != fd))
		it = it->next;
	return it;
}

static void put_in(struct items *t, struct item *it)
{
	struct item **const b = bucket_of(t, it->file, it->fd);

	it->next = *b;
	*b = it;
}

static void grow(struct items *t)
{
	const struct items old = *t;
	const uint32_t n = old.nbuckets * 2;
	struct item **const b = uk_calloc(uk_alloc_get_default(), n,
					  sizeof(*b));

	if (!b)
		return;
	t->bucket = b;
	t->nbuckets = n;
	for (uint32_t i = 0; i < old.nbuckets; i++) {
		struct item *it = old.bucket[i];

		while (it) {
			struct item *const next = it->next;

			put_in(t, it);
			it = next;
		}
	}
	if (old.bucket != t->few)
		uk_free(uk_alloc_get_default(), old.bucket);
}

void items_insert(struct items *t, struct item *it)
{
	if (t->n >= t->nbuckets)
		grow(t);
	put_in(t, it);
	t->n++;
}

void items_remove(struct items *t, struct item *it)
{
	struct item **p = bucket_of(t, it->file, it->fd);

	while (*p != it)
		p = &(*p)->next;
	*p = it->next;
	t->n--;
}

struct item *items_pop(struct items *t, uint32_t *at)
{
	struct item *it = NULL;

	while (*at < t->nbuckets && !(it = t->bucket[*at]))
		++*at;
	if (it) {
		t->bucket[*at] = it->next;
		t->n--;
	}
	return it;
}
