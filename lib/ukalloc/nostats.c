/* SPDX-License-Identifier: BSD-3-Clause */
/* In the place of stats.c when nothing is counted. */
#include <uk/alloc.h>

#include <uk/errno.h>

int uk_alloc_stats_get(const struct uk_alloc *a UK_UNUSED,
		       struct uk_alloc_stats *stats UK_UNUSED)
{
	return -ENOTSUP;
}
