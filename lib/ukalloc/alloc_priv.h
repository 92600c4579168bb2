/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/alloc.h>
#include <uk/compiler.h>
#include <uk/config.h>

/* @a is about to enter the list: put the debug layer over it, if it is to. */
#if UK_IS_ENABLED(CONFIG_LIBUKALLOC_DEBUG)
void alloc_debug_register(struct uk_alloc *a);
#else
static inline void alloc_debug_register(struct uk_alloc *a UK_UNUSED)
{
}
#endif
