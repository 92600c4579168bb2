/* SPDX-License-Identifier: BSD-3-Clause */
/* What the address space of the process has had. */
#include <uk/vmem.h>

#include "posix_time_priv.h"

void ptime_memory(size_t *most, uint64_t *nfaults)
{
	struct uk_vas *const vas = uk_vas_get_active();
	struct uk_vas_stats stats = { .resident_max = 0 };

	if (vas)
		uk_vas_get_stats(vas, &stats);
	*most = stats.resident_max;
	*nfaults = stats.nfaults;
}
