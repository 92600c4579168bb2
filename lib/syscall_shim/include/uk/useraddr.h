/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/sections.h>

/*
 * Pointers that a system call is given: which can be refused without touching
 * them.
 *
 * There is one address space and no border in it, so most of what a program
 * passes can only be tried. What no program may mean by a pointer is known:
 * the first page, the hole between the two halves of the address space, the
 * last 64 KiB, a range that wraps, and, for writing, the image's own code and
 * constants. A range that passes may still fault.
 *
 * Context: any.
 */

/*
 * The first address of the hole; the second half begins at the linear map.
 * Each level of tables beyond the usual ones makes the first half longer.
 */
#define UK_USERADDR_HOLE	(-(uintptr_t)UKARCH_LINEAR_BASE << \
				 9 * (ukarch_pt_levels() - UKARCH_PT_LEVELS))
/* From here on nothing is ever mapped. */
#define UK_USERADDR_END		(-(uintptr_t)0x10000)

/* May the @len bytes at @ptr be read, as far as can be known? */
static inline bool uk_useraddr_readable(const void *ptr, size_t len)
{
	const uintptr_t addr = (uintptr_t)ptr;

	if (addr < UKARCH_PAGE_SIZE)
		return len == 0;
	if (addr < UK_USERADDR_HOLE)
		return len <= UK_USERADDR_HOLE - addr;
	return addr >= UKARCH_LINEAR_BASE && addr < UK_USERADDR_END &&
	       len <= UK_USERADDR_END - addr;
}

/* May they be written, as far as can be known? */
static inline bool uk_useraddr_writable(void *ptr, size_t len)
{
	const uintptr_t addr = (uintptr_t)ptr;

	return uk_useraddr_readable(ptr, len) &&
	       (addr >= (uintptr_t)_erodata ||
		addr + len <= (uintptr_t)_text);
}
