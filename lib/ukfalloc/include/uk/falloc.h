/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/event.h>
#include <uk/stack.h>

/*
 * Physical memory by the frame, UKARCH_PAGE_SIZE bytes at a multiple of that.
 *
 * An allocator of frames gives runs: frames that follow each other, as many as
 * are asked for. It remembers no runs, only which frames are free, so any part
 * of a run may be given back, in any order, and two runs that lie side by side
 * may be given back as one. All frames are in the linear map (<uk/arch/
 * paging.h>), from when they are given to the allocator.
 *
 * Who only wants bytes takes them from lib/ukalloc; frames are for page tables,
 * mappings, devices that read memory, and for the allocators of bytes.
 *
 * Context: any, also interrupt handlers, but for uk_falloc_addmem(),
 * uk_falloc_register() and uk_falloc_reclaim(), which are for threads. Nothing
 * here blocks.
 */

/* Flags: where the frames may lie. The default is anywhere, high ones first. */
#define UK_FALLOC_BELOW_16M	0x1ul	/* for devices with 24 address bits */
#define UK_FALLOC_BELOW_4G	0x2ul	/* for devices with 32 */
/* Fill them with zeroes. */
#define UK_FALLOC_ZERO		0x4ul
/* The first one at a multiple of 1 << @shift bytes, 12 to 63. */
#define UK_FALLOC_ALIGN(shift)	((unsigned long)(shift) << 8)
#define UK_FALLOC_ALIGN_SHIFT(flags)	(((flags) >> 8) & 0x3f)

/* Free blocks of 1 << n frames are counted for each n below this. */
#define UK_FALLOC_ORDERS	19u

struct uk_falloc_stats {
	uint64_t total;		/* frames that were given to the allocator */
	uint64_t free;
	uint64_t largest_run;	/* frames that the longest free run has */

	/*
	 * Aligned free blocks of 1 << n frames; what was never in use is not
	 * cut into blocks yet and is counted here.
	 */
	uint64_t nblocks[UK_FALLOC_ORDERS];
	uint64_t fresh;
};

/*
 * An allocator; the functions do what those below say, with arguments that
 * have been checked: @nframes is not 0, @flags are known ones, [@min, @max) is
 * not empty and whole frames. Zeroes are the allocator's work too.
 */
struct uk_falloc {
	int (*falloc)(struct uk_falloc *fa, uint64_t *paddr,
		      unsigned long nframes, unsigned long flags);
	int (*falloc_from_range)(struct uk_falloc *fa, uint64_t *paddr,
				 unsigned long nframes, unsigned long flags,
				 uint64_t min, uint64_t max);
	int (*ffree)(struct uk_falloc *fa, uint64_t paddr,
		     unsigned long nframes);
	int (*addmem)(struct uk_falloc *fa, uint64_t paddr,
		      unsigned long nframes);
	void (*stats)(struct uk_falloc *fa, struct uk_falloc_stats *stats);

	/*
	 * Bytes; the allocator's to write, atomic, relaxed. What CPUs have at
	 * hand may be missing from the first: uk_falloc_stats_get() is exact.
	 */
	uint64_t free_memory;
	uint64_t total_memory;

	struct uk_falloc *next;	/* in the order of registration */
};

/* The list; only lib/ukfalloc writes it. */
extern struct uk_falloc *_uk_falloc_head;

/* Append @fa to the list. The first one is the default allocator. */
void uk_falloc_register(struct uk_falloc *fa);

/* The default allocator; NULL as long as there is none. */
static inline struct uk_falloc *uk_falloc_get_default(void)
{
	return _uk_falloc_head;
}

/*
 * Bytes of stack that an allocator uses; half of what its callers may, some of
 * whom have the kernel's page table locked.
 */
#define UK_FALLOC_STACK_	(UK_STACK_RESERVE / 2)

/* Behind the checks below: -EINVAL for what is no request, else -ENOMEM. */
#define UK_FALLOC_KNOWN_						\
	(UK_FALLOC_BELOW_16M | UK_FALLOC_BELOW_4G | UK_FALLOC_ZERO |	\
	 UK_FALLOC_ALIGN(0x3f))
int uk_falloc_refuse_(unsigned long nframes, unsigned long flags);

/* Is this request to fail? With CONFIG_LIBUKFALLOC_FAIL, see README.md. */
bool uk_falloc_fail_(unsigned long nframes);

/*
 * Take a run of @nframes frames; *@paddr is its physical address. @flags are
 * UK_FALLOC_…, or 0.
 *
 * Returns 0, or
 *   -EINVAL  @nframes is 0, or a flag is unknown
 *   -ENOMEM  no such run is free, or @fa is NULL
 */
UK_MUST_USE static inline int uk_falloc(struct uk_falloc *fa, uint64_t *paddr,
					unsigned long nframes,
					unsigned long flags)
{
	if (UK_UNLIKELY(!fa || nframes == 0 || (flags & ~UK_FALLOC_KNOWN_)))
		return uk_falloc_refuse_(nframes, flags);
	if (UK_IS_ENABLED(CONFIG_LIBUKFALLOC_FAIL) && uk_falloc_fail_(nframes))
		return uk_falloc_refuse_(nframes, flags);
	uk_stack_reserve(UK_FALLOC_STACK_);
	return fa->falloc(fa, paddr, nframes, flags);
}

/*
 * The same with all bytes of the run in [@min, @max); with a range of just the
 * run's length, at that very place. The time depends on how many frames are in
 * use in the range, but for that last case.
 *
 * Returns as above, and
 *   -EINVAL  also if the range holds no whole frame, or wraps
 */
UK_MUST_USE int uk_falloc_from_range(struct uk_falloc *fa, uint64_t *paddr,
				     unsigned long nframes,
				     unsigned long flags, uint64_t min,
				     uint64_t max);

/*
 * Give back @nframes frames from @paddr on: whole runs, parts, neighbours.
 *
 * Returns 0, or, and then nothing was given back,
 *   -EINVAL  @nframes is 0, @paddr is no multiple of a frame
 *   -EFAULT  some are not the allocator's
 *
 * With CONFIG_LIBUKFALLOC_DEBUG the image crashes instead, naming the frame; so
 * it does if a frame is free already, which is not looked at otherwise.
 */
static inline int uk_ffree(struct uk_falloc *fa, uint64_t paddr,
			   unsigned long nframes)
{
	if (UK_UNLIKELY(nframes == 0 || paddr % UKARCH_PAGE_SIZE))
		return uk_falloc_refuse_(0, 0);
	uk_stack_reserve(UK_FALLOC_STACK_);
	return fa->ffree(fa, paddr, nframes);
}

/*
 * Give @fa the @nframes frames from @paddr on for good, unused ones in the
 * linear map; it keeps some of them to know about the others.
 *
 * Returns 0, or
 *   -EINVAL  too few to be of use, or @paddr is no multiple of a frame, or some
 *            have no place in the linear map: @paddr is not what it should be
 *   -EEXIST  some are its own already
 */
UK_MUST_USE int uk_falloc_addmem(struct uk_falloc *fa, uint64_t paddr,
				 unsigned long nframes);

/*
 * What @fa has now, exact at some moment during the call. The time depends on
 * how much is in use and in how many pieces, with interrupts off: it is for
 * reports and tests.
 */
void uk_falloc_stats_get(struct uk_falloc *fa, struct uk_falloc_stats *stats);

/*
 * Raised by uk_falloc_reclaim(), with a struct uk_falloc_short. Who keeps
 * frames of fa that nobody uses gives them all back, and says
 * UK_EVENT_HANDLED_CONT; whose asker it is does nothing.
 * Context: thread, with interrupts and preemption on.
 */
struct uk_falloc_short {
	struct uk_falloc *fa;
	const void *asker;
};

UK_EVENT_DECLARE(uk_falloc_short);

/*
 * A request of @fa has failed: have everybody give back what frames they keep
 * at hand, as lists of free blocks and of stacks, but @asker, who has done so,
 * or NULL. It takes long, and waits for other CPUs: not with a spinlock held
 * that anybody takes with interrupts off.
 *
 * Returns true if there may be more now; false: nobody keeps any, or the
 * context is not one in which that could be done.
 */
bool uk_falloc_reclaim(struct uk_falloc *fa, const void *asker);
