/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>

/*
 * The memory of the program, which it manages by the system calls mmap(2) and
 * its like. For other libraries there is what those calls do not tell.
 *
 * Context: thread.
 */

/* Limits of getrlimit(2), in bytes; at first there is none, but for STACK. */
enum uk_mm_limit {
	UK_MM_AS,		/* all mappings together */
	UK_MM_DATA,		/* what brk() has made */
	UK_MM_MEMLOCK,		/* all that is locked; 0: nobody may lock */
	UK_MM_STACK,		/* one area of MAP_GROWSDOWN; at first 8 MiB */
};

/*
 * Let @which be @len from now on, SIZE_MAX: none. What is there stays. Who may
 * set it is the caller's to know: with CONFIG_LIBPOSIX_MMAP_RLIMIT setrlimit(2)
 * does, which does not tell what is set here. The caller serialises calls for
 * the same limit.
 */
void uk_mm_set_limit(enum uk_mm_limit which, size_t len);
