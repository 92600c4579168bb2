/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From hardware ids to indices: a table with open addressing, at most half
 * full, so that a look-up takes one or two steps however many CPUs there are
 * and whatever their ids look like. Nothing is ever taken out.
 */
#include "uklcpu_priv.h"

#include <uk/errno.h>

_Static_assert(UK_LCPU_MAX < UINT16_MAX, "index + 1 fits in a bucket");

/* Fibonacci hashing: ids that differ in any bits go far apart. */
static unsigned int hash(uint64_t hwid)
{
	return (unsigned int)((hwid * UINT64_C(0x9e3779b97f4a7c15)) >> 32) %
	       LCPU_BUCKETS;
}

/* The bucket that @hwid is in, or the empty one it would go to. */
static unsigned int look(const struct lcpu_map *map, uint64_t hwid)
{
	unsigned int b = hash(hwid);

	while (map->bucket[b] && map->cpu[map->bucket[b] - 1].hwid != hwid)
		b = (b + 1) % LCPU_BUCKETS;
	return b;
}

int lcpu_map_find(const struct lcpu_map *map, uint64_t hwid)
{
	const unsigned int b = look(map, hwid);

	return map->bucket[b] ? map->bucket[b] - 1 : -ENOENT;
}

int lcpu_map_add(struct lcpu_map *map, uint64_t hwid, uint64_t cookie)
{
	const unsigned int b = look(map, hwid);

	if (map->bucket[b])
		return -EEXIST;
	if (map->count == UK_LCPU_MAX) {
		map->nleft++;
		return -ENOSPC;
	}
	map->cpu[map->count] = (struct lcpu){
		.hwid = hwid,
		.cookie = cookie,
		.state = UK_LCPU_OFF,
	};
	map->bucket[b] = (uint16_t)++map->count;
	return (int)map->count - 1;
}
