/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables of the running machine. */
#include <uk/acpi.h>

#include <uk/acpi_fadt.h>
#include <uk/acpi_madt.h>
#include <uk/acpi_mcfg.h>
#include <uk/acpi_timer.h>
#include <uk/bootinfo.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/string.h>
#include <uk/test.h>

static const struct uk_bootinfo *bootinfo;

static int remember(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(LATE, remember, NULL);

#define GET_OR_SKIP(acpi)						\
	do {								\
		if (uk_acpi_get(bootinfo, acpi) == -ENOENT)		\
			UK_TEST_SKIP("no ACPI on this machine");	\
	} while (0)

/* QEMU's micro-VM and PC have a page of registers for each APIC. */
static bool is_apic_addr(uint64_t addr)
{
	return addr >= 0xfec00000 && addr <= 0xfee00000 && addr % 4096 == 0;
}

/* How many CPUs are enabled in the MADT. */
static unsigned int count_cpus(struct uk_acpi *acpi)
{
	struct uk_acpi_madt_entry e = UK_ACPI_MADT_FIRST;
	struct uk_acpi_madt madt;
	unsigned int n = 0;

	if (!UK_EXPECT_EQ(uk_acpi_madt_read(acpi, &madt), 0))
		return 0;
	while (uk_acpi_madt_next(&madt, &e))
		n += e.type == UK_ACPI_MADT_LAPIC && e.cpu.enabled;
	return n;
}

UK_TEST(acpi_machine, arm64_without_efi_has_no_acpi)
{
	struct uk_acpi *acpi = NULL;

	if (!UK_IS_ENABLED(CONFIG_ARCH_ARM_64))
		UK_TEST_SKIP("x86_64");
	UK_EXPECT_EQ(uk_acpi_get(bootinfo, &acpi), -ENOENT);
	UK_EXPECT_EQ(uk_acpi_get(bootinfo, &acpi), -ENOENT);
	UK_EXPECT_NULL(acpi);
}

UK_TEST(acpi_machine, the_tables_are_found_once_and_none_is_refused)
{
	struct uk_acpi *acpi, *again;

	GET_OR_SKIP(&acpi);
	if (!UK_EXPECT_EQ(uk_acpi_get(bootinfo, &again), 0))
		return;
	UK_EXPECT_EQ(acpi, again);
	UK_EXPECT_GE(acpi->ntables, 2);
	for (uint32_t i = 0; i < acpi->ntables; i++) {
		struct uk_acpi_table *t = NULL;
		char sig[5] = "";

		memcpy(sig, acpi->table[i].sig, 4);
		UK_EXPECT_EQ(uk_acpi_find(acpi, sig, 0, &t), 0);
	}
}

UK_TEST(acpi_machine, the_madt_has_cpus_and_an_ioapic)
{
	struct uk_acpi_madt_entry e = UK_ACPI_MADT_FIRST;
	struct uk_acpi_madt madt;
	unsigned int nioapics = 0;
	struct uk_acpi *acpi;

	GET_OR_SKIP(&acpi);
	UK_EXPECT_GE(count_cpus(acpi), 1);
	if (!UK_EXPECT_EQ(uk_acpi_madt_read(acpi, &madt), 0))
		return;
	UK_EXPECT_EQ(madt.lapic_addr, 0xfee00000);
	while (uk_acpi_madt_next(&madt, &e)) {
		if (e.type != UK_ACPI_MADT_IOAPIC)
			continue;
		UK_EXPECT(is_apic_addr(e.ioapic.addr));
		UK_EXPECT_EQ(e.ioapic.gsi_base, nioapics * 24);
		nioapics++;
	}
	UK_EXPECT_GE(nioapics, 1);
}

UK_TEST(acpi_machine, the_fadt_has_a_pm_timer_or_is_hardware_reduced)
{
	struct uk_acpi_fadt fadt;
	struct uk_acpi *acpi;

	GET_OR_SKIP(&acpi);
	if (!UK_EXPECT_EQ(uk_acpi_fadt_read(acpi, &fadt), 0))
		return;
	if (fadt.flags & UK_ACPI_FADT_HW_REDUCED) {
		UK_EXPECT_EQ(fadt.pm_timer.addr, 0);
		UK_EXPECT_NE(fadt.sleep_control.addr, 0);
		UK_EXPECT_NE(fadt.reset.addr, 0);
	} else {
		UK_EXPECT_EQ(fadt.pm_timer.space, UK_ACPI_PORT);
		UK_EXPECT_EQ(fadt.pm_timer.addr, 0x608);
		UK_EXPECT_EQ(fadt.pm_timer.len, 4);
		UK_EXPECT_EQ(fadt.pm1a_cnt.addr, 0x604);
		UK_EXPECT_EQ(fadt.pm1a_sts.addr, 0x600);
		UK_EXPECT_EQ(fadt.pm1a_en.addr, 0x602);
		UK_EXPECT_EQ(fadt.century, 0x32);
	}
}

/* q35 has the one, pc and q35 the other, unless they are switched off. */
UK_TEST(acpi_machine, mcfg_and_hpet_are_read_where_there_are_any)
{
	struct uk_acpi_ecam e = UK_ACPI_ECAM_FIRST;
	struct uk_acpi_mcfg mcfg;
	struct uk_acpi_hpet hpet;
	struct uk_acpi *acpi;
	int rc;

	GET_OR_SKIP(&acpi);
	rc = uk_acpi_mcfg_read(acpi, &mcfg);
	UK_EXPECT(rc == 0 || rc == -ENOENT);
	if (rc == 0) {
		UK_EXPECT(uk_acpi_mcfg_next(&mcfg, &e));
		UK_EXPECT_EQ(e.bus_first, 0);
	}
	rc = uk_acpi_hpet_read(acpi, 0, &hpet);
	UK_EXPECT(rc == 0 || rc == -ENOENT);
	if (rc == 0)
		UK_EXPECT_EQ(hpet.addr, 0xfed00000);
}

/* Picked by name for a machine with as many (suites/inimage.py). */
UK_TEST(on_demand, the_madt_lists_three_cpus)
{
	struct uk_acpi *acpi;

	if (!UK_EXPECT_EQ(uk_acpi_get(bootinfo, &acpi), 0))
		return;
	UK_EXPECT_EQ(count_cpus(acpi), 3);
}
