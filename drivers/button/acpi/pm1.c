/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The registers of PM1 (ACPI 6.5, 4.8.3.1). A bit may be in either of the two
 * groups: reads are taken together, writes go to both.
 */
#include "acpi_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>

#define PWRBTN	(1u << 8)	/* of status and enable */

static bool take_regs(struct button_acpi *b, unsigned int i,
		      const struct uk_acpi_reg *sts,
		      const struct uk_acpi_reg *en)
{
	if (!sts->addr)
		return true;
	if (sts->space != UK_ACPI_PORT)
		return false;
	b->sts[i] = (uint16_t)sts->addr;
	b->en[i] = (uint16_t)en->addr;
	return true;
}

int button_acpi_find(struct button_acpi *b, const struct uk_acpi_fadt *fadt)
{
	struct button_acpi found = { 0 };

	if ((fadt->flags & (UK_ACPI_FADT_HW_REDUCED |
			    UK_ACPI_FADT_NO_PWR_BUTTON)) ||
	    !fadt->pm1a_sts.addr)
		return -ENODEV;
	if (!take_regs(&found, 0, &fadt->pm1a_sts, &fadt->pm1a_en) ||
	    !take_regs(&found, 1, &fadt->pm1b_sts, &fadt->pm1b_en))
		return -ENOTSUP;
	*b = found;
	return 0;
}

void button_acpi_enable(const struct button_acpi *b,
			const struct button_acpi_io *io)
{
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(b->en); i++)
		if (b->en[i])
			io->out(b->en[i], PWRBTN);
}

bool button_acpi_take(const struct button_acpi *b,
		      const struct button_acpi_io *io)
{
	bool pressed = false;

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(b->sts); i++)
		if (b->sts[i] && (io->in(b->sts[i]) & PWRBTN)) {
			io->out(b->sts[i], PWRBTN);
			pressed = true;
		}
	return pressed;
}
