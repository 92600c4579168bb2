/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * mlock(2) and its like. Nothing is ever swapped, so memory that is there
 * stays: to lock is to have it there, and to keep a mark, which MADV_DONTNEED
 * and others heed.
 */
#include <uk/abi/mman.h>
#include <uk/errno.h>
#include <uk/syscall.h>

#include "mmap_priv.h"

unsigned int mm_future;

/* What is locked, but for what is from start to end. */
struct others {
	uintptr_t start, end;
	size_t len;
};

static int count(struct uk_vas *vas UK_UNUSED, const struct uk_vma *part,
		 void *arg)
{
	struct others *const others = arg;
	const uintptr_t from = UK_MAX(part->start, others->start);
	const uintptr_t to = UK_MIN(part->end, others->end);

	if (!(part->flags & UK_VMA_LOCKED))
		return 0;
	others->len += part->end - part->start;
	if (from < to)
		others->len -= to - from;
	return 0;
}

static size_t locked_but(struct uk_vas *vas, uintptr_t start, uintptr_t end)
{
	struct others others = { .start = start, .end = end };

	(void)mm_each(vas, 0, mm_end(), true, count, &others);
	return others.len;
}

int mm_may_lock(struct uk_vas *vas, size_t len)
{
	const size_t limit = mm_limit(UK_MM_MEMLOCK);
	size_t now;

	if (limit == SIZE_MAX)
		return 0;
	if (limit == 0)
		return -EPERM;
	now = locked_but(vas, 0, 0);
	return now <= limit && len <= limit - now ? 0 : -EAGAIN;
}

void mm_fill(struct uk_vas *vas, uintptr_t vaddr, size_t len)
{
	/* What is missing comes when it is touched, or not. */
	if (uk_vma_advise(vas, vaddr, len, UK_VMA_WILLNEED) < 0)
		return;
}

static int mark(struct uk_vas *vas, const struct uk_vma *part, void *arg)
{
	return uk_vma_advise(vas, part->start, part->end - part->start,
			     *(const unsigned int *)arg);
}

static int fill(struct uk_vas *vas, const struct uk_vma *part,
		void *arg UK_UNUSED)
{
	int rc;

	/* What nobody may touch cannot be touched for it. */
	if (part->prot == 0)
		return -ENOMEM;
	rc = uk_vma_advise(vas, part->start, part->end - part->start,
			   UK_VMA_WILLNEED);
	if (rc < 0)
		return rc == -ENOMEM ? -EAGAIN : -ENOMEM;
	return 0;
}

static int try_to_fill(struct uk_vas *vas, const struct uk_vma *part,
		       void *arg UK_UNUSED)
{
	mm_fill(vas, part->start, part->end - part->start);
	return 0;
}

/* The whole pages that @addr and @len touch, -EINVAL: more than there are. */
static int pages_of(uintptr_t *addr, uintptr_t *end, size_t len)
{
	len = mm_pages(len + *addr % PAGE);
	*addr = UK_ALIGN_DOWN(*addr, PAGE);
	*end = *addr + len;
	return *end < *addr ? -EINVAL : 0;
}

static int lock(uintptr_t addr, size_t len, bool now)
{
	const size_t limit = mm_limit(UK_MM_MEMLOCK);
	unsigned int advice = UK_VMA_LOCK_ON;
	struct uk_vas *const vas = mm_vas();
	uintptr_t end;
	int rc;

	if (limit == 0)
		return -EPERM;
	rc = pages_of(&addr, &end, len);
	if (rc < 0)
		return rc;
	/* What is locked already does not count twice. */
	if (limit != SIZE_MAX &&
	    (end - addr > limit ||
	     locked_but(vas, addr, end) > limit - (end - addr)))
		return -ENOMEM;
	rc = mm_each(vas, addr, end, false, mark, &advice);
	if (rc == 0 && now)
		rc = mm_each(vas, addr, end, false, fill, NULL);
	return rc;
}

UK_SYSCALL_R_DEFINE(int, mlock, uintptr_t, addr, size_t, len)
{
	return lock(addr, len, true);
}

UK_SYSCALL_R_DEFINE(int, mlock2, uintptr_t, addr, size_t, len,
		    unsigned int, flags)
{
	if (flags & ~(unsigned int)UK_ABI_MLOCK_ONFAULT)
		return -EINVAL;
	return lock(addr, len, !(flags & UK_ABI_MLOCK_ONFAULT));
}

UK_SYSCALL_R_DEFINE(int, munlock, uintptr_t, addr, size_t, len)
{
	unsigned int advice = UK_VMA_LOCK_OFF;
	uintptr_t end;
	const int rc = pages_of(&addr, &end, len);

	return rc < 0 ? rc : mm_each(mm_vas(), addr, end, false, mark,
				     &advice);
}

static void mark_all(struct uk_vas *vas, unsigned int advice)
{
	/* Without memory some areas stay as they were; Linux says nothing. */
	(void)mm_each(vas, 0, mm_end(), true, mark, &advice);
}

UK_SYSCALL_R_DEFINE(int, mlockall, unsigned int, flags)
{
	const unsigned int all = UK_ABI_MCL_CURRENT | UK_ABI_MCL_FUTURE;
	const size_t limit = mm_limit(UK_MM_MEMLOCK);
	struct uk_vas *const vas = mm_vas();
	struct uk_vas_stats stats;

	if (!(flags & all) || (flags & ~(all | UK_ABI_MCL_ONFAULT)))
		return -EINVAL;
	if (limit == 0)
		return -EPERM;
	uk_vas_get_stats(vas, &stats);
	if ((flags & UK_ABI_MCL_CURRENT) && stats.len > limit)
		return -ENOMEM;
	__atomic_store_n(&mm_future, flags, __ATOMIC_RELAXED);
	if (!(flags & UK_ABI_MCL_CURRENT))
		return 0;
	mark_all(vas, UK_VMA_LOCK_ON);
	if (!(flags & UK_ABI_MCL_ONFAULT))
		(void)mm_each(vas, 0, mm_end(), true, try_to_fill, NULL);
	return 0;
}

UK_SYSCALL_R_DEFINE(int, munlockall)
{
	__atomic_store_n(&mm_future, 0, __ATOMIC_RELAXED);
	mark_all(mm_vas(), UK_VMA_LOCK_OFF);
	return 0;
}
