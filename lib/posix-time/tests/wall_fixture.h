/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/time.h>

/* What the wall clock was, for after a case that sets it. */
struct wall_kept {
	uint64_t wall_ns, now_ns;
};

static inline struct wall_kept wall_keep(void)
{
	return (struct wall_kept){ uk_time_wall(), uk_time_now() };
}

static inline void wall_restore(const struct wall_kept *k)
{
	uk_time_wall_set(k->wall_ns + (uk_time_now() - k->now_ns));
}
