/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who gives back a frame that is free, or that never was given out, is told
 * when it happens, not when two owners have met. A frame that is in no block
 * may still be free, at some CPU's hand: for that it has a mark here.
 *
 * The crash comes after the lock, so that its screen can still be written by
 * whoever needs frames.
 */
#include "fallocbuddy_priv.h"

#include <uk/crash.h>
#include <uk/errno.h>
#include <uk/essentials.h>

void buddy_mark(struct uk_fallocbuddy *fb, uint64_t pfn, uint8_t state)
{
	const struct buddy_area *const a = buddy_area_of(fb, pfn);

	a->state[pfn - a->first] = state;
}

/* May @pfn come back? 0, -EFAULT: it never was out; -EALREADY: it is free. */
static int check(struct uk_fallocbuddy *fb, uint64_t pfn)
{
	const struct buddy_area *const a = buddy_area_of(fb, pfn);

	if (!a || pfn >= a->fresh)
		return -EFAULT;
	if (a->state[pfn - a->first] == BUDDY_KEPT ||
	    buddy_block_of(a, pfn) != NO_PFN)
		return -EALREADY;
	return 0;
}

UK_NORETURN static void fail(int rc, uint64_t pfn)
{
	uk_crash("frame %#lx is given back, and %s", (unsigned long)PADDR(pfn),
		 rc == -EFAULT ? "never was given out" : "is free");
}

void buddy_check_run(struct uk_fallocbuddy *fb, uint64_t pfn, uint64_t n)
{
	const unsigned long irq = uk_spin_lock_irqsave(&fb->lock);
	int rc = 0;

	while (n-- > 0 && (rc = check(fb, pfn)) == 0)
		pfn++;
	uk_spin_unlock_irqrestore(&fb->lock, irq);
	if (rc < 0)
		fail(rc, pfn);
}

void buddy_check_kept(struct uk_fallocbuddy *fb, uint64_t pfn)
{
	const unsigned long irq = uk_spin_lock_irqsave(&fb->lock);
	const int rc = check(fb, pfn);

	if (rc == 0)
		buddy_mark(fb, pfn, BUDDY_KEPT);
	uk_spin_unlock_irqrestore(&fb->lock, irq);
	if (rc < 0)
		fail(rc, pfn);
}
