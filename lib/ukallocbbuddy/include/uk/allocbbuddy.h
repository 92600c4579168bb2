/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>

struct uk_alloc;

/*
 * The binary buddy allocator: the smallest heap that uses memory again. For
 * programs that free, where the image is to be small; who allocates much wants
 * a heap of size classes.
 *
 * It is used through <uk/alloc.h>; uk_alloc_addmem() gives it further pieces of
 * memory, anywhere and of any length. A block has no header; what it takes more
 * than was asked for is an eighth at most, or what is missing to a multiple of
 * 32 bytes. To free what is not in use ends the image.
 *
 * maxalloc tells what is granted for certain; a little more may be there in an
 * image whose heap takes frames on demand.
 *
 * Context: any but interrupt handlers. All is done under a spinlock, in a time
 * that does not depend on how many blocks there are.
 */

/*
 * Make a buddy allocator in the @len bytes at @base, mapped and unused, of
 * which it keeps its own state and one byte in 33 too, and register it.
 *
 * Returns it, or NULL: @len is too little to be of use, or @base is NULL.
 */
struct uk_alloc *uk_allocbbuddy_init(void *base, size_t len);
