/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/mptable.h>

/* The base table's entries begin behind its header (4.2). */
#define MPTABLE_HEADER_LEN	44

/* The number of entries of a header that says 0: as many as there are. */
#define MPTABLE_UNTOLD		UINT32_MAX

/* Configurations without a table are 1 to 7 (table 5-1). */
#define MPTABLE_NDEFAULTS	7

/* What a step in the base table found. */
enum mptable_step {
	MPTABLE_END,
	MPTABLE_BROKEN,		/* the rest cannot be followed */
	MPTABLE_BAD,		/* an entry that makes no sense */
	MPTABLE_ENTRY,
};

/* Move @entry to the next entry of the base table, whatever it is. */
enum mptable_step mptable_step(const struct uk_mptable *table,
			       struct uk_mptable_entry *entry);

/* uk_mptable_next() of a default configuration. */
bool mptable_default_next(unsigned int config, struct uk_mptable_entry *entry);
