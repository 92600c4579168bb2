/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's own tables, and what lib/uklcpu has of them. */
#include <uk/acpi.h>
#include <uk/acpi_madt.h>
#include <uk/apic.h>
#include <uk/arch/lcpu.h>
#include <uk/bootinfo.h>
#include <uk/init.h>
#include <uk/lcpu.h>
#include <uk/mptable.h>
#include <uk/test.h>

static const struct uk_bootinfo *bootinfo;

static int keep_bootinfo(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(EARLY, keep_bootinfo, NULL);

static unsigned int listed_by_acpi(void)
{
	struct uk_acpi_madt_entry e = UK_ACPI_MADT_FIRST;
	struct uk_acpi_madt madt;
	struct uk_acpi *acpi;
	unsigned int n = 0;

	if (uk_acpi_get(bootinfo, &acpi) < 0 ||
	    uk_acpi_madt_read(acpi, &madt) < 0)
		return 0;
	while (uk_acpi_madt_next(&madt, &e))
		if (e.type == UK_ACPI_MADT_LAPIC && e.cpu.enabled) {
			UK_EXPECT_GE(uk_lcpu_find(e.cpu.apic_id), 0);
			n++;
		}
	return n;
}

static unsigned int listed_by_mptable(void)
{
	struct uk_mptable_entry e = UK_MPTABLE_FIRST;
	const struct uk_mptable *table;
	unsigned int n = 0;

	if (uk_mptable_get(bootinfo, &table) < 0)
		return 0;
	while (uk_mptable_next(table, &e))
		if (e.type == UK_MPTABLE_CPU && e.cpu.enabled) {
			UK_EXPECT_GE(uk_lcpu_find(e.cpu.apic_id), 0);
			n++;
		}
	return n;
}

UK_TEST(lcpu_sipi, every_cpu_that_firmware_lists_has_an_index)
{
	unsigned int n;

	(void)uk_lcpu_count();
	if (!uk_apic_is_on())
		UK_TEST_SKIP("a CPU without an APIC is alone");
	n = listed_by_acpi();
	if (n == 0)
		n = listed_by_mptable();
	if (n == 0)
		n = 1;
	UK_EXPECT_EQ(uk_lcpu_count(), n);
	UK_EXPECT_EQ(uk_lcpu_find(ukarch_hwid()), 0);
}
