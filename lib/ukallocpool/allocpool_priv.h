/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/spinlock.h>

struct uk_allocpool {
	struct uk_spinlock lock;	/* of nfree, free[] and out[] */
	unsigned int nfree;
	unsigned int count;		/* constant, like all that follows */
	void **free;		/* objects in the pool; the last goes out */
	uintptr_t first;	/* the first object */
	size_t len;		/* bytes from one object to the next */
	size_t align;
	uint8_t *out;		/* with debug.c, of each object: is it out? */
	void *memory;		/* the parent's, or NULL */
	struct uk_alloc *parent;
	struct uk_alloc a;	/* last: it ends with what is its own */
};

/*
 * debug.c, the first two under the lock. pool_mark_in() returns how many of
 * @obj may come back, before the first one that may not; pool_wrong() says why
 * that is so, and pool_check_whole() if an object is missing.
 */
#if UK_IS_ENABLED(CONFIG_LIBUKALLOCPOOL_DEBUG)
void pool_mark_out(struct uk_allocpool *p, void *const obj[],
		   unsigned int count);
unsigned int pool_mark_in(struct uk_allocpool *p, void *const obj[],
			  unsigned int count);
UK_NORETURN UK_COLD void pool_wrong(struct uk_allocpool *p, void *obj);
void pool_check_whole(struct uk_allocpool *p);
#else
static inline void pool_mark_out(struct uk_allocpool *p UK_UNUSED,
				 void *const obj[] UK_UNUSED,
				 unsigned int count UK_UNUSED)
{
}

static inline unsigned int pool_mark_in(struct uk_allocpool *p UK_UNUSED,
					void *const obj[] UK_UNUSED,
					unsigned int count)
{
	return count;
}

static inline void pool_wrong(struct uk_allocpool *p UK_UNUSED,
			      void *obj UK_UNUSED)
{
}

static inline void pool_check_whole(struct uk_allocpool *p UK_UNUSED)
{
}
#endif
