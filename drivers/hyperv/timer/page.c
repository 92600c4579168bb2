/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the reference TSC page says, as functions of it (TLFS, "Reference Time
 * Stamp Counter (TSC) Page"). Nothing in it is believed that cannot be: a rate
 * that no CPU has, or a time that the register does not have.
 */
#include "timer_priv.h"

#include <uk/clock_scale.h>
#include <uk/errno.h>
#include <uk/essentials.h>

/* A page may be newer or older than the register's reading by so much: 1 ms. */
#define TOLERANCE	UINT64_C(10000)

/* Of a counter that has UK_CLOCK_MAX_HZ. */
#define MIN_SCALE	(UINT64_MAX / (UK_CLOCK_MAX_HZ / HYPERV_HZ))

/* Bits of fraction in the ticks per unit. */
#define FRACTION	24

int hyperv_page_check(const struct hyperv_page *page)
{
	if (page->sequence == 0)
		return -EAGAIN;
	return page->scale < MIN_SCALE ? -ERANGE : 0;
}

bool hyperv_page_agrees(uint64_t before, uint64_t time, uint64_t after)
{
	return time + TOLERANCE >= before && time <= after + TOLERANCE;
}

/*
 * 2^64 / scale is ticks per unit; of the scale's bits, the upper ones are
 * enough: it has at least 54, so the result is exact to 1 in 2^29.
 */
uint64_t hyperv_page_ticks(const struct hyperv_page *page, uint64_t ns)
{
	const uint64_t scale = __atomic_load_n(&page->scale, __ATOMIC_RELAXED);
	const uint64_t units = ns / HYPERV_UNIT_NS + 1;
	uint64_t per_unit;
	unsigned __int128 ticks;

	/* It was good once; never divide by what is not. */
	if (scale < MIN_SCALE)
		return 0;
	per_unit = UINT64_MAX / (scale >> FRACTION) + 1;
	ticks = ((unsigned __int128)units * per_unit >> FRACTION) + 1;
	return ticks > HYPERV_MAX_TICKS ? HYPERV_MAX_TICKS : (uint64_t)ticks;
}
