/* SPDX-License-Identifier: BSD-3-Clause */
/* A low half, which is active, with tables from the frame allocator. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <uk/falloc.h>
#include <uk/pagetable.h>

#include "bench.h"

#define PAGE	((size_t)4096)
#define GIB	((size_t)1 << 30)
#define RW	(UK_PAGE_READ | UK_PAGE_WRITE)

/* Where 1 GiB pages cannot be; and with another page in the same table. */
#define VA_LARGE	((uintptr_t)GIB * 64)
#define VA_BESIDE	((uintptr_t)GIB * 2)
#define VA_ALONE	((uintptr_t)GIB * 1024)

static struct uk_pagetable pt;

static void map(uintptr_t vaddr, size_t len)
{
	if (uk_paging_map(&pt, vaddr, 0, len, RW, UK_PAGING_LEVEL_MAX(1)) < 0)
		abort();
}

static void map_and_unmap(uintptr_t vaddr, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		map(vaddr, PAGE);
		if (uk_paging_unmap(&pt, vaddr, PAGE, 0, NULL) < 0)
			abort();
	}
}

static void prepare(void)
{
	if (uk_paging_create(&pt, uk_falloc_get_default()) < 0)
		abort();
	uk_paging_activate(&pt);
	map(VA_BESIDE + PAGE, PAGE);
	map(VA_LARGE - PAGE, PAGE);
}

static void run_map_gib(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		map(VA_LARGE + i * GIB, GIB);
}

static void run_beside(unsigned int n)
{
	map_and_unmap(VA_BESIDE, n);
}

static void run_alone(unsigned int n)
{
	map_and_unmap(VA_ALONE, n);
}

/* The root of the low half, back and forth. */
static void run_activate(unsigned int n)
{
	for (unsigned int i = 0; i < n; i += 2) {
		uk_paging_activate(uk_paging_kernel());
		uk_paging_activate(&pt);
	}
}

const struct bench_work bench_paging[] = {
	{ .name = "map-gib", .prepare = prepare, .run = run_map_gib,
	  .n = 16 },
	{ .name = "map-unmap", .run = run_beside, .n = 1024 },
	{ .name = "map-unmap-alone", .run = run_alone, .n = 1024 },
	{ .name = "activate", .run = run_activate, .n = 1024 },
	{ .name = NULL },
};
