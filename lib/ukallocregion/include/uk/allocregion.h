/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>

struct uk_alloc;

/*
 * The region allocator: memory is handed out from one end of its regions to
 * the other and comes back only if the last block is freed. Allocating is a
 * dozen instructions; for programs that free little.
 *
 * It is used through <uk/alloc.h>; uk_alloc_addmem() gives it further
 * regions. maxalloc and availmem tell what is true.
 *
 * Context: any but interrupt handlers. All is done under a spinlock.
 */

/*
 * Make a region allocator in the @len bytes at @base, mapped and unused, of
 * which it keeps its own state too, and register it.
 *
 * Returns it, or NULL: @len is too little to be of use, or @base is NULL.
 */
struct uk_alloc *uk_allocregion_init(void *base, size_t len);
