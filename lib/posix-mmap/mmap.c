/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * mmap(2): from Linux's flags to a request of lib/ukvmem, with Linux's checks
 * in Linux's order. What comes of it is memory only where it is touched.
 *
 * All areas may become writable and executable at once: so programs expect, and
 * the checks of lib/ukvmem are for the core.
 */
#include <uk/abi/mman.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/falloc.h>
#include <uk/syscall.h>

#include "mmap_priv.h"

/* mmap()'s arguments. */
struct wish {
	uintptr_t addr;
	size_t len;
	unsigned long prot;
	unsigned long flags;
	int fd;
};

static bool has(const struct wish *w, unsigned long flag)
{
	return w->flags & flag;
}

static bool is_fixed(const struct wish *w)
{
	return has(w, UK_ABI_MAP_FIXED | UK_ABI_MAP_FIXED_NOREPLACE);
}

/*
 * MAP_HUGETLB: the sizes of which Linux keeps pages on this architecture; there
 * are none of any but the usual one. Returns 0, -EINVAL or -ENOMEM.
 */
static int check_huge(const struct wish *w)
{
	switch (w->flags >> UK_ABI_MAP_HUGE_SHIFT & UK_ABI_MAP_HUGE_MASK) {
	case 0:
	case MM_HUGE_SHIFT:
		return (w->flags & UK_ABI_MAP_TYPE) == UK_ABI_MAP_SHARED
		       ? -ENOMEM : 0;
	case 30:
		return -ENOMEM;
	case 16:
	case 25:
		return UK_IS_ENABLED(CONFIG_ARCH_ARM_64) ? -ENOMEM : -EINVAL;
	}
	return -EINVAL;
}

/* Is it possible to have @w->addr, if it is to be just there? */
static int check_place(const struct wish *w)
{
	if (w->len > mm_end() - PAGE)
		return -ENOMEM;
	if (!is_fixed(w))
		return 0;
	if (w->addr > mm_end() - w->len)
		return -ENOMEM;
	if (!UK_IS_ALIGNED(w->addr, has(w, UK_ABI_MAP_HUGETLB) ? MM_HUGE_LEN
								: PAGE))
		return -EINVAL;
	return w->addr < MM_LOWEST ? -EPERM : 0;
}

static int check_type(const struct wish *w)
{
	switch (w->flags & UK_ABI_MAP_TYPE) {
	case UK_ABI_MAP_SHARED:
		return has(w, UK_ABI_MAP_GROWSDOWN) ? -EINVAL : 0;
	case UK_ABI_MAP_PRIVATE:
		return 0;
	}
	return -EINVAL;
}

/* Is something where @w must be, and may not replace it? */
static bool is_taken(struct uk_vas *vas, const struct wish *w)
{
	struct uk_vma vma;

	return has(w, UK_ABI_MAP_FIXED_NOREPLACE) &&
	       uk_vma_find(vas, w->addr, &vma) == 0 &&
	       vma.start < w->addr + w->len;
}

/* What Linux refuses before it looks at what there is memory for. */
static int check(struct uk_vas *vas, struct wish *w)
{
	const bool file = !has(w, UK_ABI_MAP_ANONYMOUS);
	int rc = 0;

	if (file && !mm_fd_is_open(w->fd))
		return -EBADF;
	if (has(w, UK_ABI_MAP_HUGETLB))
		rc = file ? -EINVAL : check_huge(w);
	if (rc < 0)
		return rc;
	if (has(w, UK_ABI_MAP_HUGETLB))
		w->len = UK_ALIGN_UP(w->len, MM_HUGE_LEN);
	if (w->len == 0)
		return -EINVAL;
	w->len = mm_pages(w->len);
	if (w->len == 0)
		return -ENOMEM;
	rc = check_place(w);
	if (rc < 0)
		return rc;
	if (is_taken(vas, w))
		return -EEXIST;
	rc = has(w, UK_ABI_MAP_LOCKED) || mm_locks_future()
	     ? mm_may_lock(vas, w->len) : 0;
	if (rc < 0)
		return rc;
	if (file)
		return mm_fd_refusal(w->fd, w->flags & UK_ABI_MAP_TYPE,
				     w->prot & UK_ABI_PROT_WRITE);
	return check_type(w);
}

/* Are there large pages for all of @len now? */
static bool are_large(size_t len)
{
	const unsigned int order = MM_HUGE_SHIFT - UKARCH_PAGE_SHIFT;
	struct uk_falloc_stats now;
	uint64_t n;

	uk_falloc_stats_get(uk_falloc_get_default(), &now);
	n = now.fresh >> order;
	for (unsigned int i = order; i < UK_FALLOC_ORDERS; i++)
		n += now.nblocks[i] << (i - order);
	return len / MM_HUGE_LEN <= n;
}

/*
 * MAP_HUGETLB: what cannot be all there is refused before the first page is
 * taken, or others would find none meanwhile.
 */
static bool is_hopeless(const struct wish *w)
{
	if (!has(w, UK_ABI_MAP_HUGETLB) || are_large(w->len))
		return false;
	(void)uk_falloc_reclaim(uk_falloc_get_default(), NULL);
	return !are_large(w->len);
}

/* More than there is at all is refused, if it is meant to be written. */
static bool is_absurd(const struct wish *w)
{
	return mm_is_absurd(w->len) && !has(w, UK_ABI_MAP_NORESERVE) &&
	       (has(w, UK_ABI_MAP_SHARED) || (w->prot & UK_ABI_PROT_WRITE));
}

static uintptr_t hint_of(const struct wish *w)
{
	const uintptr_t addr = UK_ALIGN_DOWN(w->addr, PAGE);

	return addr && addr < MM_LOWEST ? MM_LOWEST : addr;
}

static unsigned int request_flags(const struct wish *w)
{
	unsigned int flags = UK_VMA_WX | mm_locks_future();

	if (has(w, UK_ABI_MAP_FIXED_NOREPLACE))
		flags |= UK_VMA_EXACT;
	else if (has(w, UK_ABI_MAP_FIXED))
		flags |= UK_VMA_FIXED;
	else if (UK_IS_ENABLED(CONFIG_ARCH_X86_64) &&
		 has(w, UK_ABI_MAP_32BIT))
		flags |= UK_VMA_LOW;
	if (has(w, UK_ABI_MAP_GROWSDOWN))
		flags |= UK_VMA_GROWS;
	if (has(w, UK_ABI_MAP_LOCKED))
		flags |= UK_VMA_LOCKED;
	/* There is no store of large pages: they are taken now. */
	if (has(w, UK_ABI_MAP_HUGETLB))
		flags |= UK_VMA_HUGE | UK_VMA_HUGE_ONLY | UK_VMA_POPULATE;
	return flags;
}

static long map(struct uk_vas *vas, const struct wish *w)
{
	struct uk_vma_request rq = {
		.vaddr = is_fixed(w) ? w->addr : hint_of(w),
		.len = w->len,
		.prot = w->prot & (UK_PAGE_READ | UK_PAGE_WRITE |
				   UK_PAGE_EXEC),
		.flags = request_flags(w),
		.ops = &uk_vma_anon,
		.align = has(w, UK_ABI_MAP_HUGETLB) ? MM_HUGE_LEN : 0,
	};
	struct mm_shared *shared = NULL;
	int rc;

	if (has(w, UK_ABI_MAP_SHARED)) {
		shared = mm_shared_create(w->len);
		if (!shared)
			return -ENOMEM;
		rq.ops = &mm_shared_ops;
		rq.data = shared;
	}
	rc = uk_vma_map(vas, &rq);
	if (shared)
		mm_shared_put(shared);
	return rc < 0 ? rc : (long)rq.vaddr;
}

_Static_assert(UK_PAGE_READ == UK_ABI_PROT_READ &&
	       UK_PAGE_WRITE == UK_ABI_PROT_WRITE &&
	       UK_PAGE_EXEC == UK_ABI_PROT_EXEC, "rights are Linux's");

/* Is the memory to be there when mmap() returns? */
static bool is_filled(const struct wish *w)
{
	return has(w, UK_ABI_MAP_LOCKED) || mm_fills_future() ||
	       (w->flags & (UK_ABI_MAP_POPULATE | UK_ABI_MAP_NONBLOCK)) ==
	       UK_ABI_MAP_POPULATE;
}

UK_SYSCALL_R_DEFINE(long, mmap, uintptr_t, addr, size_t, len,
		    unsigned long, prot, unsigned long, flags, int, fd,
		    unsigned long, off)
{
	struct uk_vas *const vas = mm_vas();
	struct wish w = {
		.addr = addr,
		.len = len,
		.prot = prot,
		.flags = flags,
		.fd = fd,
	};
	long at;
	int rc;

	if (!UK_IS_ALIGNED(off, PAGE))
		return -EINVAL;
	rc = check(vas, &w);
	if (rc < 0)
		return rc;
	if (is_absurd(&w) || is_hopeless(&w))
		return -ENOMEM;
	at = map(vas, &w);
	if (at > 0 && is_filled(&w))
		mm_fill(vas, (uintptr_t)at, w.len);
	return at;
}
