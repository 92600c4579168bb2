/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/acpi_mcfg.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fwmem.h>
#include <uk/print.h>

#include "acpi_priv.h"

#define MCFG_ENTRIES	44
#define ENTRY_LEN	16u

/* 32 devices of 8 functions of 4 KiB. */
#define BUS_SHIFT	20

/* Move @ecam to the entry after it; false: there is none. */
static bool step(const struct uk_acpi_mcfg *mcfg, struct uk_acpi_ecam *ecam)
{
	const uint32_t off = ecam->next ? ecam->next : MCFG_ENTRIES;
	const uint8_t *const p = mcfg->data + off;

	if (mcfg->len - off < ENTRY_LEN)
		return false;
	*ecam = (struct uk_acpi_ecam){
		.next = off + ENTRY_LEN,
		.base = uk_fwmem_u64(p, 0),
		.segment = uk_fwmem_u16(p, 8),
		.bus_first = p[10],
		.bus_last = p[11],
	};
	return true;
}

static bool makes_sense(const struct uk_acpi_ecam *ecam)
{
	const uint64_t len = (ecam->bus_last + UINT64_C(1)) << BUS_SHIFT;

	return ecam->base && UK_IS_ALIGNED(ecam->base, 1 << BUS_SHIFT) &&
	       ecam->bus_first <= ecam->bus_last &&
	       ecam->base - 1 <= UINT64_MAX - len;
}

int uk_acpi_mcfg_read(struct uk_acpi *acpi, struct uk_acpi_mcfg *mcfg)
{
	struct uk_acpi_ecam e = UK_ACPI_ECAM_FIRST;
	struct uk_acpi_table *table;
	int rc;

	rc = acpi_find_long(acpi, "MCFG", MCFG_ENTRIES, &table);
	if (rc < 0)
		return rc;

	*mcfg = (struct uk_acpi_mcfg){ table->data, table->len };
	while (step(mcfg, &e))
		if (!makes_sense(&e) && acpi_may_tell(table))
			uk_pr_warn(ACPI_TABLE ": segment %u, buses %u to %u "
				   "at %#llx make no sense, left out",
				   ACPI_TABLE_ARGS(table), e.segment,
				   e.bus_first, e.bus_last,
				   (unsigned long long)e.base);
	if ((table->len - MCFG_ENTRIES) % ENTRY_LEN && acpi_may_tell(table))
		uk_pr_warn(ACPI_TABLE ": the last entry is cut short, left "
			   "out", ACPI_TABLE_ARGS(table));
	acpi_told(table);
	return 0;
}

bool uk_acpi_mcfg_next(const struct uk_acpi_mcfg *mcfg,
		       struct uk_acpi_ecam *ecam)
{
	while (step(mcfg, ecam))
		if (makes_sense(ecam))
			return true;
	return false;
}
