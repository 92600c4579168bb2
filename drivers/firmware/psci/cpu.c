/* SPDX-License-Identifier: BSD-3-Clause */
/* CPUs on and off (DEN 0022, CPU_ON, CPU_OFF, AFFINITY_INFO). */
#include "psci_priv.h"

#include <uk/errno.h>

int uk_psci_cpu_on(uint64_t mpidr, uint64_t entry, uint64_t context)
{
	if (!psci_state.fw.conduit)
		return -ENOSYS;
	if (!psci_state.ids.cpu_on)
		return -ENOTSUP;
	if (mpidr & ~PSCI_AFFINITY)
		return -EINVAL;
	return uk_psci_errno(psci_call(psci_state.ids.cpu_on, mpidr, entry,
				       context));
}

int uk_psci_cpu_off(void)
{
	int rc;

	if (!psci_state.fw.conduit)
		return -ENOSYS;
	if (!psci_state.ids.cpu_off)
		return -ENOTSUP;

	/* 0.1 takes a power state; later versions do not look at it. */
	rc = uk_psci_errno(psci_call(psci_state.ids.cpu_off,
				     UK_PSCI_STATE_DOWN, 0, 0));
	/* Success does not return. */
	return rc ? rc : -EPROTO;
}

int uk_psci_affinity_info(uint64_t mpidr, unsigned int level)
{
	int rc = psci_need(PSCI_0_2);

	if (rc < 0)
		return rc;
	if ((mpidr & ~PSCI_AFFINITY) || level > 3)
		return -EINVAL;
	rc = psci_call(UK_PSCI_FN_AFFINITY_INFO_64, mpidr, level, 0);
	if (rc < 0)
		return uk_psci_errno(rc);
	return rc <= UK_PSCI_AFFINITY_ON_PENDING ? rc : -EPROTO;
}
