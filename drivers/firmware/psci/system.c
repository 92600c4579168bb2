/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of the machine (DEN 0022, SYSTEM_OFF, SYSTEM_RESET, SYSTEM_RESET2).
 * The first two are what a crash ends with: one call, nothing asked before.
 */
#include "psci_priv.h"

#include <uk/errno.h>

/* What came back from a function that does not return if it succeeds. */
static int returned(int32_t status)
{
	const int rc = uk_psci_errno(status);

	return rc ? rc : -EPROTO;
}

int uk_psci_system_off(void)
{
	const int rc = psci_need(PSCI_0_2);

	if (rc < 0)
		return rc;
	return returned(psci_call(UK_PSCI_FN_SYSTEM_OFF, 0, 0, 0));
}

int uk_psci_system_reset(void)
{
	const int rc = psci_need(PSCI_0_2);

	if (rc < 0)
		return rc;
	return returned(psci_call(UK_PSCI_FN_SYSTEM_RESET, 0, 0, 0));
}

int uk_psci_system_reset2(uint32_t type, uint64_t cookie)
{
	const int rc = psci_need(PSCI_1_1);

	if (rc < 0)
		return rc;
	return returned(psci_call(UK_PSCI_FN_SYSTEM_RESET2_64, type, cookie,
				  0));
}
