/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/psci.h>
#include <uk/smccc.h>

#define PSCI_0_1	UK_PSCI_VERSION(0, 1)
#define PSCI_0_2	UK_PSCI_VERSION(0, 2)
#define PSCI_1_0	UK_PSCI_VERSION(1, 0)
#define PSCI_1_1	UK_PSCI_VERSION(1, 1)

/*
 * Whom we call. Written at boot by one CPU; @version and @state_format also
 * later, once, by whoever asks first: all get the same answer, so a single
 * access orders enough.
 */
struct psci {
	struct uk_smccc fw;		/* PSCI needs no more than 1.0 */
	uint32_t version;		/* 0: not asked yet */
	int state_format;		/* enum psci_format */
	struct uk_psci_ids ids;
};

enum psci_format {
	PSCI_FORMAT_NOT_ASKED,
	PSCI_FORMAT_ORIGINAL,
	PSCI_FORMAT_EXTENDED,
};

extern struct psci psci_state;	/* tests put another in its place */

/* The affinity fields of MPIDR_EL1. */
#define PSCI_AFFINITY	UINT64_C(0xff00ffffff)

/* Call @fn; the status is w0 with its sign, of 64-bit functions too. */
static inline int32_t psci_call(uint32_t fn, uint64_t a1, uint64_t a2,
				uint64_t a3)
{
	return (int32_t)uk_smccc_call(&psci_state.fw, fn, a1, a2, a3);
}

/*
 * Is there PSCI, of version @least or later? 0, -ENOSYS, -ENOTSUP, or the
 * error of the version. Where 0.2 is enough nothing is asked: that it is no
 * 0.1 is known.
 */
int psci_need(uint32_t least);
