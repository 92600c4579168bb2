/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * Numbers about the system, as Linux's ABI has them on 64-bit machines:
 * sysinfo(2), getrandom(2).
 */

/* `struct sysinfo` of C libraries. Memory is in units of @mem_unit bytes. */
struct uk_abi_sysinfo {
	int64_t uptime;		/* s */
	uint64_t loads[3];	/* of 1, 5, 15 minutes, 16 bits of fraction */
	uint64_t totalram;
	uint64_t freeram;
	uint64_t sharedram;
	uint64_t bufferram;
	uint64_t totalswap;
	uint64_t freeswap;
	uint16_t procs;		/* threads */
	uint16_t pad;
	uint64_t totalhigh;
	uint64_t freehigh;
	uint32_t mem_unit;
};

_Static_assert(sizeof(struct uk_abi_sysinfo) == 112, "Linux ABI, 64 bit");

#define UK_ABI_GRND_NONBLOCK	1
#define UK_ABI_GRND_RANDOM	2
#define UK_ABI_GRND_INSECURE	4
