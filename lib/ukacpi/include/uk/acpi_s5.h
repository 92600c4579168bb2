/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

struct uk_acpi;
struct uk_acpi_fadt;

/*
 * What switches the machine off: the values of \_S5 (ACPI 6.5, 7.4.2), for
 * SLP_TYP of PM1a and PM1b control, 0 to 7. Where the hardware is HW_REDUCED
 * the first is that of the sleep control register. Context: see <uk/acpi.h>.
 */
struct uk_acpi_s5 {
	uint8_t typ_a;
	uint8_t typ_b;
};

/*
 * Look for \_S5 in the DSDT and in the SSDTs, without interpreting them: for
 * the bytes of its definition with constants in it, as any compiler puts it.
 *
 * Returns 0, or
 *   -ENOENT  no table has it; a table that is damaged is logged and has not
 */
UK_MUST_USE
int uk_acpi_s5_read(struct uk_acpi *acpi, const struct uk_acpi_fadt *fadt,
		    struct uk_acpi_s5 *s5);
