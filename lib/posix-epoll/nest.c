/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Epolls that wait for epolls. Waking goes up along them and asking goes down,
 * each call inside the other, so they must not go round, and not be deep: five
 * of them, as on Linux.
 *
 * One lock for all of them: to look along more than one, they must all stand
 * still. Only who adds or ends nested ones takes it, and the end of each epoll.
 * An epoll that is linked here may have lost its last reference, but is not
 * freed, as its end takes the lock too.
 */
#include "epoll_priv.h"

#include <uk/errno.h>

#define DEEPEST	5u

static struct uk_mutex lock = UK_MUTEX_INITIALIZER(lock);

/* Which walk it is: what was found in it about an epoll is kept there. */
static uint64_t walk;			/* lock */

void nest_init(struct epoll *e)
{
	uk_list_init(&e->parents);
	uk_list_init(&e->children);
	e->walk = 0;
}

static void unlink(struct nested *n)
{
	uk_list_remove(&n->of_above);
	uk_list_remove(&n->of_below);
}

void nest_end(struct epoll *e)
{
	uk_mutex_lock(&lock);
	while (!uk_list_empty(&e->parents))
		unlink(uk_list_entry(e->parents.next, struct nested,
				     of_below));
	uk_mutex_unlock(&lock);
}

void nest_remove(struct nested *n)
{
	uk_mutex_lock(&lock);
	unlink(n);
	uk_mutex_unlock(&lock);
}

/* How many there are one above the other, from @e upwards. */
static unsigned int above(struct epoll *e)
{
	unsigned int most = 0;
	struct nested *n;

	if (e->walk == walk)
		return e->depth;
	uk_list_for_each(n, &e->parents, of_below)
		most = UK_MAX(most, above(n->item.e));
	e->walk = walk;
	e->depth = most + 1;
	return e->depth;
}

/* The same downwards; more than there may be, if @other is among them. */
static unsigned int below(struct epoll *e, const struct epoll *other)
{
	unsigned int most = 0;
	struct nested *n;

	if (e == other)
		return DEEPEST + 1;
	if (e->walk == walk)
		return e->depth;
	uk_list_for_each(n, &e->children, of_above)
		most = UK_MAX(most, below(n->below, other));
	e->walk = walk;
	e->depth = most + 1;
	return e->depth;
}

int nest_add(struct nested *n)
{
	struct epoll *const e = n->item.e;
	unsigned int depth;

	uk_mutex_lock(&lock);
	walk++;
	depth = above(e);
	walk++;
	depth += below(n->below, e);
	if (depth <= DEEPEST) {
		uk_list_push_back(&e->children, &n->of_above);
		uk_list_push_back(&n->below->parents, &n->of_below);
	}
	uk_mutex_unlock(&lock);
	return depth <= DEEPEST ? 0 : -ELOOP;
}
