/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/compiler.h>
#include <uk/config.h>

/*
 * The layer of CONFIG_LIBUKALLOC_DEBUG:
 *
 *   layer.c       in the place of an allocator's functions
 *   block.c       blocks, and what lies around them
 *   quarantine.c  blocks that were freed
 *   protect.c     addresses for blocks, at which freed ones are not
 *   report.c      what is said of a block that is not as it should be
 *   leaks.c       what is left at the end
 *   fail.c        requests that fail because they are to
 *   params.c      parameters
 */

/* Callers that are remembered for each block, the nearest first, then 0. */
#define ALLOC_NSITES	4u

struct alloc_sites {
	uintptr_t at[ALLOC_NSITES];
};

/* What blocks are filled with; also what is to be seen in a memory dump. */
#define ALLOC_FRESH	0xce
#define ALLOC_FREED	0xdf
#define ALLOC_ZONE	0xfa

/*
 * Before each block, with a red zone between them. It lies where wild writes
 * go, so both ends of it have a seal. All but the seals, which never change,
 * is under the lock of block.c.
 */
struct alloc_block {
	uint64_t seal_low;
	struct alloc_block *next;	/* in its bucket */
	struct alloc_block *after;	/* in the quarantine */
	struct uk_alloc *a;
	void *base;		/* the memory all this lies in */
	size_t len;		/* bytes of that */
	size_t size;		/* bytes that were asked for */
	uint64_t serial;	/* counts all blocks, from 1 on */
	struct alloc_sites born;
	struct alloc_sites died;
	uint32_t zone;		/* bytes of each red zone */
	uint8_t freed;
	uint8_t aligned;	/* to more than every block is */
	uint16_t hidden;	/* nothing is mapped at seen any more */
	char *seen;		/* where its bytes are mapped, too, or NULL */
	size_t room;		/* bytes that are mapped there */
	uint64_t seal_high;
};

_Static_assert(sizeof(struct alloc_block) == 160, "blocks are aligned to 16");

/* How blocks are made from now on; parameters, see params.c. */
struct alloc_debug {
	uint32_t level;		/* 0 no allocator, 1 the default one, 2 all */
	uint32_t redzone;	/* bytes on each side, a multiple of 16 */
	uint32_t quarantine;	/* most bytes that wait in it */
	uint32_t leaks;		/* most places that are told at the end */
	bool poison;
	bool protect;		/* see protect.c */
};

extern struct alloc_debug alloc_debug;

#define ALLOC_REDZONE_MAX	4096u

/* Put the layer over @a, before anything was allocated from it. */
void alloc_debug_attach(struct uk_alloc *a);

/* block.c */

/* @size bytes at a multiple of @align, a power of two; NULL: no memory. */
void *alloc_block_new(struct uk_alloc *a, size_t align, size_t size,
		      const struct alloc_sites *sites);
/* Free the block at @ptr; crash if it is none of @a, or is damaged. */
void alloc_block_free(struct uk_alloc *a, void *ptr,
		      const struct alloc_sites *sites);
/* The bytes asked for, of a block in use; crash as above. */
size_t alloc_block_size(struct uk_alloc *a, void *ptr,
			const struct alloc_sites *sites);
/* Crash too if @size is not that, or if the block was one with alignment. */
void alloc_block_expect(struct uk_alloc *a, void *ptr, size_t size,
			const struct alloc_sites *sites);
/* What a block takes beside its bytes, at most 16-aligned. */
size_t alloc_block_overhead(void);
/* Its bytes, freed or not. */
static inline char *alloc_block_mem(struct alloc_block *b)
{
	return (char *)(b + 1) + b->zone;
}
/* The same as their user knows them. */
static inline char *alloc_block_ptr(struct alloc_block *b)
{
	return b->seen ? b->seen : alloc_block_mem(b);
}

/* The block that has @addr, or has it closely around it, or NULL. */
struct alloc_block *alloc_block_at(uintptr_t addr);

/*
 * Call @fn for each block, freed ones too, until it returns false. @fn has the
 * lock: it allocates nothing and does not crash.
 */
void alloc_blocks_visit(bool (*fn)(struct alloc_block *b, void *arg),
			void *arg);
/* Give back all that is in quarantine, having looked at it. */
void alloc_blocks_flush(void);
/* Forget all blocks of @a, whose memory is gone. For tests. */
void alloc_blocks_forget(struct uk_alloc *a);

/* quarantine.c; under the lock of block.c */

void alloc_quarantine_put(struct alloc_block *b);
/* The oldest one while more than @limit bytes wait, or NULL. */
struct alloc_block *alloc_quarantine_take(size_t limit);
void alloc_quarantine_forget(const struct uk_alloc *a);

/* protect.c; none of it without CONFIG_LIBUKALLOC_PROTECT */

#if UK_IS_ENABLED(CONFIG_LIBUKALLOC_PROTECT)
/*
 * Give @b, whose bytes begin a page, addresses of its own, if there are any, at
 * a multiple of @align, a page or more.
 */
void alloc_show(struct alloc_block *b, size_t align);
/* Can blocks be hidden here? */
bool alloc_can_hide(void);
/* Let nothing be at the addresses of @b, which was freed, if it has some. */
void alloc_hide(struct alloc_block *b);
#else
static inline void alloc_show(struct alloc_block *b UK_UNUSED,
			      size_t align UK_UNUSED)
{
}

static inline bool alloc_can_hide(void)
{
	return true;
}

static inline void alloc_hide(struct alloc_block *b UK_UNUSED)
{
}
#endif

/* report.c */

/* Where a block was spoilt. */
struct alloc_damage {
	ptrdiff_t at;		/* from its beginning */
	uint8_t val;		/* what is there */
};

/* Is anything written around @b, or, if it was freed, in it? */
bool alloc_damaged(struct alloc_block *b, struct alloc_damage *damage);
/* Say all that is known of @b and who frees it now (or NULL), and crash. */
UK_NORETURN UK_COLD
void alloc_report_damage(struct alloc_block *b,
			 const struct alloc_damage *damage,
			 const struct alloc_sites *now);
UK_NORETURN UK_COLD UK_PRINTF(3, 4)
void alloc_report(struct alloc_block *b, const struct alloc_sites *now,
		  const char *fmt, ...);
/* What @b is, and who allocated and freed it. */
void alloc_print_block(const struct alloc_block *b);
/* One line for each place. */
void alloc_print_sites(const struct alloc_sites *sites);

/* leaks.c */

/* From now on what is allocated is the program's. */
void alloc_leaks_begin(void);
void alloc_leaks_print(void);

/* fail.c */

struct alloc_fail {
	uint32_t nth;		/* 0: none fails */
	uint32_t count;		/* requests so far; atomic, relaxed */
	bool persistent;	/* and all that follow it */
	const char *lib;	/* only what its code asks for; NULL: all */
	const char *site;	/* only of this caller; NULL: of all */

	/* Of site, by alloc_fail_parse(). */
	size_t name_len;
	uint64_t offset;	/* in it, of the place; 0: any */
};

extern struct alloc_fail alloc_fail;

/*
 * Find out what alloc_fail.site is: NAME or NAME+0xOFFSET. Returns 0, or
 *   -EINVAL  it is neither, or no function has the name
 */
int alloc_fail_parse(void);

/* Is the request for @size bytes by @sites to fail? */
bool alloc_fail_now(size_t size, const struct alloc_sites *sites);
