/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who returns what is no object of the pool, or is in it already, is told then,
 * not when two have got the same object. Each object has a byte for that.
 */
#include <uk/allocpool.h>

#include <stdbool.h>

#include <uk/crash.h>

#include "allocpool_priv.h"

/* The index of the object at @obj, or p->count: there is none. */
static size_t index_of(const struct uk_allocpool *p, const void *obj)
{
	const uintptr_t off = (uintptr_t)obj - p->first;

	if (off / p->len >= p->count || off % p->len)
		return p->count;
	return off / p->len;
}

void pool_mark_out(struct uk_allocpool *p, void *const obj[],
		   unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		p->out[index_of(p, obj[i])] = true;
}

unsigned int pool_mark_in(struct uk_allocpool *p, void *const obj[],
			  unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		const size_t n = index_of(p, obj[i]);

		if (n == p->count || !p->out[n])
			return i;
		p->out[n] = false;
	}
	return count;
}

void pool_wrong(struct uk_allocpool *p, void *obj)
{
	uk_crash("pool: %p is returned, and is %s", obj,
		 index_of(p, obj) == p->count ? "no object of the pool" :
						"in the pool already");
}

void pool_check_whole(struct uk_allocpool *p)
{
	if (p->nfree != p->count)
		uk_crash("pool: %u of %u objects are in use when the pool is "
			 "freed", p->count - p->nfree, p->count);
}
