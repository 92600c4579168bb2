/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A trusted OS that runs on one CPU only keeps that CPU from being switched
 * off, unless it can be moved (DEN 0022, MIGRATE and MIGRATE_INFO_…).
 */
#include "psci_priv.h"

#include <uk/errno.h>

int uk_psci_migrate_info_type(void)
{
	int rc = psci_need(PSCI_0_2);

	if (rc < 0)
		return rc;
	rc = psci_call(UK_PSCI_FN_MIGRATE_INFO_TYPE, 0, 0, 0);
	if (rc == UK_PSCI_NOT_SUPPORTED)
		return UK_PSCI_MIGRATE_NOT_NEEDED;
	if (rc < 0)
		return uk_psci_errno(rc);
	return rc <= UK_PSCI_MIGRATE_NOT_NEEDED ? rc : -EPROTO;
}

int uk_psci_migrate_info_up_cpu(uint64_t *mpidr)
{
	const int type = uk_psci_migrate_info_type();
	int64_t answer;

	if (type < 0)
		return type;
	/* Without such an OS the answer would mean nothing. */
	if (type == UK_PSCI_MIGRATE_NOT_NEEDED)
		return -ENOTSUP;
	answer = uk_smccc_call(&psci_state.fw,
			       UK_PSCI_FN_MIGRATE_INFO_UP_CPU_64, 0, 0, 0);
	if (answer & ~(int64_t)PSCI_AFFINITY)
		return -EPROTO;
	*mpidr = (uint64_t)answer;
	return 0;
}

int uk_psci_migrate(uint64_t mpidr)
{
	if (!psci_state.fw.conduit)
		return -ENOSYS;
	if (!psci_state.ids.migrate)
		return -ENOTSUP;
	if (mpidr & ~PSCI_AFFINITY)
		return -EINVAL;
	return uk_psci_errno(psci_call(psci_state.ids.migrate, mpidr, 0, 0));
}
