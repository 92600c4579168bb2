/* SPDX-License-Identifier: BSD-3-Clause */
/* What a hypervisor answers, as functions of it. */
#include "pvtime_priv.h"

#include <uk/arch/cpu.h>
#include <uk/errno.h>

int pvtime_check_paddr(int64_t answer, uint64_t *paddr)
{
	if (answer <= 0)
		return -ENODEV;
	if ((uint64_t)answer % PVTIME_ALIGN)
		return -EIO;
	*paddr = (uint64_t)answer;
	return 0;
}

/* Both are 0 in the one revision that there is. */
int pvtime_check(const struct pvtime_stolen *stolen)
{
	return stolen->revision || stolen->attributes ? -EIO : 0;
}

/* By its alignment it does not cross a page. */
int pvtime_find(const struct pvtime_machine *machine,
		const struct pvtime_stolen **stolen)
{
	const struct pvtime_stolen *found;
	uint64_t paddr;
	int rc = pvtime_check_paddr(machine->ask(), &paddr);

	if (rc < 0)
		return rc;
	rc = machine->map(paddr / UKARCH_PAGE_SIZE * UKARCH_PAGE_SIZE);
	if (rc < 0)
		return rc;
	found = machine->at(paddr);
	rc = pvtime_check(found);
	if (rc == 0)
		*stolen = found;
	return rc;
}
