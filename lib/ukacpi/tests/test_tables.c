/* SPDX-License-Identifier: BSD-3-Clause */
/* MCFG, HPET and GTDT. */
#include <uk/acpi.h>
#include <uk/acpi_mcfg.h>
#include <uk/acpi_timer.h>
#include <uk/errno.h>
#include <uk/test.h>

#include "build_acpi.h"

static struct uk_acpi acpi;

#define BYTES(...)	(const uint8_t[]){ __VA_ARGS__ }

/* The only table of a machine. */
#define PUT_REVISION(sig, revision, ...)				\
	do {								\
		begin();						\
		put_table(sig, revision, BYTES(__VA_ARGS__),		\
			  sizeof(BYTES(__VA_ARGS__)));			\
		UK_EXPECT_EQ(open_tables(&acpi), 0);			\
	} while (0)

#define PUT_ONLY(sig, ...)	PUT_REVISION(sig, 1, __VA_ARGS__)

#define ECAM(base, segment, first, last)				\
	LE64(base), LE16(segment), first, last, LE32(0)

UK_TEST(acpi_mcfg, ranges_of_buses_are_read)
{
	struct uk_acpi_ecam e = UK_ACPI_ECAM_FIRST;
	struct uk_acpi_mcfg mcfg;

	PUT_ONLY("MCFG", LE64(0), ECAM(0xb0000000, 0, 0, 255),
		 ECAM(0x4010000000, 1, 64, 127));
	UK_EXPECT_EQ(uk_acpi_mcfg_read(&acpi, &mcfg), 0);
	UK_EXPECT(uk_acpi_mcfg_next(&mcfg, &e));
	UK_EXPECT_EQ(e.base, 0xb0000000);
	UK_EXPECT_EQ(e.segment, 0);
	UK_EXPECT_EQ(e.bus_first, 0);
	UK_EXPECT_EQ(e.bus_last, 255);
	UK_EXPECT(uk_acpi_mcfg_next(&mcfg, &e));
	UK_EXPECT_EQ(e.base, 0x4010000000);
	UK_EXPECT_EQ(e.segment, 1);
	UK_EXPECT_EQ(e.bus_first, 64);
	UK_EXPECT_EQ(e.bus_last, 127);
	UK_EXPECT(!uk_acpi_mcfg_next(&mcfg, &e));
	UK_EXPECT(!uk_acpi_mcfg_next(&mcfg, &e));
	UK_EXPECT_EQ(logged("acpi"), 0);
}

UK_TEST(acpi_mcfg, absurd_ranges_are_left_out_and_named)
{
	struct uk_acpi_ecam e = UK_ACPI_ECAM_FIRST;
	struct uk_acpi_mcfg mcfg;

	PUT_ONLY("MCFG", LE64(0), ECAM(0, 0, 0, 255),
		 ECAM(0xb0000000, 0, 1, 0), ECAM(0xb0001000, 0, 0, 255),
		 ECAM(UINT64_C(0xfffffffff8000000), 0, 0, 128),
		 ECAM(UINT64_C(0xfffffffff8000000), 7, 0, 127), 1, 2, 3);
	UK_EXPECT_EQ(uk_acpi_mcfg_read(&acpi, &mcfg), 0);
	UK_EXPECT_EQ(logged("make no sense, left out"), 4);
	UK_EXPECT(uk_acpi_mcfg_next(&mcfg, &e));
	UK_EXPECT_EQ(e.segment, 7);
	UK_EXPECT(!uk_acpi_mcfg_next(&mcfg, &e));
	UK_EXPECT_EQ(uk_acpi_mcfg_read(&acpi, &mcfg), 0);
	UK_EXPECT_EQ(logged("acpi"), 0);
}

UK_TEST(acpi_mcfg, a_short_table_is_refused_and_half_an_entry_ignored)
{
	struct uk_acpi_ecam e = UK_ACPI_ECAM_FIRST;
	struct uk_acpi_mcfg mcfg;

	PUT_ONLY("MCFG", LE32(0));
	UK_EXPECT_EQ(uk_acpi_mcfg_read(&acpi, &mcfg), -EBADMSG);
	PUT_ONLY("MCFG", LE64(0), LE64(0xb0000000), LE32(0));
	UK_EXPECT_EQ(uk_acpi_mcfg_read(&acpi, &mcfg), 0);
	UK_EXPECT_EQ(logged("the last entry is cut short"), 1);
	UK_EXPECT(!uk_acpi_mcfg_next(&mcfg, &e));
	begin();
	UK_EXPECT_EQ(open_tables(&acpi), 0);
	UK_EXPECT_EQ(uk_acpi_mcfg_read(&acpi, &mcfg), -ENOENT);
}

#define HPET(space, addr)						\
	LE32(0x8086a201), space, 64, 0, 0, LE64(addr), 2, LE16(0x37ee), 0

UK_TEST(acpi_hpet, address_id_and_least_tick_are_read)
{
	struct uk_acpi_hpet hpet;

	PUT_ONLY("HPET", HPET(0, 0xfed00000));
	UK_EXPECT_EQ(uk_acpi_hpet_read(&acpi, 0, &hpet), 0);
	UK_EXPECT_EQ(hpet.addr, 0xfed00000);
	UK_EXPECT_EQ(hpet.id, 0x8086a201);
	UK_EXPECT_EQ(hpet.number, 2);
	UK_EXPECT_EQ(hpet.min_tick, 0x37ee);
	UK_EXPECT_EQ(uk_acpi_hpet_read(&acpi, 1, &hpet), -ENOENT);
}

UK_TEST(acpi_hpet, one_that_is_in_no_memory_is_refused)
{
	struct uk_acpi_hpet hpet;

	PUT_ONLY("HPET", HPET(1, 0xfed00000));
	UK_EXPECT_EQ(uk_acpi_hpet_read(&acpi, 0, &hpet), -EBADMSG);
	UK_EXPECT_EQ(logged("0xfed00000 in space 1 is no address"), 1);
	UK_EXPECT_EQ(uk_acpi_hpet_read(&acpi, 0, &hpet), -EBADMSG);
	UK_EXPECT_EQ(logged("acpi"), 0);
	PUT_ONLY("HPET", HPET(0, 0));
	UK_EXPECT_EQ(uk_acpi_hpet_read(&acpi, 0, &hpet), -EBADMSG);
	PUT_ONLY("HPET", HPET(0, UINT64_MAX - 1022));
	UK_EXPECT_EQ(uk_acpi_hpet_read(&acpi, 0, &hpet), -EBADMSG);
	PUT_ONLY("HPET", LE64(0), LE64(0), LE16(0), 1);
	UK_EXPECT_EQ(uk_acpi_hpet_read(&acpi, 0, &hpet), -EBADMSG);
	UK_EXPECT_EQ(logged("55 bytes are too few"), 1);
}

/* Up to and with the EL2 timer. */
#define GTDT								\
	LE64(-1), LE32(0), LE32(29), LE32(2), LE32(30), LE32(3),	\
	LE32(27), LE32(4), LE32(26), LE32(0)

static void expect_gt(const struct uk_acpi_gt *gt, uint32_t gsi, bool edge,
		      bool active_low, bool always_on)
{
	UK_EXPECT_EQ(gt->gsi, gsi);
	UK_EXPECT_EQ(gt->edge, edge);
	UK_EXPECT_EQ(gt->active_low, active_low);
	UK_EXPECT_EQ(gt->always_on, always_on);
}

UK_TEST(acpi_gtdt, the_timers_interrupts_are_read)
{
	struct uk_acpi_gtdt gtdt;

	PUT_ONLY("GTDT", GTDT);
	UK_EXPECT_EQ(uk_acpi_gtdt_read(&acpi, &gtdt), 0);
	expect_gt(&gtdt.secure, 29, false, true, false);
	expect_gt(&gtdt.phys, 30, true, true, false);
	expect_gt(&gtdt.virt, 27, false, false, true);
	expect_gt(&gtdt.el2, 26, false, false, false);
	expect_gt(&gtdt.el2_virt, 0, false, false, false);

	PUT_REVISION("GTDT", 3, GTDT, LE64(-1), LE32(0), LE32(96), LE32(28),
		     LE32(2));
	UK_EXPECT_EQ(uk_acpi_gtdt_read(&acpi, &gtdt), 0);
	expect_gt(&gtdt.el2_virt, 28, false, true, false);
}

UK_TEST(acpi_gtdt, a_platform_timer_of_revision_2_is_no_interrupt)
{
	struct uk_acpi_gtdt gtdt;

	/* The first 12 of the 28 bytes of a watchdog. */
	PUT_REVISION("GTDT", 2, GTDT, LE64(-1), LE32(1), LE32(96),
		     1, LE16(28), 0, LE64(0x2a440000));
	UK_EXPECT_EQ(uk_acpi_gtdt_read(&acpi, &gtdt), 0);
	expect_gt(&gtdt.virt, 27, false, false, true);
	expect_gt(&gtdt.el2_virt, 0, false, false, false);
}

UK_TEST(acpi_gtdt, one_that_is_too_short_is_refused)
{
	struct uk_acpi_gtdt gtdt;

	PUT_ONLY("GTDT", LE64(-1), LE64(0), LE64(0), LE64(0), LE64(0), 1, 2);
	UK_EXPECT_EQ(uk_acpi_gtdt_read(&acpi, &gtdt), -EBADMSG);
	begin();
	UK_EXPECT_EQ(open_tables(&acpi), 0);
	UK_EXPECT_EQ(uk_acpi_gtdt_read(&acpi, &gtdt), -ENOENT);
}
