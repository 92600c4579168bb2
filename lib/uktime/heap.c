/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A leftist heap (C. A. Crane, 1972): each node's rank is the length of the
 * shortest way down to a missing child, and the left child's is never less
 * than the right one's. So a way along right children is at most log2(n) + 1
 * long, and everything here is a merge along two such ways: O(log n) at worst,
 * not on average, as befits what runs with interrupts off.
 *
 * Other than a tree that is balanced for searches it keeps no order that
 * nobody asks for, and a merge is a loop.
 */
#include <stddef.h>

#include <uk/assert.h>
#include <uk/essentials.h>

#include "time_priv.h"

static unsigned int rank(const struct uk_timer *t)
{
	return t ? t->rank_ : 0;
}

static bool before(const struct uk_timer *a, const struct uk_timer *b)
{
	if (a->deadline_ns != b->deadline_ns)
		return a->deadline_ns < b->deadline_ns;
	return (int32_t)(a->seq_ - b->seq_) < 0;
}

/* Put what is right about @t's children; returns whether its rank changed. */
static bool settle(struct uk_timer *t)
{
	const unsigned int old = t->rank_;

	if (rank(t->left_) < rank(t->right_)) {
		struct uk_timer *const left = t->left_;

		t->left_ = t->right_;
		t->right_ = left;
	}
	t->rank_ = (uint8_t)(rank(t->right_) + 1);
	return t->rank_ != old;
}

static void set_child(struct uk_timer **link, struct uk_timer *parent,
		      struct uk_timer *child)
{
	*link = child;
	if (child)
		child->parent_ = parent;
}

/* Merge the heaps @a and @b into one; its root has no parent. */
static struct uk_timer *merge(struct uk_timer *a, struct uk_timer *b)
{
	struct uk_timer *root = NULL, *parent = NULL;
	struct uk_timer **link = &root;

	/* Down: the right ways of both, by deadline, as one right way. */
	while (a && b) {
		struct uk_timer *const first = before(b, a) ? b : a;

		if (first == b)
			b = a;
		a = first->right_;
		set_child(link, parent, first);
		parent = first;
		link = &first->right_;
	}
	set_child(link, parent, a ? a : b);

	/* Up: ranks. */
	for (; parent; parent = parent->parent_) {
		settle(parent);
		if (parent == root)
			break;
	}
	if (root)
		root->parent_ = NULL;
	return root;
}

void time_heap_add(struct uk_timer **root, struct uk_timer *timer)
{
	UK_ASSERT(timer->rank_ == 0);

	timer->left_ = NULL;
	timer->right_ = NULL;
	timer->parent_ = NULL;
	timer->rank_ = 1;
	*root = merge(*root, timer);
}

void time_heap_remove(struct uk_timer **root, struct uk_timer *timer)
{
	struct uk_timer *const parent = timer->parent_;
	struct uk_timer *rest;

	UK_ASSERT(timer->rank_ != 0);

	rest = merge(timer->left_, timer->right_);
	timer->rank_ = 0;
	if (!parent) {
		*root = rest;
		return;
	}
	if (parent->left_ == timer)
		set_child(&parent->left_, parent, rest);
	else
		set_child(&parent->right_, parent, rest);

	/* A rank that changes is one more than the one below: log2(n) steps. */
	for (struct uk_timer *t = parent; t; t = t->parent_)
		if (!settle(t))
			break;
}
