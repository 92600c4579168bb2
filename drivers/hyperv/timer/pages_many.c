/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pages of messages, one per CPU that the machine has, in a row and by index.
 * All are taken when the timer is chosen, so that no CPU comes up without; that
 * is for hypervisors only whose timers need messages.
 */
#include "timer_priv.h"

#include <uk/arch/paging.h>
#include <uk/falloc.h>
#include <uk/lcpu.h>

static struct hyperv_messages *pages;

int hyperv_pages_make(void)
{
	uint64_t paddr;
	const int rc = uk_falloc(uk_falloc_get_default(), &paddr,
				 uk_lcpu_count(), UK_FALLOC_ZERO);

	if (rc == 0)
		pages = uk_phys_to_virt(paddr);
	return rc;
}

struct hyperv_messages *hyperv_pages_own(void)
{
	return &pages[uk_lcpu_idx()];
}
