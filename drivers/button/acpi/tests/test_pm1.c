/* SPDX-License-Identifier: BSD-3-Clause */
#include "../acpi_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

#define PM1A	0x600u
#define PM1B	0x700u

/* Registers as the chip has them: a one takes a status bit back. */
static struct {
	uint16_t a_sts, a_en, b_sts, b_en;
	unsigned int strays;	/* accesses of other ports */
} chip;

static uint16_t fake_in(uint16_t port)
{
	switch (port) {
	case PM1A:
		return chip.a_sts;
	case PM1B:
		return chip.b_sts;
	default:
		chip.strays++;
		return 0xffff;
	}
}

static void fake_out(uint16_t port, uint16_t val)
{
	switch (port) {
	case PM1A:
		chip.a_sts &= (uint16_t)~val;
		break;
	case PM1A + 2:
		chip.a_en = val;
		break;
	case PM1B:
		chip.b_sts &= (uint16_t)~val;
		break;
	case PM1B + 2:
		chip.b_en = val;
		break;
	default:
		chip.strays++;
	}
}

static const struct button_acpi_io fake = { .in = fake_in, .out = fake_out };

static struct uk_acpi_fadt fadt_of(bool has_b)
{
	struct uk_acpi_fadt fadt = {
		.pm1a_sts = { PM1A, UK_ACPI_PORT, 2 },
		.pm1a_en = { PM1A + 2, UK_ACPI_PORT, 2 },
	};

	chip.a_sts = chip.b_sts = 0xffff;
	chip.a_en = chip.b_en = 0xffff;
	chip.strays = 0;
	if (has_b) {
		fadt.pm1b_sts = (struct uk_acpi_reg){ PM1B, UK_ACPI_PORT, 2 };
		fadt.pm1b_en = (struct uk_acpi_reg){ PM1B + 2, UK_ACPI_PORT,
						     2 };
	}
	return fadt;
}

UK_TEST(button_acpi, nothing_but_the_button_is_enabled)
{
	struct uk_acpi_fadt fadt = fadt_of(false);
	struct button_acpi b;

	UK_EXPECT_EQ(button_acpi_find(&b, &fadt), 0);
	button_acpi_enable(&b, &fake);
	UK_EXPECT_EQ(chip.a_en, 0x100);
	UK_EXPECT_EQ(chip.b_en, 0xffff);

	fadt = fadt_of(true);
	UK_EXPECT_EQ(button_acpi_find(&b, &fadt), 0);
	button_acpi_enable(&b, &fake);
	UK_EXPECT_EQ(chip.a_en, 0x100);
	UK_EXPECT_EQ(chip.b_en, 0x100);
	UK_EXPECT_EQ(chip.strays, 0);
}

UK_TEST(button_acpi, a_press_is_taken_once_and_other_events_stay)
{
	struct uk_acpi_fadt fadt = fadt_of(false);
	struct button_acpi b;

	UK_EXPECT_EQ(button_acpi_find(&b, &fadt), 0);
	UK_EXPECT(button_acpi_take(&b, &fake));
	UK_EXPECT_EQ(chip.a_sts, 0xfeff);
	UK_EXPECT(!button_acpi_take(&b, &fake));
	UK_EXPECT_EQ(chip.a_sts, 0xfeff);
	UK_EXPECT_EQ(chip.strays, 0);
}

UK_TEST(button_acpi, a_press_may_be_in_either_group)
{
	struct uk_acpi_fadt fadt = fadt_of(true);
	struct button_acpi b;

	UK_EXPECT_EQ(button_acpi_find(&b, &fadt), 0);
	chip.a_sts = 0;
	UK_EXPECT(button_acpi_take(&b, &fake));
	UK_EXPECT_EQ(chip.b_sts, 0xfeff);
	chip.a_sts = 0x100;
	UK_EXPECT(button_acpi_take(&b, &fake));
	UK_EXPECT(!button_acpi_take(&b, &fake));
}

UK_TEST(button_acpi, machines_without_one_have_none)
{
	struct uk_acpi_fadt fadt = fadt_of(false);
	struct button_acpi b;

	fadt.flags = UK_ACPI_FADT_NO_PWR_BUTTON;
	UK_EXPECT_EQ(button_acpi_find(&b, &fadt), -ENODEV);
	fadt.flags = UK_ACPI_FADT_HW_REDUCED;
	UK_EXPECT_EQ(button_acpi_find(&b, &fadt), -ENODEV);
	fadt.flags = 0;
	fadt.pm1a_sts.addr = 0;
	UK_EXPECT_EQ(button_acpi_find(&b, &fadt), -ENODEV);
}

UK_TEST(button_acpi, registers_in_memory_are_refused)
{
	struct uk_acpi_fadt fadt = fadt_of(true);
	struct button_acpi b;

	fadt.pm1b_sts.space = UK_ACPI_MEMORY;
	UK_EXPECT_EQ(button_acpi_find(&b, &fadt), -ENOTSUP);
	fadt = fadt_of(false);
	fadt.pm1a_sts.space = UK_ACPI_MEMORY;
	UK_EXPECT_EQ(button_acpi_find(&b, &fadt), -ENOTSUP);
}
