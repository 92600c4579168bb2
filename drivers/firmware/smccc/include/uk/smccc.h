/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

/*
 * Calls to firmware and hypervisor by the SMC Calling Convention (Arm DEN
 * 0028), for arm64.
 *
 * Who is called is a service: PSCI, a trusted OS, a hypervisor. Each has its
 * own conduit, told by the device tree or by ACPI; one machine may have PSCI
 * behind HVC and a trusted OS behind SMC. And each has its own version of the
 * convention, which says how many registers count.
 *
 * Context: any, also interrupts and a crash, unless said otherwise. Nothing
 * here takes a lock, allocates or prints. A call takes as long as the other
 * side likes; a function id without UK_SMCCC_FAST may be interrupted.
 */

/*
 * A conduit: call with x[0] to x[17] in and out. <uk/bits/arch/smccc.h> has
 * them: ukarch_smccc_hvc, ukarch_smccc_smc, and both with _fpsimd.
 */
#define UK_SMCCC_NREGS		18
typedef void (*uk_smccc_conduit)(uint64_t *x);

/* A version as SMCCC_VERSION returns it. */
#define UK_SMCCC_VERSION(major, minor)	((uint32_t)(major) << 16 | (minor))

struct uk_smccc {
	uk_smccc_conduit conduit;	/* NULL: nobody answers */
	uint32_t version;		/* UK_SMCCC_VERSION() */
};

/*
 * Function ids (DEN 0028, "Function identifiers"). Of the owners only these
 * have a meaning that does not depend on the machine.
 */
#define UK_SMCCC_FAST		0x80000000u	/* not interrupted */
#define UK_SMCCC_64		0x40000000u	/* arguments of 64 bits */
#define UK_SMCCC_NO_SVE		0x00010000u	/* 1.3: no SVE state is live */
#define UK_SMCCC_OWNER_SHIFT	24
#define UK_SMCCC_OWNER_ARCH	0u
#define UK_SMCCC_OWNER_CPU	1u
#define UK_SMCCC_OWNER_SIP	2u	/* silicon vendor */
#define UK_SMCCC_OWNER_OEM	3u
#define UK_SMCCC_OWNER_STD	4u	/* PSCI among others */
#define UK_SMCCC_OWNER_HYP	5u	/* standard hypervisor services */
#define UK_SMCCC_OWNER_VENDOR_HYP	6u
#define UK_SMCCC_OWNER_TRUSTED_APP	48u	/* 48 and 49 */
#define UK_SMCCC_OWNER_TRUSTED_OS	50u	/* 50 to 63 */

/* The id of the fast 32-bit call @num of @owner. */
#define UK_SMCCC_FN(owner, num)						\
	(UK_SMCCC_FAST | (owner) << UK_SMCCC_OWNER_SHIFT | (num))
/* The same as a 64-bit call. */
#define UK_SMCCC_FN64(owner, num)  (UK_SMCCC_FN(owner, num) | UK_SMCCC_64)

#define UK_SMCCC_FN_VERSION	  UK_SMCCC_FN(UK_SMCCC_OWNER_ARCH, 0u)
#define UK_SMCCC_FN_ARCH_FEATURES UK_SMCCC_FN(UK_SMCCC_OWNER_ARCH, 1u)
#define UK_SMCCC_FN_ARCH_SOC_ID	  UK_SMCCC_FN(UK_SMCCC_OWNER_ARCH, 2u)

/* Statuses, as x0 has them, and the errors that functions make of them. */
#define UK_SMCCC_SUCCESS		0
#define UK_SMCCC_NOT_SUPPORTED		(-1)	/* -ENOTSUP */
#define UK_SMCCC_NOT_REQUIRED		(-2)	/* -ENODATA */
#define UK_SMCCC_INVALID_PARAMETER	(-3)	/* -EINVAL */
/*
 * Also -EPROTO: the answer is one that the convention does not know; -ENOSYS:
 * the service has no conduit.
 */

/*
 * Make @svc a service behind @conduit (NULL: a service that nobody provides),
 * of version 1.0, which every other one is compatible with.
 */
void uk_smccc_init(struct uk_smccc *svc, uk_smccc_conduit conduit);

/*
 * Call function x[0] of @svc with x[1] to x[17] as arguments, of which 1.0
 * has up to x[7] and 1.2 all; those the function does not have are 0. Results
 * replace them: x[0] to x[3], and from version 1.2 on all; before that x[4]
 * to x[17] come back as 0. Without a conduit x[0] becomes NOT_SUPPORTED.
 *
 * From 1.3 on the callee is told that no SVE state is live: there is none in
 * an image, SVE is off.
 */
void uk_smccc_invoke(const struct uk_smccc *svc, uint64_t *x);

/*
 * The usual call: up to three arguments, and x0 as the result: of a 32-bit
 * function (without UK_SMCCC_64) w0 with its sign.
 */
int64_t uk_smccc_call(const struct uk_smccc *svc, uint32_t fn, uint64_t a1,
		      uint64_t a2, uint64_t a3);

/*
 * Ask for the version of the convention and keep it in @svc. Only when it is
 * known that the question may be put, for older firmware need not survive it:
 * PSCI tells for its conduit (see uk_psci_smccc()); others are 1.0. "Not
 * supported" is an answer too, and means 1.0.
 *
 * Returns 0, or -ENOSYS, or -EPROTO: that is no version; it stays 1.0 then.
 * Context: boot, or whoever owns @svc.
 */
UK_MUST_USE
int uk_smccc_discover(struct uk_smccc *svc);

/*
 * What the service has of function @fn of the owners ARCH (SMCCC_ARCH_
 * FEATURES). Returns feature flags, 0 or greater; or -ENOTSUP: not there, or
 * a version before 1.1; -ENODATA: a workaround that this CPU does not need;
 * -ENOSYS, -EPROTO.
 */
UK_MUST_USE
int uk_smccc_arch_features(const struct uk_smccc *svc, uint32_t fn);

/* What SMCCC_ARCH_SOC_ID can be asked for. */
enum uk_smccc_soc_id {
	UK_SMCCC_SOC_VERSION = 0,	/* JEP-106 code and SoC number */
	UK_SMCCC_SOC_REVISION = 1,
};

/*
 * Which system on a chip this is. Returns the id, 0 or greater; or -ENOTSUP:
 * the service does not say, or is older than 1.2; -EINVAL; -ENOSYS, -EPROTO.
 */
UK_MUST_USE
int uk_smccc_soc_id(const struct uk_smccc *svc, enum uk_smccc_soc_id what);

/*
 * The error for a status: 0 for @status of 0 or greater, else one of those
 * above.
 */
int uk_smccc_errno(int64_t status);

/* The convention's name of one of the errors above ("NOT_SUPPORTED"). */
const char *uk_smccc_strerror(int err);
