/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The convention on top of a conduit: what of the registers counts in which
 * version, and what a status means.
 *
 * The conduit is a function and not a number, so that a call is decided
 * nowhere but where the service is made, and a test can be the firmware.
 */
#include <uk/smccc.h>

#include <uk/errno.h>

/* Results are in x0 to x3 before 1.2. */
#define NRESULTS_1_0	4u

void uk_smccc_init(struct uk_smccc *svc, uk_smccc_conduit conduit)
{
	*svc = (struct uk_smccc){
		.conduit = conduit,
		.version = UK_SMCCC_VERSION(1, 0),
	};
}

void uk_smccc_invoke(const struct uk_smccc *svc, uint64_t *x)
{
	if (!svc->conduit) {
		for (unsigned int i = 1; i < UK_SMCCC_NREGS; i++)
			x[i] = 0;
		x[0] = (uint64_t)(int64_t)UK_SMCCC_NOT_SUPPORTED;
		return;
	}

	/* Upper bits of a function id are 0; before 1.3 so is this one. */
	if (svc->version >= UK_SMCCC_VERSION(1, 3))
		x[0] |= UK_SMCCC_NO_SVE;
	svc->conduit(x);
	if (svc->version < UK_SMCCC_VERSION(1, 2))
		for (unsigned int i = NRESULTS_1_0; i < UK_SMCCC_NREGS; i++)
			x[i] = 0;
}

int64_t uk_smccc_call(const struct uk_smccc *svc, uint32_t fn, uint64_t a1,
		      uint64_t a2, uint64_t a3)
{
	uint64_t x[UK_SMCCC_NREGS] = { fn, a1, a2, a3 };

	uk_smccc_invoke(svc, x);
	return fn & UK_SMCCC_64 ? (int64_t)x[0] : (int32_t)(uint32_t)x[0];
}

int uk_smccc_errno(int64_t status)
{
	switch (status) {
	case UK_SMCCC_NOT_SUPPORTED:
		return -ENOTSUP;
	case UK_SMCCC_NOT_REQUIRED:
		return -ENODATA;
	case UK_SMCCC_INVALID_PARAMETER:
		return -EINVAL;
	default:
		return status >= 0 ? 0 : -EPROTO;
	}
}

const char *uk_smccc_strerror(int err)
{
	switch (err) {
	case 0:
		return "SUCCESS";
	case -ENOTSUP:
		return "NOT_SUPPORTED";
	case -ENODATA:
		return "NOT_REQUIRED";
	case -EINVAL:
		return "INVALID_PARAMETER";
	case -ENOSYS:
		return "nobody provides this service";
	case -EPROTO:
		return "an answer that SMCCC does not know";
	default:
		return "unknown error";
	}
}

int uk_smccc_discover(struct uk_smccc *svc)
{
	int64_t version;

	if (!svc->conduit)
		return -ENOSYS;
	svc->version = UK_SMCCC_VERSION(1, 0);
	version = uk_smccc_call(svc, UK_SMCCC_FN_VERSION, 0, 0, 0);
	if (version == UK_SMCCC_NOT_SUPPORTED)
		return 0;
	if (version < (int64_t)UK_SMCCC_VERSION(1, 0))
		return -EPROTO;
	svc->version = (uint32_t)version;
	return 0;
}

/* A query of the owner ARCH: w0 is an answer of 31 bits, or an error. */
static int ask(const struct uk_smccc *svc, uint32_t fn, uint32_t arg)
{
	const int64_t answer = uk_smccc_call(svc, fn, arg, 0, 0);
	const int err = uk_smccc_errno(answer);

	return err < 0 ? err : (int)answer;
}

int uk_smccc_arch_features(const struct uk_smccc *svc, uint32_t fn)
{
	if (!svc->conduit)
		return -ENOSYS;
	if (svc->version < UK_SMCCC_VERSION(1, 1))
		return -ENOTSUP;
	return ask(svc, UK_SMCCC_FN_ARCH_FEATURES, fn);
}

int uk_smccc_soc_id(const struct uk_smccc *svc, enum uk_smccc_soc_id what)
{
	int rc;

	if (!svc->conduit)
		return -ENOSYS;
	if (svc->version < UK_SMCCC_VERSION(1, 2))
		return -ENOTSUP;
	rc = uk_smccc_arch_features(svc, UK_SMCCC_FN_ARCH_SOC_ID);
	if (rc < 0)
		return rc;
	return ask(svc, UK_SMCCC_FN_ARCH_SOC_ID, (uint32_t)what);
}
