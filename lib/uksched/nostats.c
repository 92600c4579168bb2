/* SPDX-License-Identifier: BSD-3-Clause */
/* An image that counts nothing. */
#include <uk/thread.h>

#include <uk/errno.h>

int uk_thread_stats_get(const struct uk_thread *t,
			struct uk_thread_stats *stats)
{
	(void)t;
	(void)stats;
	return -ENOTSUP;
}

int uk_thread_stats_all(struct uk_thread_stats *stats)
{
	(void)stats;
	return -ENOTSUP;
}
