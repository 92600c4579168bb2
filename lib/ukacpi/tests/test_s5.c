/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/acpi_s5.h>

#include <uk/acpi_fadt.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/test.h>

#include "build_acpi.h"

/* The DSDT, which no root table names. */
#define DSDT		0xe8000u

static struct uk_acpi acpi;

/* What is read of @dsdt and @ssdt, either of which may be NULL. */
static int read(const uint8_t *dsdt, uint32_t len, const uint8_t *ssdt,
		uint32_t ssdt_len, struct uk_acpi_s5 *s5)
{
	const struct uk_acpi_fadt fadt = { .dsdt = dsdt ? DSDT : 0 };

	begin();
	if (dsdt)
		put_table_at(DSDT, "DSDT", 2, dsdt, len);
	put_table("FACP", 1, "", 0);
	if (ssdt) {
		put_table("SSDT", 2, "", 0);
		put_table("SSDT", 2, ssdt, ssdt_len);
	}
	UK_EXPECT_EQ(open_tables(&acpi), 0);
	return uk_acpi_s5_read(&acpi, &fadt, s5);
}

#define READ(dsdt, s5)	read(dsdt, sizeof(dsdt), NULL, 0, s5)

UK_TEST(acpi_s5, the_values_are_found_as_compilers_put_them)
{
	/* QEMU's q35; its micro-VM; the root named, a long length, words. */
	static const uint8_t q35[] = {
		0x10, 0x0c, '\\', 0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x04,
		0x00, 0x00, 0x00, 0x00,
	};
	static const uint8_t microvm[] = {
		0x08, '_', 'S', '5', '_', 0x12, 0x07, 0x04, 0x0a, 0x05, 0x00,
		0x00, 0x00,
	};
	static const uint8_t odd[] = {
		0xa3, 0x08, '\\', '_', 'S', '5', '_', 0x12, 0x4b, 0x00, 0x02,
		0x0b, 0x07, 0x00, 0x0c, 0x03, 0x00, 0x00, 0x00,
	};
	struct uk_acpi_s5 s5 = { 9, 9 };

	UK_EXPECT_EQ(READ(q35, &s5), 0);
	UK_EXPECT_EQ(s5.typ_a, 0);
	UK_EXPECT_EQ(s5.typ_b, 0);
	UK_EXPECT_EQ(READ(microvm, &s5), 0);
	UK_EXPECT_EQ(s5.typ_a, 5);
	UK_EXPECT_EQ(s5.typ_b, 0);
	UK_EXPECT_EQ(READ(odd, &s5), 0);
	UK_EXPECT_EQ(s5.typ_a, 7);
	UK_EXPECT_EQ(s5.typ_b, 3);
}

UK_TEST(acpi_s5, what_only_looks_like_it_is_passed_by)
{
	static const uint8_t decoys[] = {
		/* A string, a method, a reference, a value, lengths. */
		0x0d, '_', 'S', '5', '_', 0x00,
		0x14, 0x06, '_', 'S', '5', '_', 0x00,
		0x70, '_', 'S', '5', '_', 0x12, 0x04, 0x02, 0x01, 0x01,
		0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x02, 0x0a, 0x08, 0x00,
		0x08, '_', 'S', '5', '_', 0x12, 0x04, 0x01, 0x01, 0x01,
		0x08, '_', 'S', '5', '_', 0x12, 0x03, 0x02, 0x01, 0x01,
		0x08, '_', 'S', '5', '_', 0x12, 0x7f, 0x7f, 0x02, 0x01, 0x01,
		0x08, '_', 'S', '5', '_', 0x12, 0x07, 0x02, 0x0b, 0x01, 0x01,
		0x01,
		0x08, '_', 'S', '5', '_', 0x12, 0x07, 0x02, 'A', 'B', 'C', 'D',
		/* And it. */
		0x08, '_', 'S', '5', '_', 0x12, 0x05, 0x02, 0x0a, 0x06, 0x01,
	};
	struct uk_acpi_s5 s5 = { 9, 9 };

	UK_EXPECT_EQ(READ(decoys, &s5), 0);
	UK_EXPECT_EQ(s5.typ_a, 6);
	UK_EXPECT_EQ(s5.typ_b, 1);
}

UK_TEST(acpi_s5, a_definition_that_the_table_cuts_off_is_none)
{
	static const uint8_t whole[] = {
		0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x02, 0x0a, 0x05, 0x0a,
		0x04,
	};
	struct uk_acpi_s5 s5 = { 9, 9 };

	for (uint32_t len = 0; len < sizeof(whole); len++)
		UK_EXPECT_EQ(read(whole, len, NULL, 0, &s5), -ENOENT);
	/* Nor is one that begins before it. */
	UK_EXPECT_EQ(read(whole + 1, sizeof(whole) - 1, NULL, 0, &s5),
		     -ENOENT);
	UK_EXPECT_EQ(s5.typ_a, 9);
}

UK_TEST(acpi_s5, an_ssdt_may_have_it_where_the_dsdt_is_missing_or_damaged)
{
	static const uint8_t s5_2[] = {
		0x08, '_', 'S', '5', '_', 0x12, 0x05, 0x02, 0x0a, 0x02, 0x00,
	};
	static const uint8_t nothing[] = { 0xa3 };
	struct uk_acpi_s5 s5 = { 9, 9 };

	UK_EXPECT_EQ(read(NULL, 0, NULL, 0, &s5), -ENOENT);
	UK_EXPECT_EQ(s5.typ_a, 9);
	UK_EXPECT_EQ(read(NULL, 0, s5_2, sizeof(s5_2), &s5), 0);
	UK_EXPECT_EQ(s5.typ_a, 2);

	s5.typ_a = 9;
	UK_EXPECT_EQ(read(nothing, sizeof(nothing), s5_2, sizeof(s5_2), &s5),
		     0);
	UK_EXPECT_EQ(s5.typ_a, 2);

	UK_EXPECT_EQ(READ(s5_2, &s5), 0);
	put8(DSDT + 40, 0xff);
	UK_EXPECT_EQ(uk_acpi_s5_read(&acpi, &(struct uk_acpi_fadt){
		.dsdt = DSDT }, &s5), -ENOENT);
	UK_EXPECT_EQ(logged("DSDT at 0xe8000: the checksum is wrong"), 1);
}
