/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/compiler.h>

/*
 * Descriptors: the numbers by which a program knows its open files
 * (<uk/file.h>).
 *
 *	struct uk_file *file = uk_fd_borrow(fd);
 *
 *	if (!file)
 *		return -EBADF;
 *	n = uk_file_read(file, &io, UK_FILE_POS);
 *	uk_fd_return(fd, file);
 *
 * A file that is borrowed stays although its descriptor is closed meanwhile.
 * Borrowing takes no lock, and threads that use different descriptors share no
 * memory.
 *
 * Context: thread.
 */

struct uk_file;

/*
 * Give @file, to which the caller has a reference, the lowest number from @min
 * on that is free; with @cloexec it is closed when the program executes another
 * one. Returns the number, and the reference is the table's, or
 *   -EMFILE  there is none below the limit
 * and the reference stays the caller's.
 */
UK_MUST_USE int uk_fd_open(struct uk_file *file, unsigned int min,
			   bool cloexec);

/* The open file of @fd, until uk_fd_return(); NULL: @fd is not open. */
UK_MUST_USE struct uk_file *uk_fd_borrow(int fd);

/* @file, borrowed from @fd, is not used any more. */
void uk_fd_return(int fd, struct uk_file *file);

/*
 * Close @fd. Returns 0, or
 *   -EBADF  it is not open
 */
int uk_fd_close(int fd);

/*
 * From now on no number from @limit on is given; those that are open stay. It
 * is CONFIG_LIBPOSIX_FDTAB_MAX at most, and at first. RLIMIT_NOFILE.
 */
void uk_fd_set_limit(unsigned int limit);
unsigned int uk_fd_limit(void);
