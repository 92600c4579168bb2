/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The areas of an address space: a height-balanced tree (AVL) by address, and
 * a list in the same order.
 *
 * Each node knows the largest gap in front of any area below it, its own
 * included. So the highest gap of a size is found on one way down, however
 * many areas there are; one that is large enough but unsuitable (its aligned
 * part is too small) costs another way.
 *
 * There are no pointers to parents: who changes the tree notes its way down
 * and repairs on the way back. A tree of height 48 has more nodes than the
 * address space has pages.
 */
#include "vmem_priv.h"

#include <uk/assert.h>
#include <uk/essentials.h>
#include <uk/list.h>

#define HEIGHT_MAX	48

/* The links that were followed from the root on; the last one is at n - 1. */
struct way {
	struct uk_vma **link[HEIGHT_MAX];
	unsigned int n;
};

static struct uk_vma *of_node(const struct uk_list *node)
{
	return UK_CONTAINER_OF(node, struct uk_vma, node);
}

struct uk_vma *vmem_next(const struct uk_vas *vas, const struct uk_vma *vma)
{
	return vma->node.next == &vas->areas ? NULL : of_node(vma->node.next);
}

struct uk_vma *vmem_prev(const struct uk_vas *vas, const struct uk_vma *vma)
{
	return vma->node.prev == &vas->areas ? NULL : of_node(vma->node.prev);
}

struct uk_vma *vmem_last(const struct uk_vas *vas)
{
	return uk_list_empty(&vas->areas) ? NULL : of_node(vas->areas.prev);
}

/* Where the gap in front of @vma begins; NULL: the one behind the last. */
static uintptr_t gap_start(const struct uk_vas *vas, const struct uk_vma *vma)
{
	const struct uk_list *const prev = vma ? vma->node.prev
					       : vas->areas.prev;

	return prev == &vas->areas ? vas->base : of_node(prev)->end;
}

static size_t own_gap(const struct uk_vas *vas, const struct uk_vma *vma)
{
	return vma->start - gap_start(vas, vma);
}

static unsigned int height_of(const struct uk_vma *n)
{
	return n ? n->height : 0;
}

static size_t gap_of(const struct uk_vma *n)
{
	return n ? n->gap : 0;
}

/* Compute what @n knows from what its children know. */
static void refresh(const struct uk_vas *vas, struct uk_vma *n)
{
	const size_t below = UK_MAX(gap_of(n->left), gap_of(n->right));

	n->height = 1 + UK_MAX(height_of(n->left), height_of(n->right));
	n->gap = UK_MAX(own_gap(vas, n), below);
}

static void rotate_right(const struct uk_vas *vas, struct uk_vma **link)
{
	struct uk_vma *const n = *link;
	struct uk_vma *const up = n->left;

	n->left = up->right;
	up->right = n;
	*link = up;
	refresh(vas, n);
	refresh(vas, up);
}

static void rotate_left(const struct uk_vas *vas, struct uk_vma **link)
{
	struct uk_vma *const n = *link;
	struct uk_vma *const up = n->right;

	n->right = up->left;
	up->left = n;
	*link = up;
	refresh(vas, n);
	refresh(vas, up);
}

/* Balance the tree at @link, whose children are balanced. */
static void balance(const struct uk_vas *vas, struct uk_vma **link)
{
	struct uk_vma *const n = *link;
	const unsigned int left = height_of(n->left);
	const unsigned int right = height_of(n->right);

	if (left > right + 1) {
		if (height_of(n->left->left) < height_of(n->left->right))
			rotate_left(vas, &n->left);
		rotate_right(vas, link);
	} else if (right > left + 1) {
		if (height_of(n->right->right) < height_of(n->right->left))
			rotate_right(vas, &n->right);
		rotate_left(vas, link);
	} else {
		refresh(vas, n);
	}
}

static void push(struct way *way, struct uk_vma **link)
{
	UK_ASSERT(way->n < HEIGHT_MAX);
	way->link[way->n++] = link;
}

/* Balance from the end of @way up to the root. */
static void repair(const struct uk_vas *vas, struct way *way)
{
	while (way->n) {
		struct uk_vma **const link = way->link[--way->n];

		if (*link)
			balance(vas, link);
	}
}

/*
 * Go down to where an area that begins at @start is, or would be: the last
 * link of @way.
 */
static void go_to(struct uk_vas *vas, uintptr_t start, struct way *way)
{
	struct uk_vma **link = &vas->root;

	way->n = 0;
	for (;;) {
		push(way, link);
		if (!*link || (*link)->start == start)
			return;
		link = start < (*link)->start ? &(*link)->left
					      : &(*link)->right;
	}
}

/*
 * What is in front of @vma, NULL: the last one's end, has changed. Nothing is
 * to be balanced, and a node that knows the same as before is the last.
 */
static void refresh_gap(struct uk_vas *vas, const struct uk_vma *vma)
{
	struct way way;
	struct uk_vma *n;
	size_t known;

	if (!vma)
		return;
	go_to(vas, vma->start, &way);
	do {
		n = *way.link[--way.n];
		known = n->gap;
		refresh(vas, n);
	} while (way.n > 0 && n->gap != known);
}

struct uk_vma *vmem_above(const struct uk_vas *vas, uintptr_t vaddr)
{
	struct uk_vma *n = vas->root;
	struct uk_vma *found = NULL;

	while (n) {
		if (n->end <= vaddr) {
			n = n->right;
			continue;
		}
		found = n;
		if (n->start <= vaddr)
			break;
		n = n->left;
	}
	return found;
}

void vmem_insert(struct uk_vas *vas, struct uk_vma *vma)
{
	struct uk_vma *const next = vmem_above(vas, vma->start);
	struct way way;

	UK_ASSERT(!next || next->start >= vma->end);

	/* In front of the next one, or of the head: at the end. */
	uk_list_push_back(next ? &next->node : &vas->areas, &vma->node);
	vma->left = NULL;
	vma->right = NULL;
	/* The next one, whose gap is less now, is on the way. */
	go_to(vas, vma->start, &way);
	*way.link[way.n - 1] = vma;
	repair(vas, &way);
}

void vmem_remove(struct uk_vas *vas, struct uk_vma *vma)
{
	struct uk_vma **link;
	struct way way;

	go_to(vas, vma->start, &way);
	link = way.link[way.n - 1];
	UK_ASSERT(*link == vma);
	uk_list_remove(&vma->node);

	/*
	 * The next one, whose gap is more now, is always on the way: above, or
	 * in the place of this one. An only child has no children itself.
	 */
	if (!vma->left || !vma->right) {
		*link = vma->left ? vma->left : vma->right;
	} else {
		/* The leftmost one on the right takes its place. */
		struct uk_vma **at = &vma->right;
		const unsigned int place = way.n;
		struct uk_vma *next;

		for (push(&way, at); (*at)->left; push(&way, at))
			at = &(*at)->left;
		next = *at;
		*at = next->right;
		next->left = vma->left;
		next->right = vma->right;
		*link = next;
		/* The link out of vma is one out of next now. */
		way.link[place] = &next->right;
	}
	repair(vas, &way);
}

void vmem_resize(struct uk_vas *vas, struct uk_vma *vma, uintptr_t start,
		 uintptr_t end)
{
	const bool front = start != vma->start;
	const bool back = end != vma->end;

	/* Its place among the others stays, so the tree is searchable. */
	vma->start = start;
	vma->end = end;
	if (front)
		refresh_gap(vas, vma);
	if (back)
		refresh_gap(vas, vmem_next(vas, vma));
}

/* The last area below @n with a gap of at least @len in front; there is one. */
static struct uk_vma *last_in(const struct uk_vas *vas, struct uk_vma *n,
			      size_t len)
{
	for (;;) {
		if (gap_of(n->right) >= len)
			n = n->right;
		else if (own_gap(vas, n) >= len)
			return n;
		else
			n = n->left;
	}
}

/*
 * The last area that begins below @bound and has a gap of at least @len in
 * front of it, or NULL. What is found further down on the way lies higher.
 */
static struct uk_vma *last_gap(const struct uk_vas *vas, uintptr_t bound,
			       size_t len)
{
	struct uk_vma *n = vas->root;
	struct uk_vma *found = NULL;	/* it or, if not it, below its left */

	while (n) {
		if (n->start >= bound) {
			n = n->left;
			continue;
		}
		if (own_gap(vas, n) >= len || gap_of(n->left) >= len)
			found = n;
		n = n->right;
	}
	if (!found || own_gap(vas, found) >= len)
		return found;
	return last_in(vas, found->left, len);
}

/* The highest aligned place for @len bytes between @from and @to. */
static bool fits(uintptr_t from, uintptr_t to, size_t len, size_t align,
		 uintptr_t *vaddr)
{
	uintptr_t at;

	if (to < from || to - from < len)
		return false;
	at = UK_ALIGN_DOWN(to - len, align);
	if (at < from)
		return false;
	*vaddr = at;
	return true;
}

bool vmem_find_gap(const struct uk_vas *vas, size_t len, size_t align,
		   uintptr_t min, uintptr_t max, uintptr_t *vaddr)
{
	const struct uk_vma *next;
	uintptr_t from;

	min = UK_MAX(min, vas->base);
	max = UK_MIN(max, vas->end);
	if (min >= max)
		return false;

	/* The gap that max is in, or ends; then whole ones. */
	next = vmem_above(vas, max - 1);
	from = next && next->start < max ? max : gap_start(vas, next);
	if (fits(UK_MAX(from, min), max, len, align, vaddr))
		return true;
	while ((next = last_gap(vas, max, len)) && next->start > min) {
		max = next->start;
		if (fits(UK_MAX(gap_start(vas, next), min), max, len, align,
			 vaddr))
			return true;
	}
	return false;
}
