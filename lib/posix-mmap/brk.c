/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * brk(2): one region, from a place that nothing else is near, which grows and
 * shrinks at its end. A program that is linked in has no data segment in the
 * low half that it could follow.
 */
#include <uk/errno.h>
#include <uk/mutex.h>
#include <uk/syscall.h>

#include "mmap_priv.h"

/* Far above what programs are linked for, far below what mmap() gives. */
#define BRK_START	((uintptr_t)64 << 30)

static struct {
	struct uk_mutex lock;
	uintptr_t end;		/* lock */
} brk = {
	.lock = UK_MUTEX_INITIALIZER(brk.lock),
	.end = BRK_START,
};

/* Is what is behind @from free, with a page that keeps it apart? */
static bool is_free(struct uk_vas *vas, uintptr_t from, uintptr_t to)
{
	struct uk_vma vma;

	return uk_vma_find(vas, from, &vma) < 0 || vma.start > to;
}

static int grow(struct uk_vas *vas, uintptr_t from, uintptr_t to)
{
	struct uk_vma_request rq = {
		.vaddr = from,
		.len = to - from,
		.prot = UK_PAGE_READ | UK_PAGE_WRITE,
		.flags = UK_VMA_EXACT | UK_VMA_WX | mm_locks_future(),
		.ops = &uk_vma_anon,
		.name = "heap",
	};
	int rc;

	if (mm_is_absurd(rq.len) || !is_free(vas, from, to))
		return -ENOMEM;
	if (mm_locks_future() && mm_may_lock(vas, rq.len) < 0)
		return -EAGAIN;
	rc = uk_vma_map(vas, &rq);
	if (rc == 0 && mm_fills_future())
		mm_fill(vas, from, rq.len);
	return rc;
}

/* The lock is held. */
static int move_end(struct uk_vas *vas, uintptr_t end)
{
	const uintptr_t from = UK_ALIGN_UP(brk.end, PAGE);
	const uintptr_t to = UK_ALIGN_UP(end, PAGE);

	if (end < BRK_START || end > mm_end() - PAGE ||
	    end - BRK_START > mm_limit(UK_MM_DATA))
		return -ENOMEM;
	if (to < from)
		return uk_vma_unmap(vas, to, from - to);
	return to > from ? grow(vas, from, to) : 0;
}

UK_SYSCALL_R_DEFINE(long, brk, uintptr_t, end)
{
	struct uk_vas *const vas = mm_vas();
	uintptr_t now;

	uk_mutex_lock(&brk.lock);
	/* Only the image's own has the region. */
	if (mm_is_home(vas) && move_end(vas, end) == 0)
		brk.end = end;
	now = brk.end;
	uk_mutex_unlock(&brk.lock);
	return (long)now;
}
