/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/mman.h>
#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/mm.h>
#include <uk/stack.h>
#include <uk/vmem.h>

#define PAGE	((size_t)UKARCH_PAGE_SIZE)

/* No program has anything below, so that small numbers are no pointers. */
#define MM_LOWEST	((uintptr_t)64 << 10)

/* A page of MAP_HUGETLB. */
#define MM_HUGE_SHIFT	21u
#define MM_HUGE_LEN	((size_t)1 << MM_HUGE_SHIFT)

/* @len in whole pages; 0 also if that is more than an integer holds. */
static inline size_t mm_pages(size_t len)
{
	return UK_ALIGN_UP(len, PAGE);
}

/*
 * The address space (space.c)
 */

/*
 * The one that calls are about: the caller's. No lock is held yet; those that
 * follow are its own, which page faults take: for the caller's stack, too, if
 * that is the program's.
 */
static inline struct uk_vas *mm_vas(void)
{
	uk_stack_reserve(UK_STACK_RESERVE);
	return uk_vas_get_active();
}

/* Is it the image's own? */
bool mm_is_home(const struct uk_vas *vas);

/* Where what may be mapped ends: TASK_SIZE. */
static inline uintptr_t mm_end(void)
{
	return ukarch_low_end(ukarch_pt_levels());
}

/* Can there be no memory for @len bytes, whatever is free? */
bool mm_is_absurd(size_t len);

/* The present limit; SIZE_MAX: none. */
size_t mm_limit(enum uk_mm_limit which);

/*
 * Call @fn with each area, cut to what of it is from @start to @end, until it
 * returns an error. With @go_on holes are passed over.
 *
 * Returns that error, or 0, or
 *   -ENOMEM  there are holes
 */
int mm_each(struct uk_vas *vas, uintptr_t start, uintptr_t end, bool go_on,
	    int (*fn)(struct uk_vas *vas, const struct uk_vma *part,
		      void *arg), void *arg);

/*
 * Locking (mlock.c)
 */

/* What mlockall() has said of what will be mapped: MCL_…; relaxed. */
extern unsigned int mm_future;

/* UK_VMA_LOCKED, if new areas are to have it. */
static inline unsigned int mm_locks_future(void)
{
	return __atomic_load_n(&mm_future, __ATOMIC_RELAXED) &
	       UK_ABI_MCL_FUTURE ? UK_VMA_LOCKED : 0;
}

/* Are new areas to be full? */
static inline bool mm_fills_future(void)
{
	return (__atomic_load_n(&mm_future, __ATOMIC_RELAXED) &
		(UK_ABI_MCL_FUTURE | UK_ABI_MCL_ONFAULT)) ==
	       UK_ABI_MCL_FUTURE;
}

/*
 * May @len bytes more be locked in @vas? Returns 0, or
 *   -EPERM   nobody may
 *   -EAGAIN  that would be too many
 */
int mm_may_lock(struct uk_vas *vas, size_t len);

/* Put memory everywhere in the range; if there is none it is not an error. */
void mm_fill(struct uk_vas *vas, uintptr_t vaddr, size_t len);

/*
 * Memory that is shared (shared.c)
 */

struct mm_shared;

extern const struct uk_vma_ops mm_shared_ops;

/* Make @len bytes of it, with one reference. NULL: no memory. */
struct mm_shared *mm_shared_create(size_t len);

/* One reference less; with the last one it is gone. */
void mm_shared_put(struct mm_shared *shared);

/*
 * Descriptors (files.c or nofiles.c)
 */

/* Is @fd open? */
bool mm_fd_is_open(int fd);

/*
 * Why @fd is not mapped with the @type MAP_PRIVATE or another one, for @write:
 * -EBADF, -EINVAL, -EACCES, or -ENODEV.
 */
int mm_fd_refusal(int fd, unsigned int type, bool write);
