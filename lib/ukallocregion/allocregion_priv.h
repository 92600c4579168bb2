/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>

struct uk_alloc;

/* Where a heap has more memory from. */
struct allocregion_source {
	/*
	 * Take *@len bytes or more for good, rather @wish, at @at, or anywhere
	 * if that is NULL; *@len is how many it is then. Returns the address,
	 * or NULL, and nothing was taken. Called with the heap's lock held.
	 */
	void *(*more)(void *at, size_t *len, size_t wish);

	/* Bytes that can be had, in all and in one piece. */
	size_t (*left)(void);
	size_t (*most)(void);
};

/* uk_allocregion_init() with a source of more memory, which may be NULL. */
struct uk_alloc *allocregion_init(void *base, size_t len,
				  const struct allocregion_source *source);
