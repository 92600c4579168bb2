/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/smccc.h>

/* Calls of the hypervisor (Arm DEN0057A, 3). */
#define PVTIME_FN_FEATURES	UK_SMCCC_FN64(UK_SMCCC_OWNER_HYP, 0x20u)
#define PVTIME_FN_ST		UK_SMCCC_FN64(UK_SMCCC_OWNER_HYP, 0x21u)

/* What it writes for a CPU. */
struct pvtime_stolen {
	uint32_t revision;
	uint32_t attributes;
	uint64_t ns;
};

_Static_assert(offsetof(struct pvtime_stolen, ns) == 8, "its layout");

#define PVTIME_ALIGN	64u

/*
 * check.c: the address that PVTIME_FN_ST answered. Returns 0, or -ENODEV: there
 * is none, or -EIO: none can be there.
 */
UK_MUST_USE int pvtime_check_paddr(int64_t answer, uint64_t *paddr);

/* Is that a structure we know? Returns 0, or -EIO. */
UK_MUST_USE int pvtime_check(const struct pvtime_stolen *stolen);

/* This machine, or one that is played. */
struct pvtime_machine {
	int64_t (*ask)(void);	/* PVTIME_FN_ST of this CPU */
	/* Map the page at @paddr; 0 or an error of uk_paging_map_linear(). */
	int (*map)(uint64_t paddr);
	const void *(*at)(uint64_t paddr);
};

/*
 * Find this CPU's structure, which may be in a page of its own. Returns 0, or
 * an error of the two above or of @map, with *@stolen as it was.
 */
UK_MUST_USE int pvtime_find(const struct pvtime_machine *machine,
			    const struct pvtime_stolen **stolen);

/*
 * pvtime.c: have this CPU told from now on, if that is offered. Context: boot,
 * or a CPU that has come up.
 */
void pvtime_cpu_start(void);
