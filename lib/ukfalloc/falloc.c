/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is the same for all allocators of frames: the list of them, and the
 * checks of what callers ask for.
 */
#include <uk/falloc.h>

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/errno.h>
#include <uk/essentials.h>

#define PAGE		((uint64_t)UKARCH_PAGE_SIZE)

struct uk_falloc *_uk_falloc_head;

void uk_falloc_register(struct uk_falloc *fa)
{
	struct uk_falloc **end = &_uk_falloc_head;

	while (*end)
		end = &(*end)->next;
	fa->next = NULL;
	*end = fa;
}

int uk_falloc_refuse_(unsigned long nframes, unsigned long flags)
{
	return nframes == 0 || (flags & ~UK_FALLOC_KNOWN_) ? -EINVAL : -ENOMEM;
}

int uk_falloc_from_range(struct uk_falloc *fa, uint64_t *paddr,
			 unsigned long nframes, unsigned long flags,
			 uint64_t min, uint64_t max)
{
	const uint64_t from = UK_ALIGN_UP(min, PAGE);
	const uint64_t to = UK_ALIGN_DOWN(max, PAGE);

	if (from < min || from >= to)
		return -EINVAL;
	if (!fa || nframes == 0 || (flags & ~UK_FALLOC_KNOWN_))
		return uk_falloc_refuse_(nframes, flags);
	if (UK_IS_ENABLED(CONFIG_LIBUKFALLOC_FAIL) && uk_falloc_fail_(nframes))
		return uk_falloc_refuse_(nframes, flags);
	uk_stack_reserve(UK_FALLOC_STACK_);
	return fa->falloc_from_range(fa, paddr, nframes, flags, from, to);
}

/* What uk_virt_to_phys() makes of another address is in no linear map. */
static bool is_linear(uint64_t paddr, unsigned long nframes)
{
	const uintptr_t at = (uintptr_t)uk_phys_to_virt(paddr);

	return at < UKARCH_KMAP_BASE &&
	       nframes <= (UKARCH_KMAP_BASE - at) / PAGE;
}

int uk_falloc_addmem(struct uk_falloc *fa, uint64_t paddr,
		     unsigned long nframes)
{
	if (nframes == 0 || !UK_IS_ALIGNED(paddr, PAGE) ||
	    nframes > (UINT64_MAX - paddr) / PAGE ||
	    !is_linear(paddr, nframes))
		return -EINVAL;
	uk_stack_reserve(UK_FALLOC_STACK_);
	return fa->addmem(fa, paddr, nframes);
}

void uk_falloc_stats_get(struct uk_falloc *fa, struct uk_falloc_stats *stats)
{
	uk_stack_reserve(UK_FALLOC_STACK_);
	fa->stats(fa, stats);
}
