/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/acpi.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/test.h>

#include "build_acpi.h"

static struct uk_acpi acpi;
static struct uk_acpi_table *table;

/* The only byte of a body, so that tables can be told apart. */
static uint64_t put_numbered(const char *sig, uint8_t number)
{
	return put_table(sig, 1, &number, 1);
}

/* The number of the table found; a negative error. */
static int number(const char *sig, unsigned int instance)
{
	const int rc = uk_acpi_find(&acpi, sig, instance, &table);

	if (rc < 0)
		return rc;
	UK_EXPECT_MEM_EQ(table->data, sig, 4);
	UK_EXPECT_EQ(table->len, UK_ACPI_HEADER_LEN + 1);
	return table->data[UK_ACPI_HEADER_LEN];
}

/* Tables AAAA 1, BBBB 2, AAAA 3, and their XSDT. */
static void three_tables(void)
{
	begin();
	put_numbered("AAAA", 1);
	put_numbered("BBBB", 2);
	put_numbered("AAAA", 3);
	put_xsdt(XSDT);
	put_rsdp(RSDP, 2, 0, XSDT);
}

static void expect_three(uint64_t rsdp)
{
	if (!UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, rsdp), 0))
		return;
	UK_EXPECT_EQ(acpi.ntables, 3);
	UK_EXPECT_EQ(number("AAAA", 0), 1);
	UK_EXPECT_EQ(number("AAAA", 1), 3);
	UK_EXPECT_EQ(number("BBBB", 0), 2);
}

UK_TEST(acpi, tables_are_found_by_signature_and_instance)
{
	three_tables();
	expect_three(0);
	UK_EXPECT_EQ(table->paddr, TABLES + 37);
	UK_EXPECT_EQ(uk_acpi_revision(table), 1);
	UK_EXPECT_EQ(number("AAAA", 2), -ENOENT);
	UK_EXPECT_EQ(number("BBBB", 1), -ENOENT);
	UK_EXPECT_EQ(number("CCCC", 0), -ENOENT);
	UK_EXPECT_EQ(logged("acpi"), 0);
}

UK_TEST(acpi, the_root_pointer_is_where_it_is_told)
{
	three_tables();
	memcpy(mem_at(0xe0008, 36), mem_at(RSDP, 36), 36);
	memset(mem_at(RSDP, 36), 0, 36);
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, 0), -ENOENT);
	expect_three(0xe0008);
}

UK_TEST(acpi, the_root_pointer_is_searched_in_all_of_a_pcs_places)
{
	static const uint32_t places[] = {
		0xf0000, 0xffff0 - 32, EBDA, EBDA + 0x3d0, 0xe0000, 0xefff0,
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(places); i++) {
		three_tables();
		memset(mem_at(RSDP, 36), 0, 36);
		*(uint16_t *)(void *)mem_at(0x40e, 2) = EBDA >> 4;
		put_rsdp(places[i], 2, 0, XSDT);
		expect_three(0);
	}
}

UK_TEST(acpi, a_root_pointer_that_is_told_is_not_searched_elsewhere)
{
	three_tables();
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, 0xe0000), -EBADMSG);
	UK_EXPECT_EQ(logged("root pointer at 0xe0000 has no signature"), 1);
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, 0x5000), -EFAULT);
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, UINT64_MAX - 8), -EFAULT);
}

UK_TEST(acpi, a_machine_without_root_pointer_has_no_acpi)
{
	struct uk_fwmem other = pc_mem;

	begin();
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, 0), -ENOENT);
	three_tables();
	other.is_pc = false;
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &other, 0), -ENOENT);
	UK_EXPECT_EQ(logged("acpi"), 0);
}

UK_TEST(acpi, a_damaged_root_pointer_is_refused_and_the_next_one_taken)
{
	three_tables();
	put_rsdp(0xf0100, 0, RSDT, 0);
	put8(0xf0101, 's');
	put_rsdp(0xf0200, 0, RSDT, 0);
	put8(0xf0200 + 12, 1);
	expect_three(0);
	UK_EXPECT_EQ(logged("at 0xf0200 has a wrong checksum"), 1);
}

UK_TEST(acpi, revision_0_has_20_bytes_and_revision_2_a_second_checksum)
{
	three_tables();
	put_rsdt(RSDT);
	put_rsdp(RSDP, 0, RSDT, 0);
	memset(mem_at(RSDP + 20, 16), 0xff, 16);
	expect_three(RSDP);

	three_tables();
	put8(RSDP + 33, 1);
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, RSDP), -EBADMSG);
	UK_EXPECT_EQ(logged("wrong extended checksum"), 1);
	put8(RSDP + 33, 0);
	put32(RSDP + 20, 35);
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, RSDP), -EBADMSG);
	put32(RSDP + 20, UINT32_MAX);
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, RSDP), -EBADMSG);
	UK_EXPECT_EQ(logged("an impossible length"), 2);
}

UK_TEST(acpi, a_root_pointer_at_the_end_of_memory_is_cut_short)
{
	three_tables();
	memcpy(mem_at(0x100000 - 20, 20), mem_at(RSDP, 20), 20);
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, 0x100000 - 20), -EBADMSG);
	UK_EXPECT_EQ(logged("is cut short"), 1);
	/* The length may go further than what the first 36 bytes say. */
	put_rsdp(0x100000 - 40, 2, 0, XSDT);
	put32(0x100000 - 20, 41);
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, 0x100000 - 40), -EBADMSG);
	UK_EXPECT_EQ(logged("is cut short"), 1);
}

UK_TEST(acpi, xsdt_goes_before_rsdt_unless_it_is_damaged)
{
	three_tables();
	put_rsdp(RSDP, 2, RSDT, XSDT);
	expect_three(0);	/* there is no RSDT */

	put_rsdt(RSDT);
	put8(XSDT + 20, 1);
	expect_three(0);
	UK_EXPECT_EQ(logged("XSDT at 0xf2000: the checksum is wrong"), 1);

	put_rsdp(RSDP, 2, RSDT, 0);
	expect_three(0);
	put_rsdp(RSDP, 2, 0, XSDT);
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, 0), -EBADMSG);
	put_rsdp(RSDP, 2, 0, 0);
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, 0), -EBADMSG);
	UK_EXPECT_EQ(logged("leads to no table"), 1);
}

UK_TEST(acpi, an_rsdt_where_an_xsdt_is_expected_is_refused)
{
	three_tables();
	put_rsdt(RSDT);
	put_rsdp(RSDP, 2, 0, RSDT);
	UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, 0), -EBADMSG);
	UK_EXPECT_EQ(logged("another signature"), 1);
}

UK_TEST(acpi, a_root_table_of_an_absurd_length_is_refused)
{
	static const struct {
		uint32_t len;
		int rc;
	} bad[] = {
		{ 0, -EBADMSG }, { 35, -EBADMSG }, { UINT32_MAX, -EBADMSG },
		{ UK_ACPI_TABLE_MAXLEN + 1, -EBADMSG },
		{ UK_ACPI_TABLE_MAXLEN, -EFAULT }, { 0xe001, -EFAULT },
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(bad); i++) {
		three_tables();
		put32(XSDT + 4, bad[i].len);
		UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, 0), bad[i].rc);
		UK_EXPECT_EQ(logged("XSDT at 0xf2000"), 1);
	}
}

UK_TEST(acpi, no_more_than_64_tables_are_kept)
{
	begin();
	for (unsigned int i = 0; i < UK_ACPI_NTABLES + 3; i++)
		put_numbered(i < UK_ACPI_NTABLES ? "MANY" : "LAST",
			     (uint8_t)i);
	UK_EXPECT_EQ(open_tables(&acpi), 0);
	UK_EXPECT_EQ(acpi.ntables, UK_ACPI_NTABLES);
	UK_EXPECT_EQ(number("MANY", UK_ACPI_NTABLES - 1),
		     UK_ACPI_NTABLES - 1);
	UK_EXPECT_EQ(number("LAST", 0), -ENOENT);
	UK_EXPECT_EQ(logged("67 tables, the first 64 are used"), 1);
}

UK_TEST(acpi, entries_of_the_root_table_that_lead_nowhere_are_left_out)
{
	begin();
	put_numbered("AAAA", 1);
	pc.table[pc.ntables++] = 0;
	pc.table[pc.ntables++] = 0x2000;
	pc.table[pc.ntables++] = 0x100000 - 35;
	pc.table[pc.ntables++] = UINT64_MAX - 3;
	pc.table[pc.ntables++] = UINT64_C(1) << 60;
	put_numbered("BBBB", 2);
	UK_EXPECT_EQ(open_tables(&acpi), 0);
	UK_EXPECT_EQ(acpi.ntables, 2);
	UK_EXPECT_EQ(number("AAAA", 0), 1);
	UK_EXPECT_EQ(number("BBBB", 0), 2);
	UK_EXPECT_EQ(logged("cannot be read, left out"), 5);
}

UK_TEST(acpi, a_root_table_that_lists_itself_does_no_harm)
{
	begin();
	pc.table[pc.ntables++] = XSDT;
	pc.table[pc.ntables++] = XSDT + 1;
	pc.table[pc.ntables++] = RSDP;
	put_numbered("AAAA", 1);
	UK_EXPECT_EQ(open_tables(&acpi), 0);
	UK_EXPECT_EQ(number("AAAA", 0), 1);
	UK_EXPECT_EQ(uk_acpi_find(&acpi, "XSDT", 0, &table), 0);
	UK_EXPECT_EQ(uk_acpi_find(&acpi, "RSD ", 0, &table), -EBADMSG);
}

UK_TEST(acpi, a_table_is_verified_before_use_and_named_once)
{
	static const struct {
		uint32_t off;
		uint8_t val;
		int rc;
	} bad[] = {
		{ 36, 9, -EBADMSG },	/* the checksum is wrong then */
		{ 4, 35, -EBADMSG },
		{ 4, 0, -EBADMSG },
		{ 6, 2, -EFAULT },	/* longer than memory */
		{ 7, 1, -EBADMSG },	/* longer than any table */
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(bad); i++) {
		three_tables();
		put8(pc.table[2] + bad[i].off, bad[i].val);
		UK_EXPECT_EQ(uk_acpi_open(&acpi, &pc_mem, 0), 0);
		UK_EXPECT_EQ(number("AAAA", 0), 1);
		UK_EXPECT_EQ(logged("acpi"), 0);
		table = NULL;
		UK_EXPECT_EQ(number("AAAA", 1), bad[i].rc);
		UK_EXPECT_NULL(table);
		UK_EXPECT_EQ(logged("AAAA at 0xe104a: "), 1);
		UK_EXPECT_EQ(number("AAAA", 1), bad[i].rc);
		UK_EXPECT_EQ(logged("AAAA"), 0);
	}
}
