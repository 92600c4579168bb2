/* SPDX-License-Identifier: BSD-3-Clause */
/* An image whose threads have no numbers. */
#include <uk/errno.h>

#include "posix_time_priv.h"

int ptime_by_number(int id UK_UNUSED, bool is_thread UK_UNUSED,
		    uint64_t *ns UK_UNUSED)
{
	return -EINVAL;
}
