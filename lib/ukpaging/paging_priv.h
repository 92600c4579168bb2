/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * A walk over the tables of the linear map. It knows no boot data and no
 * memory but what these functions give it, so tests run it over tables of
 * their own.
 */
struct paging_env {
	/* A page for a table, whatever is in it; NULL: none left. */
	uint64_t *(*alloc)(struct paging_env *env);
	/* How many alloc() still gives. */
	size_t (*left)(struct paging_env *env);
	uint64_t offset;	/* of a table's address from its physical one */
	unsigned int leaf_max;	/* ukarch_pt_leaf_max() */
};

/*
 * Map physical @paddr to @end at their place in the linear map below the root
 * table @root. Errors as uk_paging_map_linear().
 */
UK_MUST_USE
int paging_map(struct paging_env *env, uint64_t *root, uint64_t paddr,
	       uint64_t end, unsigned int prot);

/*
 * The same in one walk, for the boot, which ends if it fails: then a part may
 * be mapped.
 */
UK_MUST_USE
int paging_extend(struct paging_env *env, uint64_t *root, uint64_t paddr,
		  uint64_t end, unsigned int prot);
