/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/fdtab.h>

struct uk_file;

/*
 * slot.c: a place for a file, and how many have borrowed it from there. A slot
 * that is zero is empty. Context: any.
 */
typedef uint64_t fdtab_slot;

/* Put @file in, which is empty, with the caller's reference. */
void fdtab_slot_fill(fdtab_slot *slot, struct uk_file *file);

/* Empty it. Returns what was in it, or NULL: fdtab_slot_drop() is next. */
struct uk_file *fdtab_slot_empty(fdtab_slot *slot, uint32_t *nborrowed);
void fdtab_slot_drop(struct uk_file *file, uint32_t nborrowed);

/*
 * table.c, beside <uk/fdtab.h>
 */

/*
 * Have @fd, at least 0, stand for @file instead of what it stood for. Returns
 * it and takes the caller's reference, or
 *   -EBADF  it is not below the limit
 */
UK_MUST_USE int fdtab_replace(int fd, struct uk_file *file, bool cloexec);

/* FD_CLOEXEC of @fd: get and set. Errors: -EBADF. */
UK_MUST_USE int fdtab_cloexec(int fd);
UK_MUST_USE int fdtab_set_cloexec(int fd, bool cloexec);
