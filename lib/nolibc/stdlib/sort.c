/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Heapsort, bottom-up (Wegener, Theoretical Computer Science 118, 1993): the
 * hole at the root first goes down along the larger children to a leaf, one
 * comparison a level, and then up to where the element belongs, which is
 * near. So there is no order of elements that costs n^2, no recursion and no
 * memory. Quicksort would be faster on average, and needs a second algorithm
 * for when it is not.
 */
#include <stdlib.h>

#include <stdint.h>

typedef int (*cmp_fn)(const void *, const void *, void *);

struct heap {
	char *base;
	size_t count;
	size_t size;		/* of an element */
	cmp_fn cmp;
	void *arg;
};

static char *at(const struct heap *h, size_t i)
{
	return h->base + i * h->size;
}

static int compare(const struct heap *h, size_t i, size_t j)
{
	return h->cmp(at(h, i), at(h, j), h->arg);
}

static void swap(const struct heap *h, size_t i, size_t j)
{
	char *a = at(h, i), *b = at(h, j);
	size_t left = h->size;

	for (; left >= sizeof(uint64_t); left -= sizeof(uint64_t)) {
		uint64_t wa, wb;

		__builtin_memcpy(&wa, a, sizeof(wa));
		__builtin_memcpy(&wb, b, sizeof(wb));
		__builtin_memcpy(a, &wb, sizeof(wb));
		__builtin_memcpy(b, &wa, sizeof(wa));
		a += sizeof(wa);
		b += sizeof(wb);
	}
	for (; left; left--) {
		const char byte = *a;

		*a++ = *b;
		*b++ = byte;
	}
}

/* Let the element at @root sink to its place among the ones below it. */
static void sift(const struct heap *h, size_t root)
{
	size_t leaf = root, depth = 0;

	/* Down along the larger children. */
	while (leaf * 2 + 2 < h->count) {
		leaf = leaf * 2 + 1;
		leaf += compare(h, leaf + 1, leaf) > 0;
		depth++;
	}
	if (leaf * 2 + 1 < h->count) {
		leaf = leaf * 2 + 1;
		depth++;
	}
	/* Up to the first that is not smaller. */
	while (depth && compare(h, root, leaf) > 0) {
		leaf = (leaf - 1) / 2;
		depth--;
	}
	/* Everything on the way moves up by one, the root to where it ends. */
	for (; depth; depth--) {
		swap(h, root, leaf);
		leaf = (leaf - 1) / 2;
	}
}

void qsort_r(void *base, size_t count, size_t size, cmp_fn cmp, void *arg)
{
	struct heap h = { base, count, size, cmp, arg };

	if (count < 2 || size == 0)
		return;
	for (size_t i = count / 2; i--;)
		sift(&h, i);
	while (--h.count) {
		swap(&h, 0, h.count);
		sift(&h, 0);
	}
}

static int call_plain(const void *a, const void *b, void *arg)
{
	int (**cmp)(const void *, const void *) = arg;

	return (*cmp)(a, b);
}

void qsort(void *base, size_t count, size_t size,
	   int (*cmp)(const void *, const void *))
{
	qsort_r(base, count, size, call_plain, &cmp);
}

void *bsearch(const void *key, const void *base, size_t count, size_t size,
	      int (*cmp)(const void *, const void *))
{
	const char *from = base;

	while (count) {
		const char *mid = from + count / 2 * size;
		const int order = cmp(key, mid);

		if (order == 0)
			return (void *)(uintptr_t)mid;
		if (order > 0) {
			from = mid + size;
			count--;
		}
		count /= 2;
	}
	return NULL;
}
