/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>

struct uk_alloc;
struct uk_heapmem;

/* uk_allocregion_init() with a source of more memory, which may be NULL. */
struct uk_alloc *allocregion_init(void *base, size_t len,
				  const struct uk_heapmem *source);
