/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/compiler.h>
#include <uk/falloc.h>
#include <uk/vmem.h>

#include "../vmem_priv.h"

#define RW	(UK_PAGE_READ | UK_PAGE_WRITE)
#define RX	(UK_PAGE_READ | UK_PAGE_EXEC)
#define MIB	((size_t)1 << 20)

/*
 * An address space that no CPU uses, over frames that are counted. Its pages
 * are looked at by their frames.
 */
struct world {
	struct uk_vas vas;
	struct uk_falloc fa;	/* the default one's frames */
	struct uk_alloc *a;	/* heap */
	long frames;		/* taken and not given back; atomic */
	long blocks;		/* the same */
	long left;		/* how many more are given; LONG_MAX: all */
	bool (*refuse)(void);	/* this one, of either; NULL: no */
	struct uk_alloc heap;	/* the default one's blocks; its end is open */
};

extern struct world world;

/* False, and a failed expectation: there is no memory. */
UK_MUST_USE bool world_begin(void);

/* Everything is gone: no frame and no block is missing. */
void world_end(void);

/* Map an area at @vaddr, 0: anywhere; 0, and a failed expectation: not. */
uintptr_t world_map(uintptr_t vaddr, size_t len, unsigned int prot,
		    const struct uk_vma_ops *ops, unsigned int flags);

/* The byte at @vaddr as somebody sees it who may access it, or NULL. */
unsigned char *world_at(uintptr_t vaddr, enum uk_trap_access access);

/* The same in @vas. */
unsigned char *world_at_of(struct uk_vas *vas, uintptr_t vaddr,
			   enum uk_trap_access access);

/* Is memory mapped at @vaddr now? */
bool world_is_mapped(uintptr_t vaddr);

size_t world_nareas(void);
