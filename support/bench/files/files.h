/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <bench.h>

/* Tables of <bench.h>, each ended by a row without a name. */
extern const struct bench_work bench_files[];

/* A system call of a measure, which does what it is asked to. */
static inline void must(long rc, long want)
{
	if (rc != want)
		__builtin_trap();
}
