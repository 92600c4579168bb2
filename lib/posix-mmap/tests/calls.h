/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/abi/mman.h>
#include <uk/falloc.h>
#include <uk/syscall.h>
#include <uk/test.h>

#include "../mmap_priv.h"

#define MIB	((size_t)1 << 20)
#define RW	(UK_ABI_PROT_READ | UK_ABI_PROT_WRITE)
#define ANON	(UK_ABI_MAP_PRIVATE | UK_ABI_MAP_ANONYMOUS)
#define SHARED	(UK_ABI_MAP_SHARED | UK_ABI_MAP_ANONYMOUS)
#define FIXED	UK_ABI_MAP_FIXED

static inline long mmap(uintptr_t at, size_t len, long prot, long flags)
{
	return uk_syscall_r_mmap((long)at, (long)len, prot, flags, -1, 0);
}

static inline long munmap(uintptr_t at, size_t len)
{
	return uk_syscall_r_munmap((long)at, (long)len);
}

static inline long mprotect(uintptr_t at, size_t len, long prot)
{
	return uk_syscall_r_mprotect((long)at, (long)len, prot);
}

static inline long madvise(uintptr_t at, size_t len, long advice)
{
	return uk_syscall_r_madvise((long)at, (long)len, advice);
}

static inline long mremap(uintptr_t at, size_t old_len, size_t new_len,
			  long flags, uintptr_t to)
{
	return uk_syscall_r_mremap((long)at, (long)old_len, (long)new_len,
				   flags, (long)to);
}

/* Memory somewhere; 0, and a failed expectation: there is none. */
static inline uintptr_t some(size_t len, long prot, long flags)
{
	const long at = mmap(0, len, prot, flags);

	return UK_EXPECT_GT(at, 0) ? (uintptr_t)at : 0;
}

static inline volatile unsigned char *byte(uintptr_t at)
{
	return (volatile unsigned char *)at;
}

/* Frames that are free, and what the calling address space has. */
struct levels {
	uint64_t nfree;
	struct uk_vas_stats vas;
};

static inline struct levels levels(void)
{
	struct uk_falloc_stats frames;
	struct levels l;

	(void)uk_falloc_reclaim(uk_falloc_get_default(), NULL);
	uk_falloc_stats_get(uk_falloc_get_default(), &frames);
	l.nfree = frames.free;
	uk_vas_get_stats(mm_vas(), &l.vas);
	return l;
}

/* All is as it was. What a heap keeps for descriptions is not counted. */
static inline void expect_levels(const struct levels *before)
{
	const struct levels now = levels();

	UK_EXPECT_EQ(now.vas.len, before->vas.len);
	UK_EXPECT_EQ(now.vas.nareas, before->vas.nareas);
	UK_EXPECT_EQ(now.vas.resident, before->vas.resident);
	UK_EXPECT_GE(now.nfree + 4, before->nfree);
}
