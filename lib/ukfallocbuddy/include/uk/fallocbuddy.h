/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/falloc.h>
#include <uk/list.h>
#include <uk/spinlock.h>

/*
 * The buddy system as an allocator of frames; see <uk/falloc.h> for its use,
 * and this library's README for how it works. An image that has this library
 * has one with all free memory as the default allocator from stage MEM on.
 *
 * Context: as <uk/falloc.h> says.
 */

struct buddy_area;

/* By where frames lie: below 16 MiB, below 4 GiB, above. */
#define UK_FALLOCBUDDY_ZONES	3u

struct uk_fallocbuddy_zone {
	struct uk_list blocks[UK_FALLOC_ORDERS];	/* free ones */
	uint32_t orders;	/* bit n: blocks[n] is not empty */
	struct buddy_area *areas;	/* by address; read without the lock */
};

/* Frames that a CPU has at hand, and those that are zero, at most. */
#define UK_FALLOCBUDDY_CACHED	32u
#define UK_FALLOCBUDDY_ZEROES	16u

/* What a CPU has at hand; all fields are the library's own. */
struct uk_fallocbuddy_cache {
	struct uk_spinlock lock;	/* of all but next */
	bool known;			/* in the allocator's list */
	bool wanted;			/* zeroes were asked for here */
	uint32_t n, nzeroes;
	struct buddy_area *area;	/* of what came back last, or NULL */
	struct uk_fallocbuddy_cache *next;
	uint64_t frames[UK_FALLOCBUDDY_CACHED];
	uint64_t zeroes[UK_FALLOCBUDDY_ZEROES];
};

/* All fields are the library's own; its memory is the caller's. */
struct uk_fallocbuddy {
	struct uk_falloc fa;
	struct uk_spinlock lock;	/* of all that follows */
	struct uk_fallocbuddy_zone zones[UK_FALLOCBUDDY_ZONES];

	/* The boot CPU's, or NULL; constant. Those in use; see cache.c. */
	struct uk_fallocbuddy_cache *cache;
	struct uk_fallocbuddy_cache *caches;
};

/* Make @fb an allocator without memory. It is not registered. */
void uk_fallocbuddy_init(struct uk_fallocbuddy *fb);

/* Bytes that it takes to know about @nframes frames. */
size_t uk_fallocbuddy_metadata_len(unsigned long nframes);

/*
 * Give @fb the @nframes frames from @paddr on, which are mapped at their
 * address + @offset, with @metadata of uk_fallocbuddy_metadata_len() bytes,
 * aligned to 8, elsewhere. uk_falloc_addmem() is this with the linear map, and
 * with metadata in the frames themselves.
 *
 * Returns 0, or
 *   -EINVAL  @nframes is 0, or @paddr is no multiple of a frame
 *   -EEXIST  some are its own already
 */
UK_MUST_USE int uk_fallocbuddy_addmem(struct uk_fallocbuddy *fb,
				      void *metadata, uint64_t paddr,
				      unsigned long nframes,
				      uintptr_t offset);

/*
 * From now on keep single frames at hand for each CPU. @cache is a variable of
 * that type that each CPU has (UK_PERCPU, <uk/percpu.h>), zero as those are.
 * Once, before the first frame is taken.
 */
void uk_fallocbuddy_set_cache(struct uk_fallocbuddy *fb,
			      struct uk_fallocbuddy_cache *cache);
