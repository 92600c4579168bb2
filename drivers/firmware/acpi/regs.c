/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is written where. Nothing waits for long: a machine that is in S5 does
 * not answer any more, and one that is not goes on with the next way.
 */
#include "acpi_end_priv.h"

/* PM1 control (ACPI 6.5, 4.8.3.2.1). */
#define PM1_SCI_EN	(1u << 0)
#define PM1_SLP_TYP(t)	((uint32_t)(t) << 10)
#define PM1_SLP_EN	(1u << 13)
#define PM1_SLP_MASK	(PM1_SLP_TYP(7) | PM1_SLP_EN)

/* Sleep control and status where the hardware is reduced (4.8.3.7). */
#define SLEEP_TYP(t)	((uint32_t)(t) << 2)
#define SLEEP_EN	(1u << 5)
#define SLEEP_WAK_STS	(1u << 7)

/* Reads until the firmware must have handed the registers over. */
#define READS		10000u

bool acpi_end_enable(const struct uk_acpi_fadt *fadt,
		     const struct acpi_end_bus *bus)
{
	const struct uk_acpi_reg smi = {
		.addr = fadt->smi_cmd, .space = UK_ACPI_PORT, .len = 1,
	};

	if (!fadt->smi_cmd || !fadt->acpi_enable ||
	    (bus->read(&fadt->pm1a_cnt) & PM1_SCI_EN))
		return true;
	bus->write(&smi, fadt->acpi_enable);
	for (unsigned int i = 0; i < READS; i++)
		if (bus->read(&fadt->pm1a_cnt) & PM1_SCI_EN)
			return true;
	return false;
}

/* The type goes before the order, as one write may be torn. */
static void sleep(const struct uk_acpi_reg *reg, uint8_t typ,
		  const struct acpi_end_bus *bus)
{
	uint32_t val;

	if (!reg->addr)
		return;
	val = (bus->read(reg) & ~PM1_SLP_MASK) | PM1_SLP_TYP(typ);
	bus->write(reg, val);
	bus->write(reg, val | PM1_SLP_EN);
}

bool acpi_end_off(const struct uk_acpi_fadt *fadt,
		  const struct uk_acpi_s5 *s5,
		  const struct acpi_end_bus *bus)
{
	if (fadt->flags & UK_ACPI_FADT_HW_REDUCED) {
		if (!fadt->sleep_control.addr)
			return false;
		if (fadt->sleep_status.addr)
			bus->write(&fadt->sleep_status, SLEEP_WAK_STS);
		bus->write(&fadt->sleep_control,
			   SLEEP_TYP(s5->typ_a) | SLEEP_EN);
		return true;
	}
	if (!fadt->pm1a_cnt.addr)
		return false;
	(void)acpi_end_enable(fadt, bus);
	sleep(&fadt->pm1a_cnt, s5->typ_a, bus);
	sleep(&fadt->pm1b_cnt, s5->typ_b, bus);
	return true;
}

bool acpi_end_reset(const struct uk_acpi_fadt *fadt,
		    const struct acpi_end_bus *bus)
{
	if (!fadt->reset.addr)
		return false;
	bus->write(&fadt->reset, fadt->reset_value);
	return true;
}
