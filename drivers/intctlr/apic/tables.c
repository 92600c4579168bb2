/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where the plan comes from: ACPI's MADT, or else the tables of the
 * MultiProcessor Specification, which say the same with fewer words. On a
 * machine whose interrupts go past the local APIC at power-on ("PIC mode") a
 * register of its own sends them through.
 */
#include "apic_priv.h"

#include <uk/acpi.h>
#include <uk/acpi_fadt.h>
#include <uk/bits/arch/ioport.h>
#include <uk/errno.h>
#include <uk/pic.h>

/* The interrupt mode configuration register (MP Specification 3.6.2.1). */
#define IMCR_SELECT	0x22
#define IMCR_DATA	0x23
#define IMCR		0x70
#define IMCR_APIC	0x01

static void walk_madt(struct apic_plan *plan, const struct uk_acpi_madt *madt)
{
	struct uk_acpi_madt_entry e = UK_ACPI_MADT_FIRST;

	while (uk_acpi_madt_next(madt, &e))
		apic_plan_madt_first(plan, &e);
	e = (struct uk_acpi_madt_entry)UK_ACPI_MADT_FIRST;
	while (uk_acpi_madt_next(madt, &e))
		apic_plan_madt_second(plan, &e);
}

static void walk_mptable(struct apic_plan *plan, const struct uk_mptable *table)
{
	struct uk_mptable_entry e = UK_MPTABLE_FIRST;

	while (uk_mptable_next(table, &e))
		apic_plan_mp_first(plan, &e);
	e = (struct uk_mptable_entry)UK_MPTABLE_FIRST;
	while (uk_mptable_next(table, &e))
		apic_plan_mp_second(plan, &e);
	if (table->imcr) {
		ukarch_out8(IMCR_SELECT, IMCR);
		ukarch_out8(IMCR_DATA, IMCR_APIC);
	}
}

/*
 * Is what the plan has enough? Without an I/O APIC there are no lines. Xen's
 * tables for a PVH domain tell of PICs that it does not have.
 */
static int judge(struct apic_plan *plan, bool has_8259)
{
	apic_plan_finish(plan);
	if (plan->nioapics)
		return 0;
	if (plan->nrefused)
		return -EINVAL;
	return has_8259 && uk_pic_is_there() ? -ENODEV : 0;
}

int apic_tables_read(const struct uk_bootinfo *bi, struct apic_plan *plan)
{
	const struct uk_mptable *table;
	struct uk_acpi_madt madt;
	struct uk_acpi *acpi;

	apic_plan_init(plan, apic_ioapic_inputs);
	if (uk_acpi_get(bi, &acpi) == 0 &&
	    uk_acpi_madt_read(acpi, &madt) == 0) {
		walk_madt(plan, &madt);
		return judge(plan, madt.has_8259);
	}
	if (uk_mptable_get(bi, &table) == 0) {
		walk_mptable(plan, table);
		return judge(plan, true);
	}
	return -ENODEV;
}

bool apic_tables_allow_msi(const struct uk_bootinfo *bi)
{
	struct uk_acpi_fadt fadt;
	struct uk_acpi *acpi;

	return uk_acpi_get(bi, &acpi) < 0 ||
	       uk_acpi_fadt_read(acpi, &fadt) < 0 ||
	       !(fadt.boot_arch & UK_ACPI_FADT_NO_MSI);
}
