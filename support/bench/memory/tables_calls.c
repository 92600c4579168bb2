/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>

#include "bench.h"

const struct bench_work *const bench_tables[] = {
	bench_calls,
	NULL
};
