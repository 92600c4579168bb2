/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/acpi_fadt.h>
#include <uk/compiler.h>

/* How ports are reached, which tests replace. */
struct button_acpi_io {
	uint16_t (*in)(uint16_t port);
	void (*out)(uint16_t port, uint16_t val);
};

/* The button of a machine; constant once it is found. Port 0: not there. */
struct button_acpi {
	uint16_t sts[2];	/* of PM1a and PM1b */
	uint16_t en[2];
};

/*
 * Find the button of @fadt. Returns 0, or
 *   -ENODEV   it has none
 *   -ENOTSUP  its registers are no ports
 */
UK_MUST_USE int button_acpi_find(struct button_acpi *b,
				 const struct uk_acpi_fadt *fadt);

/* Have it interrupt, and nothing else of PM1. */
void button_acpi_enable(const struct button_acpi *b,
			const struct button_acpi_io *io);

/* Was it pressed since the last call? */
UK_MUST_USE bool button_acpi_take(const struct button_acpi *b,
				  const struct button_acpi_io *io);
