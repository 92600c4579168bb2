/* SPDX-License-Identifier: BSD-3-Clause */
/* An allocator of frames that fails when it is told to, over the real one. */
#include "frames.h"

#include <uk/errno.h>

static struct {
	int (*falloc)(struct uk_falloc *fa, uint64_t *paddr,
		      unsigned long nframes, unsigned long flags);
	unsigned int left;	/* 1: the next one fails; atomic, relaxed */
	bool for_ever, failed;
} fail;

static int falloc(struct uk_falloc *fa, uint64_t *paddr,
		  unsigned long nframes, unsigned long flags)
{
	const unsigned int left =
		__atomic_fetch_sub(&fail.left, 1, __ATOMIC_RELAXED);

	if (left == 1 || (fail.failed && fail.for_ever)) {
		fail.failed = true;
		return -ENOMEM;
	}
	return fail.falloc(fa, paddr, nframes, flags);
}

bool frames_fail(unsigned int n, bool for_ever)
{
	struct uk_falloc *const fa = uk_falloc_get_default();
	const bool failed = fail.failed;

	if (fail.falloc)
		fa->falloc = fail.falloc;
	fail.failed = false;
	fail.for_ever = for_ever;
	fail.left = n;
	fail.falloc = fa->falloc;
	if (n)
		fa->falloc = falloc;
	return failed;
}
