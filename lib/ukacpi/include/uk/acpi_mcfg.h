/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

struct uk_acpi;

/*
 * The MCFG table (PCI Firmware Specification 3.2, 4.1.2): where PCI Express
 * configuration space is in memory. Context: see <uk/acpi.h>.
 */

struct uk_acpi_mcfg {
	/* The reader's own. */
	const uint8_t *data;
	uint32_t len;
};

/*
 * The space of some buses of a segment. That of @bus is at @base + (@bus <<
 * 20), 1 MiB long: @base is bus 0's, also where @bus_first is not 0. All of
 * it is below 2^64, and neither empty nor at address 0.
 */
struct uk_acpi_ecam {
	uint32_t next;		/* the reader's own */
	uint64_t base;
	uint16_t segment;
	uint8_t bus_first;
	uint8_t bus_last;
};

/* Before the first one. */
#define UK_ACPI_ECAM_FIRST	{ .next = 0 }

/*
 * Find the MCFG table. Returns 0, or an error of uk_acpi_find(), -EBADMSG also
 * if it is too short.
 */
UK_MUST_USE
int uk_acpi_mcfg_read(struct uk_acpi *acpi, struct uk_acpi_mcfg *mcfg);

/*
 * Go on to the next range of buses; one that is absurd is logged by the read
 * function and left out here. Returns false, and none, after the last one.
 */
UK_MUST_USE
bool uk_acpi_mcfg_next(const struct uk_acpi_mcfg *mcfg,
		       struct uk_acpi_ecam *ecam);
