/* SPDX-License-Identifier: BSD-3-Clause */
/* The same by the calls of a program, in the image's address space. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <uk/abi/mman.h>
#include <uk/syscall.h>
#include <uk/vmem.h>

#include "bench.h"

#define PAGE	((size_t)4096)
#define MIB	((size_t)1 << 20)

static uintptr_t at;

static uintptr_t map(size_t len, long kind)
{
	const long vaddr = uk_syscall_r_mmap(
		0, (long)len, UK_ABI_PROT_READ | UK_ABI_PROT_WRITE,
		kind | UK_ABI_MAP_ANONYMOUS, -1, 0);

	if (vaddr < 0)
		abort();
	return (uintptr_t)vaddr;
}

static void unmap(uintptr_t vaddr, size_t len)
{
	if (uk_syscall_r_munmap((long)vaddr, (long)len) < 0)
		abort();
}

/* Another mapping, as a program has many. */
static void prepare(void)
{
	uk_vas_activate(NULL);
	*(volatile char *)map(PAGE, UK_ABI_MAP_PRIVATE) = 1;
}

static void run_mmap(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		unmap(map(PAGE, UK_ABI_MAP_PRIVATE), PAGE);
}

static void run_mmap_64k(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		unmap(map(16 * PAGE, UK_ABI_MAP_PRIVATE), 16 * PAGE);
}

static void run_mmap_shared(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		unmap(map(16 * PAGE, UK_ABI_MAP_SHARED), 16 * PAGE);
}

static void prepare_fault(void)
{
	at = map(4 * MIB, UK_ABI_MAP_PRIVATE);
	for (size_t i = 0; i < 4 * MIB; i += 2 * MIB)
		*(volatile char *)(at + i + MIB) = 1;
}

/* First accesses to pages, with the trap and the zeroing of 4 KiB. */
static void run_fault(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		*(volatile char *)(at + i % 256 * PAGE + i / 256 * 2 * MIB) =
			1;
}

const struct bench_work bench_calls[] = {
	{ .name = "mmap-call", .prepare = prepare, .run = run_mmap,
	  .n = 1024 },
	{ .name = "mmap-64k", .run = run_mmap_64k, .n = 1024 },
	{ .name = "mmap-shared", .run = run_mmap_shared, .n = 256 },
	{ .name = "fault-call", .prepare = prepare_fault, .run = run_fault,
	  .n = 512 },
	{ .name = NULL },
};
