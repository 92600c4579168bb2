/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * madvise(2), msync(2), mincore(2). An advice is taken area by area, past
 * holes, which are told at the end: so does Linux.
 */
#include <uk/abi/mman.h>
#include <uk/errno.h>
#include <uk/nofault.h>
#include <uk/syscall.h>

#include "mmap_priv.h"

static int advise(struct uk_vas *vas, const struct uk_vma *part,
		  unsigned int advice)
{
	return uk_vma_advise(vas, part->start, part->end - part->start,
			     advice);
}

/*
 * As Linux has it, large pages that are meant as such are dropped as a whole or
 * not at all: they begin where the range does, and one that it ends in stays.
 */
static int drop_large(struct uk_vas *vas, struct uk_vma part)
{
	if (!UK_IS_ALIGNED(part.start, MM_HUGE_LEN))
		return -EINVAL;
	part.end = UK_ALIGN_DOWN(part.end, MM_HUGE_LEN);
	return part.end > part.start ? advise(vas, &part, UK_VMA_DONTNEED)
				     : 0;
}

static int drop(struct uk_vas *vas, const struct uk_vma *part, bool locked_too)
{
	if ((part->flags & UK_VMA_LOCKED) && !locked_too)
		return -EINVAL;
	if (part->flags & UK_VMA_HUGE_ONLY)
		return drop_large(vas, *part);
	return advise(vas, part, UK_VMA_DONTNEED);
}

/* Each page is touched, as if it were read or, else, written. */
static int populate(struct uk_vas *vas, const struct uk_vma *part, bool write)
{
	int rc;

	if (!(part->prot & (write ? UK_PAGE_WRITE : UK_PAGE_READ)))
		return -EINVAL;
	rc = advise(vas, part, UK_VMA_WILLNEED);
	/* Whatever else is wrong is what an access would end with. */
	return rc == 0 || rc == -ENOMEM ? rc : -EFAULT;
}

static int advise_part(struct uk_vas *vas, const struct uk_vma *part,
		       void *arg)
{
	const bool shared = part->ops == &mm_shared_ops;

	switch (*(const int *)arg) {
	case UK_ABI_MADV_DONTNEED:
		return drop(vas, part, false);
	case UK_ABI_MADV_DONTNEED_LOCKED:
		return drop(vas, part, true);
	case UK_ABI_MADV_FREE:
		/* Nobody may rely on what is left; so nothing is. */
		return shared || (part->flags & UK_VMA_HUGE_ONLY) ? -EINVAL :
		       drop(vas, part, false);
	case UK_ABI_MADV_REMOVE:
		if ((part->flags & UK_VMA_LOCKED) || !shared)
			return -EINVAL;
		return part->prot & UK_PAGE_WRITE ? -EOPNOTSUPP : -EACCES;
	case UK_ABI_MADV_WIPEONFORK:
		return shared ? -EINVAL : 0;
	case UK_ABI_MADV_COLD:
	case UK_ABI_MADV_PAGEOUT:
		return part->flags & UK_VMA_LOCKED ? -EINVAL : 0;
	case UK_ABI_MADV_HUGEPAGE:
		return advise(vas, part, UK_VMA_HUGE_ON);
	case UK_ABI_MADV_NOHUGEPAGE:
		return advise(vas, part, UK_VMA_HUGE_OFF);
	case UK_ABI_MADV_POPULATE_READ:
		return populate(vas, part, false);
	case UK_ABI_MADV_POPULATE_WRITE:
		return populate(vas, part, true);
	}
	/* How it will be used is no matter. */
	return 0;
}

static bool is_known(int advice)
{
	switch (advice) {
	case UK_ABI_MADV_NORMAL ... UK_ABI_MADV_DONTNEED:
	case UK_ABI_MADV_FREE ... UK_ABI_MADV_DOFORK:
	case UK_ABI_MADV_HUGEPAGE ... UK_ABI_MADV_DONTNEED_LOCKED:
		return true;
	}
	return false;
}

UK_SYSCALL_R_DEFINE(int, madvise, uintptr_t, addr, size_t, len, int, advice)
{
	const bool populates = advice == UK_ABI_MADV_POPULATE_READ ||
			       advice == UK_ABI_MADV_POPULATE_WRITE;
	const uintptr_t end = addr + mm_pages(len);

	if (!is_known(advice) || !UK_IS_ALIGNED(addr, PAGE) ||
	    (len && mm_pages(len) == 0) || end < addr)
		return -EINVAL;
	return mm_each(mm_vas(), addr, end, !populates, advise_part, &advice);
}

static int sync_part(struct uk_vas *vas UK_UNUSED, const struct uk_vma *part,
		     void *arg)
{
	const bool invalidate = *(const unsigned long *)arg &
				UK_ABI_MS_INVALIDATE;

	/* There is no file behind any of it. */
	return invalidate && (part->flags & UK_VMA_LOCKED) ? -EBUSY : 0;
}

UK_SYSCALL_R_DEFINE(int, msync, uintptr_t, addr, size_t, len,
		    unsigned long, flags)
{
	const unsigned long both = UK_ABI_MS_ASYNC | UK_ABI_MS_SYNC;
	const uintptr_t end = addr + mm_pages(len);

	if ((flags & ~(both | UK_ABI_MS_INVALIDATE)) ||
	    !UK_IS_ALIGNED(addr, PAGE) || (flags & both) == both)
		return -EINVAL;
	if (end < addr)
		return -ENOMEM;
	return mm_each(mm_vas(), addr, end, true, sync_part, &flags);
}

UK_SYSCALL_R_DEFINE(int, mincore, uintptr_t, addr, size_t, len,
		    unsigned char *, vec)
{
	size_t left = len / PAGE + (len % PAGE > 0);
	unsigned char told[256];

	if (!UK_IS_ALIGNED(addr, PAGE))
		return -EINVAL;
	if (addr > mm_end() || len > mm_end() - addr)
		return -ENOMEM;
	while (left > 0) {
		const size_t n = UK_MIN(left, sizeof(told));

		if (uk_vma_resident(mm_vas(), addr, n * PAGE, told) < 0)
			return -ENOMEM;
		if (uk_nofault_memcpy(vec, told, n, 0) != n)
			return -EFAULT;
		addr += n * PAGE;
		vec += n;
		left -= n;
	}
	return 0;
}
