/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * Capabilities and groups, as Linux's ABI has them: capget(2), getgroups(2).
 */

#define UK_ABI_CAP_VERSION_1	0x19980330u	/* one struct of data */
#define UK_ABI_CAP_VERSION_2	0x20071026u	/* two, the low half first */
#define UK_ABI_CAP_VERSION_3	0x20080522u	/* likewise */

struct uk_abi_cap_header {
	uint32_t version;
	int32_t pid;		/* 0: the caller */
};

struct uk_abi_cap_data {
	uint32_t effective;
	uint32_t permitted;
	uint32_t inheritable;
};

_Static_assert(sizeof(struct uk_abi_cap_header) == 8, "Linux ABI");
_Static_assert(sizeof(struct uk_abi_cap_data) == 12, "Linux ABI");

/* Bits of the sets. */
#define UK_ABI_CAP_SETGID	6
#define UK_ABI_CAP_SETUID	7
#define UK_ABI_CAP_SETPCAP	8
#define UK_ABI_CAP_LAST		40	/* CHECKPOINT_RESTORE */

/* No id: "leave it as it is", or not valid. */
#define UK_ABI_NO_ID		UINT32_MAX
