/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * An error number in the place of a pointer.
 *
 * The last 64 KiB of the address space are never mapped, so no object lies
 * where these values point to. In-tree functions prefer an int result with an
 * out parameter; this is for interfaces that are given from outside.
 */

#define UK_ERRPTR_MAX	4095

static inline bool uk_is_errptr(const void *ptr)
{
	return (uintptr_t)ptr >= (uintptr_t)-UK_ERRPTR_MAX;
}

/* @err is negative, -UK_ERRPTR_MAX to -1. */
static inline void *uk_errptr(int err)
{
	return (void *)(intptr_t)err;
}

static inline int uk_errptr_err(const void *ptr)
{
	return (int)(intptr_t)ptr;
}
