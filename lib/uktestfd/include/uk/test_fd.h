/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/syscall.h>

/*
 * Calls on descriptors, for cases that hold on Linux as well as here:
 * support/tests/native has a header of this name with the kernel's calls.
 *
 * Context: thread, in a case.
 */

/* An address that is never mapped. */
#define UK_TEST_BAD	((long)16)

/* read(2) and write(2) of @fd, which is open; what they return. */
long uk_test_read(int fd, void *buf, size_t len);
long uk_test_write(int fd, const void *buf, size_t len);

/* A new eventfd, and both ends of a new pipe; they do not block. */
int uk_test_event(unsigned int count);
void uk_test_pipe(int fd[2]);

/* Close @fd, which is open. */
void uk_test_close(int fd);

/* Add one to the number of the eventfd @fd, and take all of it. */
void uk_test_raise(int fd);
void uk_test_take(int fd);
