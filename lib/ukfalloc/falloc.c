/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is the same for all allocators of frames: the list of them, and the
 * checks of what callers ask for.
 */
#include <uk/falloc.h>

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/essentials.h>

#define PAGE		((uint64_t)UKARCH_PAGE_SIZE)
#define KNOWN		(UK_FALLOC_BELOW_16M | UK_FALLOC_BELOW_4G |	\
			 UK_FALLOC_ZERO | UK_FALLOC_ALIGN(0x3f))

struct uk_falloc *_uk_falloc_head;

void uk_falloc_register(struct uk_falloc *fa)
{
	struct uk_falloc **end = &_uk_falloc_head;

	while (*end)
		end = &(*end)->next;
	fa->next = NULL;
	*end = fa;
}

static int check(const struct uk_falloc *fa, unsigned long nframes,
		 unsigned long flags)
{
	if (nframes == 0 || (flags & ~KNOWN))
		return -EINVAL;
	return fa ? 0 : -ENOMEM;
}

int uk_falloc(struct uk_falloc *fa, uint64_t *paddr, unsigned long nframes,
	      unsigned long flags)
{
	const int rc = check(fa, nframes, flags);

	return rc < 0 ? rc : fa->falloc(fa, paddr, nframes, flags);
}

int uk_falloc_from_range(struct uk_falloc *fa, uint64_t *paddr,
			 unsigned long nframes, unsigned long flags,
			 uint64_t min, uint64_t max)
{
	const uint64_t from = UK_ALIGN_UP(min, PAGE);
	const uint64_t to = UK_ALIGN_DOWN(max, PAGE);
	int rc = check(fa, nframes, flags);

	if (from < min || from >= to)
		rc = -EINVAL;
	return rc < 0 ? rc : fa->falloc_from_range(fa, paddr, nframes, flags,
						   from, to);
}

int uk_ffree(struct uk_falloc *fa, uint64_t paddr, unsigned long nframes)
{
	if (nframes == 0 || !UK_IS_ALIGNED(paddr, PAGE))
		return -EINVAL;
	return fa->ffree(fa, paddr, nframes);
}

int uk_falloc_addmem(struct uk_falloc *fa, uint64_t paddr,
		     unsigned long nframes)
{
	if (nframes == 0 || !UK_IS_ALIGNED(paddr, PAGE) ||
	    nframes > (UINT64_MAX - paddr) / PAGE)
		return -EINVAL;
	return fa->addmem(fa, paddr, nframes);
}

void uk_falloc_stats_get(struct uk_falloc *fa, struct uk_falloc_stats *stats)
{
	fa->stats(fa, stats);
}
