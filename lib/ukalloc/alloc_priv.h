/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/alloc.h>
#include <uk/compiler.h>
#include <uk/config.h>

/* @a is about to enter the list: put the debug layer over it, if it is to. */
#if UK_IS_ENABLED(CONFIG_LIBUKALLOC_DEBUG)
void alloc_debug_register(struct uk_alloc *a);
/* Where @a itself has its free_sized, under the layer or without it. */
uk_alloc_free_sized_func_t *alloc_debug_free_sized(struct uk_alloc *a);
#else
static inline void alloc_debug_register(struct uk_alloc *a UK_UNUSED)
{
}

static inline uk_alloc_free_sized_func_t *
alloc_debug_free_sized(struct uk_alloc *a)
{
	return &a->free_sized;
}
#endif
