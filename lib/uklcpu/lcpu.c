/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which CPUs there are. The drivers that may know are asked when the first
 * call needs it, in their order, until one has found more than the CPU that
 * asks; without any, the machine has one CPU.
 */
#include <uk/lcpu.h>

#include <uk/arch/lcpu.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/print.h>

#include "uklcpu_priv.h"

#define NOPS	4

/*
 * Filled by the boot CPU before there are others, then constant but for what
 * struct lcpu says.
 */
static struct {
	const struct uk_lcpu_ops *ops[NOPS];
	unsigned int nops;
	bool known;
	struct lcpu_map map;
} cpus;

static const struct uk_lcpu_ops *found_by;

void uk_lcpu_register(const struct uk_lcpu_ops *ops)
{
	UK_ASSERT(!cpus.known);
	UK_ASSERT(cpus.nops < NOPS);
	cpus.ops[cpus.nops++] = ops;
}

int uk_lcpu_add(uint64_t hwid, uint64_t cookie)
{
	const int idx = lcpu_map_add(&cpus.map, hwid, cookie);

	if (idx >= 0)
		return 0;
	/* The boot CPU is there before anybody is asked. */
	if (idx == -EEXIST && hwid == cpus.map.cpu[0].hwid &&
	    !cpus.map.cpu[0].cookie) {
		cpus.map.cpu[0].cookie = cookie;
		return 0;
	}
	return idx;
}

static void find(void)
{
	struct lcpu_map *const map = &cpus.map;

	uk_cpu.hwid = ukarch_hwid();
	(void)lcpu_map_add(map, uk_cpu.hwid, 0);
	map->cpu[0].state = UK_LCPU_UP;

	for (unsigned int i = 0; i < cpus.nops && map->count == 1; i++) {
		found_by = cpus.ops[i];
		/* What it could not find it has said. */
		(void)found_by->find();
	}
	if (map->nleft)
		uk_pr_warn("%u CPUs are left alone: the image has room for "
			   "%d, see CONFIG_LIBUKLCPU_MAX", map->nleft,
			   UK_LCPU_MAX);
}

struct lcpu_map *lcpu_map_get(void)
{
	if (UK_UNLIKELY(!cpus.known)) {
		find();
		cpus.known = true;
	}
	return &cpus.map;
}

struct lcpu *lcpu_get(unsigned int idx)
{
	struct lcpu_map *const map = lcpu_map_get();

	UK_ASSERT(idx < map->count);
	return &map->cpu[idx];
}

const struct uk_lcpu_ops *lcpu_ops(void)
{
	return found_by;
}

unsigned int uk_lcpu_count(void)
{
	return lcpu_map_get()->count;
}

uint64_t uk_lcpu_id(unsigned int idx)
{
	return lcpu_get(idx)->hwid;
}

int uk_lcpu_find(uint64_t hwid)
{
	return lcpu_map_find(lcpu_map_get(), hwid);
}

enum uk_lcpu_state uk_lcpu_state(unsigned int idx)
{
	/* Pairs with the release by which a CPU reports that it is up. */
	return __atomic_load_n(&lcpu_get(idx)->state, __ATOMIC_ACQUIRE);
}

unsigned int uk_lcpu_nup(void)
{
	const unsigned int count = uk_lcpu_count();
	unsigned int n = 0;

	for (unsigned int i = 0; i < count; i++)
		n += uk_lcpu_state(i) == UK_LCPU_UP;
	return n;
}

uintptr_t uk_lcpu_percpu(unsigned int idx)
{
	return lcpu_get(idx)->percpu;
}
