/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The address space of the image, which is there from the boot on, before any
 * thread is: the home of all that are in no other (<uk/vmem.h>). So a pointer
 * from mmap() is good in each of them, whoever made it, and when.
 *
 * Refused: to make it by the first call. That saves a frame where nobody calls,
 * and costs an error that no program expects where there is none.
 */
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/falloc.h>
#include <uk/init.h>
#include <uk/nofault.h>
#include <uk/print.h>
#include <uk/stack.h>
#include <uk/thread.h>

#include "mmap_priv.h"

static struct uk_vas home;

/* Relaxed: a call that is under way may go by the one or the other. */
static size_t limits[] = {
	[UK_MM_AS] = SIZE_MAX,
	[UK_MM_DATA] = SIZE_MAX,
	[UK_MM_MEMLOCK] = SIZE_MAX,
	[UK_MM_STACK] = (size_t)8 << 20,	/* as lib/ukvmem has it */
};

/*
 * Of a stack of the program's, in this address space: see <uk/stack.h>. Where
 * there is no memory the stack ends, and so does who needs more.
 */
static void reserve_stack(uintptr_t sp, size_t len)
{
	const uintptr_t low = len < sp ? sp - len : 0;

	while (sp - low > PAGE) {
		sp -= PAGE;
		if (uk_nofault_probe_rw(sp, 1, 0) == 0)
			return;
	}
	(void)!uk_nofault_probe_rw(low, 1, 0);
}

static int on_thread(struct uk_thread *child,
		     struct uk_thread *parent UK_UNUSED)
{
	child->cur.reserve_stack = reserve_stack;
	return 0;
}

UK_THREAD_INIT(on_thread, NULL);

bool mm_is_home(const struct uk_vas *vas)
{
	return vas == &home;
}

bool mm_is_absurd(size_t len)
{
	const struct uk_falloc *const fa = uk_falloc_get_default();

	return len > __atomic_load_n(&fa->total_memory, __ATOMIC_RELAXED);
}

size_t mm_limit(enum uk_mm_limit which)
{
	return __atomic_load_n(&limits[which], __ATOMIC_RELAXED);
}

void uk_mm_set_limit(enum uk_mm_limit which, size_t len)
{
	__atomic_store_n(&limits[which], len, __ATOMIC_RELAXED);
	if (which == UK_MM_AS)
		uk_vas_set_limit(&home, len);
	else if (which == UK_MM_STACK)
		uk_vas_set_grows_max(&home, len);
}

int mm_each(struct uk_vas *vas, uintptr_t start, uintptr_t end, bool go_on,
	    int (*fn)(struct uk_vas *vas, const struct uk_vma *part,
		      void *arg), void *arg)
{
	int holes = 0;

	while (start < end) {
		struct uk_vma part;
		int rc;

		if (uk_vma_find(vas, start, &part) < 0 || part.start >= end)
			return -ENOMEM;
		if (part.start > start) {
			if (!go_on)
				return -ENOMEM;
			holes = -ENOMEM;
		}
		part.offset += UK_MAX(part.start, start) - part.start;
		part.start = UK_MAX(part.start, start);
		part.end = UK_MIN(part.end, end);
		rc = fn(vas, &part, arg);
		if (rc < 0)
			return rc;
		start = part.end;
	}
	return holes;
}

static int space_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	int rc;

	if (!a || !uk_falloc_get_default()) {
		uk_pr_err("mmap() needs a heap and an allocator of frames");
		return -ENOMEM;
	}
	rc = uk_vas_create(&home, a, uk_falloc_get_default());
	if (rc < 0)
		return rc;
	uk_vas_set_lowest(&home, MM_LOWEST);
	return uk_vas_set_home(&home);
}

UK_INIT(CPU, space_init, NULL);
