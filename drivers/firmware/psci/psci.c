/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who is called, in which version, and what a status means.
 *
 * The functions themselves are in cpu.c, suspend.c, migrate.c and system.c,
 * each with the version that brought it. 0.1 differs from all others: its four
 * functions have numbers from the device tree, and there is no version to ask
 * for. So it is told apart at the beginning, and the version of the others is
 * asked only by a function that 0.2 does not have.
 */
#include "psci_priv.h"

#include <stdbool.h>
#include <stddef.h>

#include <uk/bits/arch/smccc.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/print.h>

struct psci psci_state;

static uk_smccc_conduit conduit_of(enum uk_psci_conduit conduit)
{
	switch (conduit) {
	case UK_PSCI_HVC:
		return ukarch_smccc_hvc;
	case UK_PSCI_SMC:
		return ukarch_smccc_smc;
	default:
		return NULL;
	}
}

void uk_psci_init(enum uk_psci_conduit conduit)
{
	psci_state = (struct psci){
		.ids = {
			.cpu_suspend = UK_PSCI_FN_CPU_SUSPEND_64,
			.cpu_off = UK_PSCI_FN_CPU_OFF,
			.cpu_on = UK_PSCI_FN_CPU_ON_64,
			.migrate = UK_PSCI_FN_MIGRATE_64,
		},
	};
	uk_smccc_init(&psci_state.fw, conduit_of(conduit));
}

void uk_psci_init_0_1(enum uk_psci_conduit conduit,
		      const struct uk_psci_ids *ids)
{
	psci_state = (struct psci){ .ids = *ids, .version = PSCI_0_1 };
	uk_smccc_init(&psci_state.fw, conduit_of(conduit));
}

/* Is it one that 0.2 and later may give (DEN 0022, PSCI_VERSION)? */
static bool is_version(uint32_t version)
{
	return version == PSCI_0_2 ||
	       (version >= PSCI_1_0 && version <= INT32_MAX);
}

int uk_psci_version(uint32_t *version)
{
	uint32_t found = UK_READ_ONCE(psci_state.version);

	if (!psci_state.fw.conduit)
		return -ENOSYS;
	if (!found) {
		found = (uint32_t)psci_call(UK_PSCI_FN_VERSION, 0, 0, 0);
		if (!is_version(found)) {
			uk_pr_err("PSCI: firmware says its version is 0x%x, "
				  "which does not exist", found);
			return -EPROTO;
		}
		UK_WRITE_ONCE(psci_state.version, found);
	}
	*version = found;
	return 0;
}

int psci_need(uint32_t least)
{
	uint32_t version = UK_READ_ONCE(psci_state.version);
	int rc;

	if (!psci_state.fw.conduit)
		return -ENOSYS;
	if (version == PSCI_0_1)
		return -ENOTSUP;
	if (least <= PSCI_0_2)
		return 0;
	rc = uk_psci_version(&version);
	if (rc < 0)
		return rc;
	return version < least ? -ENOTSUP : 0;
}

int uk_psci_features(uint32_t fn)
{
	int rc = psci_need(PSCI_1_0);

	if (rc < 0)
		return rc;
	rc = psci_call(UK_PSCI_FN_FEATURES, fn, 0, 0);
	if (rc >= 0)
		return rc;
	return rc == UK_PSCI_NOT_SUPPORTED ? -ENOTSUP : -EPROTO;
}

int uk_psci_smccc(struct uk_smccc *svc)
{
	int rc;

	if (!psci_state.fw.conduit)
		return -ENOSYS;
	rc = uk_psci_features(UK_SMCCC_FN_VERSION);
	if (rc < 0 && rc != -ENOTSUP)
		return rc;
	uk_smccc_init(svc, psci_state.fw.conduit);
	return rc < 0 ? 0 : uk_smccc_discover(svc);
}

int uk_psci_errno(int32_t status)
{
	static const uint8_t errors[] = {
		[-UK_PSCI_SUCCESS] = 0,
		[-UK_PSCI_NOT_SUPPORTED] = ENOTSUP,
		[-UK_PSCI_INVALID_PARAMETERS] = EINVAL,
		[-UK_PSCI_DENIED] = EPERM,
		[-UK_PSCI_ALREADY_ON] = EALREADY,
		[-UK_PSCI_ON_PENDING] = EINPROGRESS,
		[-UK_PSCI_INTERNAL_FAILURE] = EIO,
		[-UK_PSCI_NOT_PRESENT] = ENODEV,
		[-UK_PSCI_DISABLED] = EACCES,
		[-UK_PSCI_INVALID_ADDRESS] = EFAULT,
	};

	if (status > 0 || status < UK_PSCI_INVALID_ADDRESS)
		return -EPROTO;
	return -(int)errors[-status];
}

const char *uk_psci_strerror(int err)
{
	switch (err) {
	case 0:
		return "SUCCESS";
	case -ENOTSUP:
		return "NOT_SUPPORTED";
	case -EINVAL:
		return "INVALID_PARAMETERS";
	case -EPERM:
		return "DENIED";
	case -EALREADY:
		return "ALREADY_ON";
	case -EINPROGRESS:
		return "ON_PENDING";
	case -EIO:
		return "INTERNAL_FAILURE";
	case -ENODEV:
		return "NOT_PRESENT";
	case -EACCES:
		return "DISABLED";
	case -EFAULT:
		return "INVALID_ADDRESS";
	case -ENOSYS:
		return "this machine has no PSCI";
	case -EPROTO:
		return "an answer that PSCI does not know";
	default:
		return "unknown error";
	}
}
