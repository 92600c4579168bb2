/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/bootinfo.h>

#include "fuzz.h"

static inline bool fuzz_page_aligned(uint64_t addr)
{
	return (addr & 4095) == 0;
}

/* Stop if @bi, finished and not refused, breaks what <uk/bootinfo.h> says. */
static inline void fuzz_check_regions(const struct uk_bootinfo *bi)
{
	FUZZ_EXPECT(bi->refused <= 0);
	if (bi->refused)
		return;

	FUZZ_EXPECT(bi->nregions >= 1);
	FUZZ_EXPECT(bi->nregions <= UK_BOOTINFO_NREGIONS);
	for (uint32_t i = 0; i < bi->nregions; i++) {
		const struct uk_region *r = &bi->regions[i];
		const struct uk_region *next = r + 1;

		FUZZ_EXPECT(r->len > 0 && r->type < UK_REGION_NTYPES);
		FUZZ_EXPECT(fuzz_page_aligned(r->base) &&
			    fuzz_page_aligned(r->len));
		FUZZ_EXPECT(r->base + r->len - 1 >= r->base);
		FUZZ_EXPECT(r->type != UK_REGION_FREE || r->base != 0);
		if (i + 1 == bi->nregions)
			break;
		FUZZ_EXPECT(r->base + r->len <= next->base &&
			    r->base + r->len != 0);
		FUZZ_EXPECT(r->base + r->len < next->base ||
			    r->type != next->type || r->flags != next->flags);
	}
}
