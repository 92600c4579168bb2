/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/bootinfo.h>

/*
 * While a bi is built, the flags of a region have two halves: the lower one
 * is what regions of its own type said, the upper one what any region said
 * that was added there. bootinfo_settle() makes one of them.
 */
#define BOOTINFO_ANY_SHIFT	16

/*
 * Lay the pages from @base to @end (aligned) over the regions of @bi: @type
 * where it comes before what is there, see the table in the public header.
 *
 * Returns false if there is no room; then a part may be missing.
 */
bool bootinfo_paint(struct uk_bootinfo *bi, uint64_t base, uint64_t end,
		    uint32_t type, uint32_t flags);

/* Decide which half of the flags counts, and merge what became equal. */
void bootinfo_settle(struct uk_bootinfo *bi);

/* Is there an image page in the bytes from @base to @end? */
bool bootinfo_hits_image(const struct uk_bootinfo *bi, uint64_t base,
			 uint64_t end);

/* Settled: are all bytes from @base to @end RAM? */
bool bootinfo_is_ram(const struct uk_bootinfo *bi, uint64_t base,
		     uint64_t end);

/* Cut the first page off a FREE region that begins at address 0. */
void bootinfo_drop_page0(struct uk_bootinfo *bi);
