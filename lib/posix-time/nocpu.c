/* SPDX-License-Identifier: BSD-3-Clause */
/* An image that does not count what threads do: it has no such clocks. */
#include <uk/posix_time.h>

#include <uk/errno.h>

#include "posix_time_priv.h"

int uk_posix_clock_of(const struct uk_thread *t UK_UNUSED,
		      uint64_t *ns UK_UNUSED)
{
	return -EINVAL;
}

int ptime_thread(uint64_t *ns UK_UNUSED)
{
	return -EINVAL;
}

int ptime_process(uint64_t *ns UK_UNUSED)
{
	return -EINVAL;
}

int ptime_cpu_clock(int clk UK_UNUSED, uint64_t *ns UK_UNUSED)
{
	return -EINVAL;
}
