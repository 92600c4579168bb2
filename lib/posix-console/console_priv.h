/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <uk/abi/uio.h>
#include <uk/compiler.h>

/*
 * The program's memory and the console, by copies that survive a bad pointer
 * (safe.c), or, in an image without lib/uknofault, by the pointer as it is
 * (plain.c).
 *
 * Take the entry at @from of a vector; false: there is none.
 */
UK_MUST_USE
bool console_take(struct uk_abi_iovec *to, const struct uk_abi_iovec *from);

/* Show @len bytes at @buf, as far as there is memory. Returns how many. */
UK_MUST_USE size_t console_show(const char *buf, size_t len);

/*
 * Wait for bytes and put them to @buf, @len at most. Returns how many, or
 *   -EFAULT  there is no memory: no byte was taken, but where memory has gone
 *            while it waited
 */
UK_MUST_USE ptrdiff_t console_read(char *buf, size_t len);

/*
 * For console_read(): wait for bytes as a program gets them, for memory that is
 * there. Returns how many of @len. console.c
 */
size_t console_wait(char *buf, size_t len);
