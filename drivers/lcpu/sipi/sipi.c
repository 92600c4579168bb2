/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CPUs from firmware's tables, started by messages of the local APIC (Intel
 * SDM volume 3A, 9.4.4.1 and table 9-1; MultiProcessor Specification 1.4,
 * appendix B.4).
 *
 * The specification's 10 ms after INIT are for chips with a separate APIC; a
 * later CPU takes STARTUP at once, and ignores a second one when it runs. So
 * the first attempt has no pause, and the others are STARTUP again, when these
 * 10 ms are over. INIT is never sent again: a CPU that is slow to come, as in
 * a guest with more CPUs than the host has to spare, would be reset in the
 * middle of what it does by then.
 */
#include <stdint.h>

#include <uk/acpi.h>
#include <uk/acpi_madt.h>
#include <uk/apic.h>
#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/lcpu_ops.h>
#include <uk/mptable.h>
#include <uk/print.h>

/* Set at boot. */
static const struct uk_bootinfo *bootinfo;

static void add(uint64_t hwid)
{
	/* A CPU that is listed twice is one; one too many is counted there. */
	if (uk_lcpu_add(hwid, 0) == -EEXIST)
		uk_pr_warn("CPU with APIC id %#lx is listed twice", hwid);
}

static int find_in_madt(void)
{
	struct uk_acpi_madt_entry e = UK_ACPI_MADT_FIRST;
	struct uk_acpi_madt madt;
	struct uk_acpi *acpi;
	int rc = uk_acpi_get(bootinfo, &acpi);

	if (rc == 0)
		rc = uk_acpi_madt_read(acpi, &madt);
	if (rc < 0)
		return rc;
	while (uk_acpi_madt_next(&madt, &e))
		if ((e.type == UK_ACPI_MADT_LAPIC ||
		     e.type == UK_ACPI_MADT_X2APIC) && e.cpu.enabled)
			add(e.cpu.apic_id);
	return 0;
}

static int find_in_mptable(void)
{
	struct uk_mptable_entry e = UK_MPTABLE_FIRST;
	const struct uk_mptable *table;
	const int rc = uk_mptable_get(bootinfo, &table);

	if (rc < 0)
		return rc;
	while (uk_mptable_next(table, &e))
		if (e.type == UK_MPTABLE_CPU && e.cpu.enabled)
			add(e.cpu.apic_id);
	return 0;
}

static int sipi_find(void)
{
	/* No CPU can be told anything without it. */
	const int rc = uk_intctlr_start();

	if (rc < 0)
		return rc;
	if (!uk_apic_is_on())
		return -ENODEV;
	if (find_in_madt() == 0 || find_in_mptable() == 0)
		return 0;
	uk_pr_info("neither ACPI nor an MP table lists CPUs: there is one");
	return 0;
}

static int sipi_start(uint64_t hwid, uint64_t cookie, uint64_t entry,
		      unsigned int attempt)
{
	const uint32_t id = (uint32_t)hwid;
	const unsigned int page = (unsigned int)(entry / 4096);
	int rc = 0;

	(void)cookie;
	if (attempt == 0)
		rc = uk_apic_send_init(id);
	return rc < 0 ? rc : uk_apic_send_startup(id, page);
}

static int sipi_init(const struct uk_boot_ctx *ctx)
{
	static const struct uk_lcpu_ops ops = {
		.name = "sipi",
		.find = sipi_find,
		.start = sipi_start,
	};

	bootinfo = ctx->bi;
	uk_lcpu_register(&ops);
	return 0;
}

UK_INIT(CPU, sipi_init, NULL);
