/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/acpi_madt.h>

#include <uk/acpi.h>
#include <uk/errno.h>
#include <uk/test.h>

#include "build_acpi.h"

static struct uk_acpi acpi;
static struct uk_acpi_madt madt;
static struct uk_acpi_madt_entry e;

/* Local APICs at 0xfee00000, and the flags. */
#define HEAD(flags)	LE32(0xfee00000), LE32(flags)

#define CPU(uid, id, flags)	0, 8, uid, id, LE32(flags)

/* Read an MADT of @body and stand before its first entry. */
static int read_madt(const void *body, uint32_t len)
{
	begin();
	put_table("APIC", 3, body, len);
	if (!UK_EXPECT_EQ(open_tables(&acpi), 0))
		return -EINVAL;
	e = (struct uk_acpi_madt_entry)UK_ACPI_MADT_FIRST;
	return uk_acpi_madt_read(&acpi, &madt);
}

#define READ(...)							\
	read_madt((const uint8_t[]){ __VA_ARGS__ },			\
		  sizeof((const uint8_t[]){ __VA_ARGS__ }))

/* The type of the next entry; -1: there is none. */
static int next(void)
{
	return uk_acpi_madt_next(&madt, &e) ? (int)e.type : -1;
}

static void expect_cpu(int type, uint32_t id, bool enabled)
{
	UK_EXPECT_EQ(next(), type);
	UK_EXPECT_EQ(e.cpu.apic_id, id);
	UK_EXPECT_EQ(e.cpu.enabled, enabled);
}

static void expect_override(uint8_t irq, uint32_t gsi, uint8_t polarity,
			    uint8_t trigger)
{
	UK_EXPECT_EQ(next(), UK_ACPI_MADT_OVERRIDE);
	UK_EXPECT_EQ(e.override.irq, irq);
	UK_EXPECT_EQ(e.override.gsi, gsi);
	UK_EXPECT_EQ(e.override.polarity, polarity);
	UK_EXPECT_EQ(e.override.trigger, trigger);
}

/* As QEMU 7.2 makes it for -M pc -smp 3. */
UK_TEST(acpi_madt, that_of_a_pc_is_read)
{
	UK_EXPECT_EQ(READ(HEAD(1), CPU(0, 0, 1), CPU(1, 1, 1), CPU(2, 2, 1),
			  1, 12, 0, 0, LE32(0xfec00000), LE32(0),
			  2, 10, 0, 0, LE32(2), LE16(0),
			  2, 10, 0, 5, LE32(5), LE16(0xd),
			  2, 10, 0, 9, LE32(9), LE16(0xd),
			  4, 6, 0xff, LE16(0), 1), 0);
	UK_EXPECT_EQ(madt.lapic_addr, 0xfee00000);
	UK_EXPECT(madt.has_8259);
	for (uint32_t i = 0; i < 3; i++) {
		expect_cpu(UK_ACPI_MADT_LAPIC, i, true);
		UK_EXPECT_EQ(e.cpu.uid, i);
		UK_EXPECT(!e.cpu.online_capable);
	}
	UK_EXPECT_EQ(next(), UK_ACPI_MADT_IOAPIC);
	UK_EXPECT_EQ(e.ioapic.addr, 0xfec00000);
	UK_EXPECT_EQ(e.ioapic.gsi_base, 0);
	expect_override(0, 2, UK_ACPI_POLARITY_BUS, UK_ACPI_TRIGGER_BUS);
	expect_override(5, 5, UK_ACPI_ACTIVE_HIGH, UK_ACPI_LEVEL);
	expect_override(9, 9, UK_ACPI_ACTIVE_HIGH, UK_ACPI_LEVEL);
	UK_EXPECT_EQ(next(), UK_ACPI_MADT_LAPIC_NMI);
	UK_EXPECT_EQ(e.lapic_nmi.uid, UK_ACPI_ALL_CPUS);
	UK_EXPECT_EQ(e.lapic_nmi.lint, 1);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("acpi"), 0);
}

UK_TEST(acpi_madt, x2apics_nmis_and_the_64_bit_address_are_read)
{
	UK_EXPECT_EQ(READ(HEAD(0),
			  9, 16, 0, 0, LE32(0x12345), LE32(3), LE32(77),
			  9, 16, 0, 0, LE32(0xffffffff), LE32(0), LE32(78),
			  10, 12, LE16(0xf), LE32(0xffffffff), 1, 0, 0, 0,
			  4, 6, 3, LE16(5), 0,
			  3, 8, LE16(0xf), LE32(23),
			  5, 12, 0, 0, LE64(0x1fee00000)), 0);
	UK_EXPECT_EQ(madt.lapic_addr, 0x1fee00000);
	UK_EXPECT(!madt.has_8259);
	expect_cpu(UK_ACPI_MADT_X2APIC, 0x12345, true);
	UK_EXPECT_EQ(e.cpu.uid, 77);
	UK_EXPECT(e.cpu.online_capable);
	expect_cpu(UK_ACPI_MADT_X2APIC, 0xffffffff, false);
	UK_EXPECT_EQ(next(), UK_ACPI_MADT_X2APIC_NMI);
	UK_EXPECT_EQ(e.lapic_nmi.uid, UK_ACPI_ALL_CPUS);
	UK_EXPECT_EQ(e.lapic_nmi.polarity, UK_ACPI_ACTIVE_LOW);
	UK_EXPECT_EQ(e.lapic_nmi.trigger, UK_ACPI_LEVEL);
	UK_EXPECT_EQ(e.lapic_nmi.lint, 1);
	UK_EXPECT_EQ(next(), UK_ACPI_MADT_LAPIC_NMI);
	UK_EXPECT_EQ(e.lapic_nmi.uid, 3);
	UK_EXPECT_EQ(e.lapic_nmi.polarity, UK_ACPI_ACTIVE_HIGH);
	UK_EXPECT_EQ(e.lapic_nmi.trigger, UK_ACPI_EDGE);
	UK_EXPECT_EQ(e.lapic_nmi.lint, 0);
	UK_EXPECT_EQ(next(), UK_ACPI_MADT_NMI);
	UK_EXPECT_EQ(e.nmi.gsi, 23);
	UK_EXPECT_EQ(e.nmi.polarity, UK_ACPI_ACTIVE_LOW);
	UK_EXPECT_EQ(next(), UK_ACPI_MADT_LAPIC_ADDR);
	UK_EXPECT_EQ(next(), -1);
}

/* The first 76 bytes of a GICC entry of @len. */
#define GICC(len)							\
	11, len, 0, 0, LE32(1), LE32(2), LE32(0x3), LE32(0), LE32(23),	\
	LE64(0), LE64(0x8010000), LE64(0x8040000), LE64(0x8030000),	\
	LE32(25), LE64(0x80a0000), LE64(0xff80000100)

UK_TEST(acpi_madt, gic_cpu_interfaces_of_each_version_are_read)
{
	UK_EXPECT_EQ(READ(HEAD(0), GICC(76), GICC(80), 0, 0, LE16(21),
			  GICC(82), 0, 0, LE16(21), LE16(22)), 0);
	for (unsigned int i = 0; i < 3; i++) {
		UK_EXPECT_EQ(next(), UK_ACPI_MADT_GICC);
		UK_EXPECT_EQ(e.gicc.number, 1);
		UK_EXPECT_EQ(e.gicc.uid, 2);
		UK_EXPECT(e.gicc.enabled && e.gicc.pmu_edge);
		UK_EXPECT(!e.gicc.maint_edge && !e.gicc.online_capable);
		UK_EXPECT_EQ(e.gicc.pmu_gsi, 23);
		UK_EXPECT_EQ(e.gicc.base, 0x8010000);
		UK_EXPECT_EQ(e.gicc.gicv, 0x8040000);
		UK_EXPECT_EQ(e.gicc.gich, 0x8030000);
		UK_EXPECT_EQ(e.gicc.maint_gsi, 25);
		UK_EXPECT_EQ(e.gicc.gicr, 0x80a0000);
		UK_EXPECT_EQ(e.gicc.mpidr, 0xff00000100);
		UK_EXPECT_EQ(e.gicc.spe_gsi, i ? 21 : 0);
		UK_EXPECT_EQ(e.gicc.trbe_gsi, i == 2 ? 22 : 0);
	}
}

UK_TEST(acpi_madt, the_rest_of_a_gic_is_read)
{
	UK_EXPECT_EQ(READ(HEAD(0),
			  12, 24, 0, 0, LE32(7), LE64(0x8000000), LE32(0),
			  3, 0, 0, 0,
			  13, 24, 0, 0, LE32(8), LE64(0x8020000), LE32(1),
			  LE16(64), LE16(80),
			  13, 24, 0, 0, LE32(9), LE64(0x8021000), LE32(0),
			  LE16(0), LE16(0),
			  14, 16, 0, 0, LE64(0x80a0000), LE32(0xf60000),
			  15, 20, 0, 0, LE32(5), LE64(0x8080000), LE32(0)), 0);
	UK_EXPECT_EQ(next(), UK_ACPI_MADT_GICD);
	UK_EXPECT_EQ(e.gicd.id, 7);
	UK_EXPECT_EQ(e.gicd.base, 0x8000000);
	UK_EXPECT_EQ(e.gicd.version, 3);
	UK_EXPECT_EQ(next(), UK_ACPI_MADT_GIC_MSI);
	UK_EXPECT_EQ(e.gic_msi.id, 8);
	UK_EXPECT_EQ(e.gic_msi.base, 0x8020000);
	UK_EXPECT(!e.gic_msi.use_typer);
	UK_EXPECT_EQ(e.gic_msi.spi_count, 64);
	UK_EXPECT_EQ(e.gic_msi.spi_base, 80);
	UK_EXPECT_EQ(next(), UK_ACPI_MADT_GIC_MSI);
	UK_EXPECT(e.gic_msi.use_typer);
	UK_EXPECT_EQ(next(), UK_ACPI_MADT_GICR);
	UK_EXPECT_EQ(e.gicr.base, 0x80a0000);
	UK_EXPECT_EQ(e.gicr.len, 0xf60000);
	UK_EXPECT_EQ(next(), UK_ACPI_MADT_ITS);
	UK_EXPECT_EQ(e.its.id, 5);
	UK_EXPECT_EQ(e.its.base, 0x8080000);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("acpi"), 0);
}

UK_TEST(acpi_madt, an_entry_of_0_or_1_bytes_ends_the_stream)
{
	for (uint8_t len = 0; len < 2; len++) {
		UK_EXPECT_EQ(READ(HEAD(0), CPU(0, 0, 1), 0, len,
				  CPU(1, 1, 1)), 0);
		expect_cpu(UK_ACPI_MADT_LAPIC, 0, true);
		UK_EXPECT_EQ(next(), -1);
		UK_EXPECT_EQ(next(), -1);
		UK_EXPECT_EQ(logged(len ? "APIC at 0xe1000: entry of 1 bytes "
				    "at offset 52, ignored from there" :
				    "entry of 0 bytes at offset 52"), 1);
		UK_EXPECT_EQ(uk_acpi_madt_read(&acpi, &madt), 0);
		UK_EXPECT_EQ(logged("acpi"), 0);
	}
}

UK_TEST(acpi_madt, an_entry_past_the_end_of_the_table_ends_the_stream)
{
	UK_EXPECT_EQ(READ(HEAD(0), CPU(0, 0, 1), 0, 9, 1, 1, LE32(1)), 0);
	expect_cpu(UK_ACPI_MADT_LAPIC, 0, true);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(READ(HEAD(0), CPU(0, 0, 1), 0), 0);
	expect_cpu(UK_ACPI_MADT_LAPIC, 0, true);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("entry of 1 bytes at offset 52"), 1);
}

UK_TEST(acpi_madt, entries_too_short_or_of_an_unknown_type_are_left_out)
{
	UK_EXPECT_EQ(READ(HEAD(0), 0, 7, 1, 1, 1, 0, 0,
			  6, 4, 1, 2, 0x80, 2, 255, 3, 0,
			  11, 40, 0, 0, LE64(0), LE64(0), LE64(0), LE64(0),
			  LE32(0), CPU(0, 5, 1)), 0);
	expect_cpu(UK_ACPI_MADT_LAPIC, 5, true);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("makes no sense, left out"), 2);
}

UK_TEST(acpi_madt, fields_out_of_range_are_left_out)
{
	UK_EXPECT_EQ(READ(HEAD(0), CPU(0, 255, 1),
			  9, 16, 0, 0, LE32(0xffffffff), LE32(1), LE32(0),
			  1, 12, 0, 0, LE32(0), LE32(0),
			  2, 10, 1, 0, LE32(2), LE16(0),
			  2, 10, 0, 16, LE32(2), LE16(0),
			  2, 10, 0, 0, LE32(2), LE16(2),
			  3, 8, LE16(8), LE32(2),
			  4, 6, 0xff, LE16(0), 2,
			  CPU(1, 1, 1)), 0);
	expect_cpu(UK_ACPI_MADT_LAPIC, 1, true);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("makes no sense, left out"), 8);

	UK_EXPECT_EQ(READ(HEAD(0), 5, 12, 0, 0, LE64(0),
			  12, 24, 0, 0, LE32(7), LE64(0), LE64(3),
			  13, 24, 0, 0, LE32(8), LE64(0), LE32(0), LE32(0),
			  13, 24, 0, 0, LE32(8), LE64(0x8020000), LE32(1),
			  LE16(64), LE16(31),
			  13, 24, 0, 0, LE32(8), LE64(0x8020000), LE32(1),
			  LE16(64), LE16(957),
			  14, 16, 0, 0, LE64(0x80a0000), LE32(0),
			  14, 16, 0, 0, LE64(-4096), LE32(0x20000),
			  15, 20, 0, 0, LE32(5), LE64(0), LE32(0),
			  CPU(1, 1, 1)), 0);
	UK_EXPECT_EQ(madt.lapic_addr, 0xfee00000);
	expect_cpu(UK_ACPI_MADT_LAPIC, 1, true);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("makes no sense, left out"), 8);
}

UK_TEST(acpi_madt, messages_about_a_table_have_an_end)
{
	static uint8_t body[8 + 4000];

	for (size_t i = 8; i < sizeof(body); i += 2)
		body[i + 1] = 2;
	UK_EXPECT_EQ(read_madt(body, sizeof(body)), 0);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("APIC at 0xe1000: "), 9);
}

UK_TEST(acpi_madt, without_entries_or_without_a_header_there_are_none)
{
	UK_EXPECT_EQ(READ(HEAD(1)), 0);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(READ(LE32(0), LE16(0), 0), -EBADMSG);
	UK_EXPECT_EQ(logged("43 bytes are too few, 44 are needed"), 1);
	UK_EXPECT_EQ(uk_acpi_madt_read(&acpi, &madt), -EBADMSG);
	UK_EXPECT_EQ(logged("acpi"), 0);

	begin();
	UK_EXPECT_EQ(open_tables(&acpi), 0);
	UK_EXPECT_EQ(uk_acpi_madt_read(&acpi, &madt), -ENOENT);
}
