/* SPDX-License-Identifier: BSD-3-Clause */
/* The heap against a model: an array that is searched. */
#include "../time_priv.h"

#include <stddef.h>

#include <uk/test.h>

#include "rng.h"

#define NTIMERS	300
#define NOPS	100000

static struct {
	struct uk_timer timer[NTIMERS];
	bool pending[NTIMERS];
	unsigned int npending;
	struct uk_timer *root;
	uint32_t seq;
	uint64_t rng;
} w;

static struct uk_timer *model_first(void)
{
	struct uk_timer *first = NULL;

	for (unsigned int i = 0; i < NTIMERS; i++) {
		struct uk_timer *const t = &w.timer[i];

		if (w.pending[i] && (!first ||
				     t->deadline_ns < first->deadline_ns ||
				     (t->deadline_ns == first->deadline_ns &&
				      t->seq_ < first->seq_)))
			first = t;
	}
	return first;
}

/*
 * Nodes of the heap, 0 if its shape is not what heap.c promises. No recursion:
 * a left way may be as long as the heap.
 */
static unsigned int check_shape(void)
{
	struct uk_timer *todo[NTIMERS + 1];
	unsigned int n = 0, seen = 0;

	if (w.root)
		todo[n++] = w.root;
	if (w.root && w.root->parent_)
		return 0;
	while (n > 0) {
		struct uk_timer *const t = todo[--n];
		const unsigned int l = t->left_ ? t->left_->rank_ : 0;
		const unsigned int r = t->right_ ? t->right_->rank_ : 0;

		if (l < r || t->rank_ != r + 1 || ++seen > NTIMERS)
			return 0;
		for (unsigned int side = 0; side < 2; side++) {
			struct uk_timer *const c = side ? t->left_ : t->right_;

			if (!c)
				continue;
			if (c->parent_ != t || c->deadline_ns < t->deadline_ns)
				return 0;
			todo[n++] = c;
		}
	}
	return seen;
}

static void add(unsigned int i)
{
	/* Few different deadlines, so that many are equal. */
	w.timer[i].deadline_ns = rng_below(&w.rng, 1000);
	w.timer[i].seq_ = w.seq++;
	time_heap_add(&w.root, &w.timer[i]);
	w.pending[i] = true;
	w.npending++;
}

static void remove(struct uk_timer *t)
{
	time_heap_remove(&w.root, t);
	w.pending[t - w.timer] = false;
	w.npending--;
}

static void reset(void)
{
	w.root = NULL;
	w.seq = 0;
	w.npending = 0;
	w.rng = 1;
	for (unsigned int i = 0; i < NTIMERS; i++) {
		w.timer[i] = (struct uk_timer){ .fn = NULL };
		w.pending[i] = false;
	}
}

UK_TEST(timer_heap, a_hundred_thousand_operations_agree_with_a_model)
{
	reset();
	for (unsigned int op = 0; op < NOPS; op++) {
		const unsigned int i = rng_below(&w.rng, NTIMERS);

		if (!w.pending[i])
			add(i);
		else if (rng_below(&w.rng, 3) == 0)
			remove(w.root);
		else
			remove(&w.timer[i]);

		if (w.root != model_first()) {
			UK_EXPECT_EQ(w.root, model_first());
			return;
		}
		if (op % 64 == 0 && check_shape() != w.npending) {
			UK_EXPECT_EQ(check_shape(), w.npending);
			return;
		}
	}
	UK_EXPECT_EQ(check_shape(), w.npending);
}

UK_TEST(timer_heap, timers_come_out_in_order_whatever_order_they_came_in)
{
	static const int way[] = { 1, -1 };

	for (unsigned int k = 0; k < 2; k++) {
		uint64_t last = 0;

		reset();
		for (unsigned int i = 0; i < NTIMERS; i++) {
			w.timer[i].deadline_ns = 1000 + way[k] * (int)i;
			time_heap_add(&w.root, &w.timer[i]);
		}
		UK_EXPECT_EQ(check_shape(), NTIMERS);
		while (w.root) {
			UK_EXPECT_GT(w.root->deadline_ns, last);
			last = w.root->deadline_ns;
			time_heap_remove(&w.root, w.root);
		}
	}
}

UK_TEST(timer_heap, equal_deadlines_come_out_as_they_came_in)
{
	reset();
	/* The order goes on when the numbers wrap. */
	w.seq = UINT32_MAX - 10;
	for (unsigned int i = 0; i < 20; i++) {
		w.timer[i].seq_ = w.seq++;
		time_heap_add(&w.root, &w.timer[i]);
	}
	for (unsigned int i = 0; i < 20; i++) {
		UK_EXPECT_EQ(w.root, &w.timer[i]);
		time_heap_remove(&w.root, w.root);
	}
	UK_EXPECT_NULL(w.root);
}

UK_TEST(timer_heap, ranks_stay_below_the_logarithm)
{
	reset();
	for (unsigned int i = 0; i < NTIMERS; i++)
		add(i);
	/* 2^8 - 1 < 300 < 2^9 - 1 */
	UK_EXPECT_LE(w.root->rank_, 8);
	UK_EXPECT_EQ(check_shape(), NTIMERS);
}
