/* SPDX-License-Identifier: BSD-3-Clause */
/* What the pages mean, as functions of them. */
#include <uk/pvclock.h>

#include <uk/errno.h>

#define NS_PER_SEC		UINT64_C(1000000000)

int uk_pvclock_check(const struct uk_pvclock_page *page)
{
	/*
	 * Nobody writes while this CPU looks (<uk/pvclock.h>): an odd version
	 * would be waited for forever. A shift as long as a counter is none.
	 */
	if (page->version == 0 || (page->version & 1) || page->mul == 0 ||
	    page->shift > 31 || page->shift < -31)
		return -EIO;
	return 0;
}

/* The way of uk_pvclock_ns() backwards, rounding up at each step. */
static uint64_t ticks_of(uint32_t mul, int shift, uint64_t ns)
{
	const uint64_t whole = ns / mul, rest = ns % mul;
	uint64_t ticks;

	if (whole >= UK_PVCLOCK_MAX_TICKS >> 32)
		return UK_PVCLOCK_MAX_TICKS;
	ticks = (whole << 32) + ((rest << 32) + mul - 1) / mul;
	if (shift >= 0)
		return (ticks + (UINT64_C(1) << shift) - 1) >> shift;
	if (ticks >= UK_PVCLOCK_MAX_TICKS >> -shift)
		return UK_PVCLOCK_MAX_TICKS;
	return ticks << -shift;
}

uint64_t uk_pvclock_ticks(const struct uk_pvclock_page *page, uint64_t ns)
{
	struct uk_pvclock_page copy;
	uint32_t version;

	do {
		version = uk_pvclock_begin(page);
		copy = *page;
	} while (!uk_pvclock_is_good(page, version));
	/* It was good once (uk_pvclock_check()): never divide by 0. */
	if (uk_pvclock_check(&copy) < 0)
		return 0;
	return ticks_of(copy.mul, copy.shift, ns);
}

int uk_pvclock_date(const struct uk_pvclock_wall *wall, uint64_t ns,
		 uint64_t *wall_ns)
{
	if (wall->version == 0 || (wall->version & 1) || wall->sec == 0 ||
	    wall->nsec >= NS_PER_SEC)
		return -EIO;
	*wall_ns = wall->sec * NS_PER_SEC + wall->nsec + ns;
	return 0;
}
