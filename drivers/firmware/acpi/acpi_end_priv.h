/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/acpi_fadt.h>
#include <uk/acpi_s5.h>

/*
 * How a machine is reached at the end: the accesses, which tests replace. @reg
 * is of the FADT; its address is not 0.
 */
struct acpi_end_bus {
	uint32_t (*read)(const struct uk_acpi_reg *reg);
	void (*write)(const struct uk_acpi_reg *reg, uint32_t val);
};

/*
 * PM1 belongs to the firmware until it is told otherwise (ACPI 6.5, 4.8.2.5):
 * tell it. False: it keeps it. @fadt has PM1a control.
 */
bool acpi_end_enable(const struct uk_acpi_fadt *fadt,
		     const struct acpi_end_bus *bus);

/* Switch off the machine of @fadt; false: nothing was written. */
bool acpi_end_off(const struct uk_acpi_fadt *fadt,
		  const struct uk_acpi_s5 *s5,
		  const struct acpi_end_bus *bus);

/* Reset it; false: it has no register for that. */
bool acpi_end_reset(const struct uk_acpi_fadt *fadt,
		    const struct acpi_end_bus *bus);
