/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* Short names for what the cases are full of. */
#include <stdint.h>

#include <uk/test.h>
#include <uk/test_fd.h>

#define BAD		UK_TEST_BAD
#define L(ptr)		((long)(ptr))
#define make_event	uk_test_event
#define make_pipe	uk_test_pipe
#define shut		uk_test_close
#define raise		uk_test_raise
#define take		uk_test_take

static inline void shut_pipe(int fd[2])
{
	shut(fd[0]);
	shut(fd[1]);
}
