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
	/* A page of zeros for a table; NULL: none left. */
	uint64_t *(*alloc)(struct paging_env *env);
	/* How many alloc() still gives. */
	size_t (*left)(struct paging_env *env);
	/* Between the address of a table and how entries name it. */
	uint64_t *(*table)(struct paging_env *env, uint64_t paddr);
	uint64_t (*paddr)(struct paging_env *env, const uint64_t *table);
	unsigned int leaf_max;	/* ukarch_pt_leaf_max() */
};

/*
 * Map physical @paddr to @end at their place in the linear map below the root
 * table @root. Errors as uk_paging_map_linear().
 */
UK_MUST_USE
int paging_map(struct paging_env *env, uint64_t *root, uint64_t paddr,
	       uint64_t end, unsigned int prot);
