/* SPDX-License-Identifier: BSD-3-Clause */
/* An address space, with another area in it, as a program would have. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <uk/alloc.h>
#include <uk/falloc.h>
#include <uk/vmem.h>

#include "bench.h"

#define PAGE	((size_t)4096)
#define MIB	((size_t)1 << 20)
#define RW	(UK_PAGE_READ | UK_PAGE_WRITE)

static struct uk_vas vas, copy;
static uintptr_t at;

static uintptr_t map(size_t len, unsigned int flags)
{
	struct uk_vma_request rq = {
		.len = len, .prot = RW, .ops = &uk_vma_anon, .flags = flags,
	};

	if (uk_vma_map(&vas, &rq) < 0)
		abort();
	return rq.vaddr;
}

static void unmap(uintptr_t vaddr, size_t len)
{
	if (uk_vma_unmap(&vas, vaddr, len) < 0)
		abort();
}

static void prepare(void)
{
	if (uk_vas_create(&vas, uk_alloc_get_default(),
			  uk_falloc_get_default()) < 0)
		abort();
	uk_vas_activate(&vas);
	at = map(PAGE, UK_VMA_POPULATE);
}

/* mmap() and munmap() of a page that nobody touches. */
static void run_mmap(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		unmap(map(PAGE, 0), PAGE);
}

/* The same, and it is touched. */
static void run_mmap_touch(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		const uintptr_t vaddr = map(PAGE, 0);

		*(volatile char *)vaddr = 1;
		unmap(vaddr, PAGE);
	}
}

static void prepare_fault(void)
{
	at = map(4 * MIB, UK_VMA_UNINITIALIZED);
	/* The tables are there. */
	for (size_t i = 0; i < 4 * MIB; i += 2 * MIB)
		*(volatile char *)(at + i + MIB) = 1;
}

/* First accesses to pages, with the trap, without zeroing. */
static void run_fault(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		*(volatile char *)(at + i % 256 * PAGE + i / 256 * 2 * MIB) =
			1;
}

static void prepare_copy(void)
{
	if (uk_vas_copy(&copy, &vas) < 0)
		abort();
}

/* First writes to pages that a copy has too, with the copy of 4 KiB. */
static void run_cow(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		*(volatile char *)(at + i % 256 * PAGE + i / 256 * 2 * MIB) =
			2;
}

const struct bench_work bench_vmem[] = {
	{ .name = "mmap", .prepare = prepare, .run = run_mmap, .n = 1024 },
	{ .name = "mmap-touch", .run = run_mmap_touch, .n = 1024 },
	{ .name = "fault", .prepare = prepare_fault, .run = run_fault,
	  .n = 512 },
	{ .name = "cow", .prepare = prepare_copy, .run = run_cow, .n = 512 },
	{ .name = NULL },
};
