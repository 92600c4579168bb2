/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is not inline: making a ring. Everything else is in the headers, in
 * terms of a slot's address and size, so that the size is a constant where the
 * compiler sees the type; a ring of void pointers and a memcpy() of a length
 * would be smaller only where an image has many types of ring, and slower in
 * all of them.
 */
#include <uk/ring.h>
#include <uk/ring_mpmc.h>

int uk_ring_check(uint32_t nslots)
{
	if (!UK_IS_POW2(nslots) || nslots < 2 || nslots > UK_RING_NSLOTS_MAX)
		return -EINVAL;
	return 0;
}

void uk_ring_mpmc_clear(uint32_t *turns, size_t stride, uint32_t nslots)
{
	for (uint32_t i = 0; i < nslots; i++)
		*uk_ring_mpmc_turn(turns, stride, i) = 0;
}
