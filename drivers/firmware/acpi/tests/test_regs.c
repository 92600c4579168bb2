/* SPDX-License-Identifier: BSD-3-Clause */
#include "../acpi_end_priv.h"

#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

/* What was written, and what PM1a control reads as. */
static struct {
	uint64_t addr;
	uint32_t val;
} written[8];
static unsigned int nwritten;
static uint32_t pm1a;
static bool firmware_answers;

#define PM1A	0x604u
#define PM1B	0xb004u
#define SMI	0xb2u

static uint32_t fake_read(const struct uk_acpi_reg *reg)
{
	return reg->addr == PM1A ? pm1a : 0;
}

static void fake_write(const struct uk_acpi_reg *reg, uint32_t val)
{
	if (nwritten < UK_ARRAY_SIZE(written)) {
		written[nwritten].addr = reg->addr;
		written[nwritten].val = val;
	}
	nwritten++;
	if (reg->addr == SMI && firmware_answers)
		pm1a |= 1;
}

static const struct acpi_end_bus fake = {
	.read = fake_read, .write = fake_write,
};

static const struct uk_acpi_s5 s5 = { .typ_a = 5, .typ_b = 3 };

static void begin(uint32_t pm1a_reads)
{
	nwritten = 0;
	pm1a = pm1a_reads;
	firmware_answers = true;
}

static void expect_write(unsigned int i, uint64_t addr, uint32_t val)
{
	if (!UK_EXPECT_LT(i, nwritten))
		return;
	UK_EXPECT_EQ(written[i].addr, addr);
	UK_EXPECT_EQ(written[i].val, val);
}

UK_TEST(acpi_end, both_pm1_registers_get_their_types_and_keep_the_rest)
{
	const struct uk_acpi_fadt fadt = {
		.pm1a_cnt = { PM1A, UK_ACPI_PORT, 2 },
		.pm1b_cnt = { PM1B, UK_ACPI_PORT, 2 },
		.smi_cmd = SMI, .acpi_enable = 2,
	};

	begin(0xfc03);
	UK_EXPECT(acpi_end_off(&fadt, &s5, &fake));
	UK_EXPECT_EQ(nwritten, 4);
	expect_write(0, PM1A, 0xd403);
	expect_write(1, PM1A, 0xf403);
	expect_write(2, PM1B, 0x0c00);
	expect_write(3, PM1B, 0x2c00);
}

UK_TEST(acpi_end, firmware_hands_the_registers_over_first)
{
	struct uk_acpi_fadt fadt = {
		.pm1a_cnt = { PM1A, UK_ACPI_PORT, 2 },
		.smi_cmd = SMI, .acpi_enable = 0xf1,
	};

	begin(0);
	UK_EXPECT(acpi_end_off(&fadt, &s5, &fake));
	UK_EXPECT_EQ(nwritten, 3);
	expect_write(0, SMI, 0xf1);
	expect_write(2, PM1A, 0x3401);

	/* It does not: the order is given all the same. */
	begin(0);
	firmware_answers = false;
	UK_EXPECT(acpi_end_off(&fadt, &s5, &fake));
	UK_EXPECT_EQ(nwritten, 3);
	expect_write(2, PM1A, 0x3400);

	/* There is nothing to ask it by. */
	begin(0);
	fadt.smi_cmd = 0;
	UK_EXPECT(acpi_end_off(&fadt, &s5, &fake));
	UK_EXPECT_EQ(nwritten, 2);
}

UK_TEST(acpi_end, reduced_hardware_has_a_register_of_its_own)
{
	struct uk_acpi_fadt fadt = {
		.flags = UK_ACPI_FADT_HW_REDUCED,
		.pm1a_cnt = { PM1A, UK_ACPI_PORT, 2 },
		.sleep_control = { 0xfea00200, UK_ACPI_MEMORY, 1 },
		.sleep_status = { 0xfea00201, UK_ACPI_MEMORY, 1 },
	};

	begin(0);
	UK_EXPECT(acpi_end_off(&fadt, &s5, &fake));
	UK_EXPECT_EQ(nwritten, 2);
	expect_write(0, 0xfea00201, 0x80);
	expect_write(1, 0xfea00200, 0x34);

	begin(0);
	fadt.sleep_status.addr = 0;
	UK_EXPECT(acpi_end_off(&fadt, &s5, &fake));
	UK_EXPECT_EQ(nwritten, 1);
	expect_write(0, 0xfea00200, 0x34);
}

UK_TEST(acpi_end, a_register_that_is_not_there_is_not_written)
{
	struct uk_acpi_fadt fadt = {
		.pm1b_cnt = { PM1B, UK_ACPI_PORT, 2 },
		.smi_cmd = SMI, .acpi_enable = 2,
	};

	begin(0);
	UK_EXPECT(!acpi_end_off(&fadt, &s5, &fake));
	fadt.flags = UK_ACPI_FADT_HW_REDUCED;
	UK_EXPECT(!acpi_end_off(&fadt, &s5, &fake));
	UK_EXPECT(!acpi_end_reset(&fadt, &fake));
	UK_EXPECT_EQ(nwritten, 0);

	fadt.reset = (struct uk_acpi_reg){ 0xcf9, UK_ACPI_PORT, 1 };
	fadt.reset_value = 0xf;
	UK_EXPECT(acpi_end_reset(&fadt, &fake));
	UK_EXPECT_EQ(nwritten, 1);
	expect_write(0, 0xcf9, 0xf);
}
