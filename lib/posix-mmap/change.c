/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * munmap(2), mprotect(2), mremap(2). They are checked as Linux does it, then
 * lib/ukvmem does all or nothing, where Linux may do a part.
 */
#include <uk/abi/mman.h>
#include <uk/errno.h>
#include <uk/syscall.h>

#include "mmap_priv.h"

UK_SYSCALL_R_DEFINE(int, munmap, uintptr_t, addr, size_t, len)
{
	if (!UK_IS_ALIGNED(addr, PAGE) || addr > mm_end() ||
	    len > mm_end() - addr || len == 0)
		return -EINVAL;
	len = mm_pages(len);
	/* The first page is never mapped. */
	if (addr < PAGE) {
		addr += PAGE;
		len -= PAGE;
	}
	return len ? uk_vma_unmap(mm_vas(), addr, len) : 0;
}

/* PROT_GROWSDOWN: from where the area begins that grows. */
static int whole_stack(struct uk_vas *vas, uintptr_t *addr, uintptr_t end)
{
	struct uk_vma vma;

	if (uk_vma_find(vas, *addr, &vma) < 0 || vma.start >= end)
		return -ENOMEM;
	if (!(vma.flags & UK_VMA_GROWS))
		return -EINVAL;
	*addr = vma.start;
	return 0;
}

/* No area grows upwards. */
static int nothing_up(struct uk_vas *vas, uintptr_t addr)
{
	struct uk_vma vma;

	return uk_vma_find(vas, addr, &vma) < 0 || vma.start > addr
	       ? -ENOMEM : -EINVAL;
}

UK_SYSCALL_R_DEFINE(int, mprotect, uintptr_t, addr, size_t, len,
		    unsigned long, prot)
{
	const unsigned long grows = prot & (UK_ABI_PROT_GROWSDOWN |
					    UK_ABI_PROT_GROWSUP);
	const unsigned long rights = UK_ABI_PROT_READ | UK_ABI_PROT_WRITE |
				     UK_ABI_PROT_EXEC;
	struct uk_vas *const vas = mm_vas();
	uintptr_t end;
	int rc = 0;

	if (grows == (UK_ABI_PROT_GROWSDOWN | UK_ABI_PROT_GROWSUP) ||
	    !UK_IS_ALIGNED(addr, PAGE))
		return -EINVAL;
	if (len == 0)
		return 0;
	end = addr + mm_pages(len);
	if (end <= addr)
		return -ENOMEM;
	if (prot & ~(rights | UK_ABI_PROT_SEM | grows))
		return -EINVAL;
	if (grows & UK_ABI_PROT_GROWSDOWN)
		rc = whole_stack(vas, &addr, end);
	else if (grows)
		rc = nothing_up(vas, addr);
	if (rc < 0)
		return rc;
	if (addr < PAGE || end > mm_end())
		return -ENOMEM;
	return uk_vma_protect(vas, addr, end - addr,
			      (unsigned int)(prot & rights));
}

/* mremap()'s arguments, lengths in whole pages. */
struct move {
	uintptr_t from, to;
	size_t old_len, new_len;
	unsigned long flags;
};

static bool overlaps(const struct move *m)
{
	return m->from + m->old_len > m->to && m->to + m->new_len > m->from;
}

static int check_flags(const struct move *m)
{
	const unsigned long may = UK_ABI_MREMAP_MAYMOVE;
	const unsigned long flags = m->flags;

	if (flags & ~(may | UK_ABI_MREMAP_FIXED | UK_ABI_MREMAP_DONTUNMAP))
		return -EINVAL;
	if (flags && !(flags & may))
		return -EINVAL;
	if ((flags & UK_ABI_MREMAP_DONTUNMAP) && m->old_len != m->new_len)
		return -EINVAL;
	return 0;
}

/* Is the place that is said, if one is, a place, and another one? */
static bool is_place(const struct move *m)
{
	if (!(m->flags & (UK_ABI_MREMAP_FIXED | UK_ABI_MREMAP_DONTUNMAP)))
		return true;
	return UK_IS_ALIGNED(m->to, PAGE) && m->to <= mm_end() - m->new_len &&
	       !overlaps(m);
}

/* Is @vma, as it is, one that may become as long as @m says? */
static int check_growth(struct uk_vas *vas, const struct move *m,
			const struct uk_vma *vma)
{
	const bool shared = vma->ops == &mm_shared_ops;
	int rc = 0;

	if (m->old_len == 0 && !shared)
		return -EINVAL;
	if (m->old_len > vma->end - m->from)
		return -EFAULT;
	if (m->new_len <= m->old_len)
		return 0;
	if (vma->flags & UK_VMA_LOCKED)
		rc = mm_may_lock(vas, m->new_len - m->old_len);
	if (rc == 0 && !shared && (vma->prot & UK_PAGE_WRITE) &&
	    mm_is_absurd(m->new_len - m->old_len))
		rc = -ENOMEM;
	return rc;
}

static unsigned int remap_flags(const struct move *m)
{
	return (m->flags & UK_ABI_MREMAP_MAYMOVE ? UK_VMA_MAYMOVE : 0) |
	       (m->flags & UK_ABI_MREMAP_FIXED ? UK_VMA_FIXED : 0) |
	       (m->flags & UK_ABI_MREMAP_DONTUNMAP ? UK_VMA_KEEP : 0);
}

static long remap(struct uk_vas *vas, const struct move *m)
{
	const bool stays = !(m->flags & (UK_ABI_MREMAP_FIXED |
					 UK_ABI_MREMAP_DONTUNMAP));
	uintptr_t to = m->to;
	struct uk_vma vma;
	int rc;

	if (uk_vma_find(vas, m->from, &vma) < 0 || vma.start > m->from)
		return -EFAULT;
	/* What is cut off may be anything. */
	if (stays && m->new_len < m->old_len) {
		rc = uk_vma_unmap(vas, m->from + m->new_len,
				  m->old_len - m->new_len);
		return rc < 0 ? rc : (long)m->from;
	}
	rc = check_growth(vas, m, &vma);
	if (rc < 0)
		return rc;
	if ((m->flags & UK_ABI_MREMAP_FIXED) && m->to < MM_LOWEST)
		return -EPERM;
	/* It can only be at another place, too. */
	if (m->old_len == 0 && !(m->flags & UK_ABI_MREMAP_MAYMOVE))
		return -ENOMEM;
	rc = uk_vma_remap(vas, m->from, m->old_len, m->new_len,
			  remap_flags(m), &to);
	if (rc < 0)
		return rc;
	if ((vma.flags & UK_VMA_LOCKED) && m->new_len > m->old_len)
		mm_fill(vas, to + m->old_len, m->new_len - m->old_len);
	return (long)to;
}

UK_SYSCALL_R_DEFINE(long, mremap, uintptr_t, addr, size_t, old_len,
		    size_t, new_len, unsigned long, flags, uintptr_t, new_addr)
{
	const struct move m = {
		.from = addr,
		.to = new_addr,
		.old_len = mm_pages(old_len),
		.new_len = mm_pages(new_len),
		.flags = flags,
	};
	const int rc = check_flags(&m);

	if (rc < 0)
		return rc;
	if (!UK_IS_ALIGNED(addr, PAGE) || m.new_len == 0 ||
	    m.new_len > mm_end() || !is_place(&m))
		return -EINVAL;
	return remap(mm_vas(), &m);
}
