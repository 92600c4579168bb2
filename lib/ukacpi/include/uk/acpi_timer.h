/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

struct uk_acpi;

/*
 * The tables that describe timers; the PM timer is in <uk/acpi_fadt.h>.
 * Context: see <uk/acpi.h>.
 */

/* An HPET (IA-PC HPET Specification 1.0a, 3.2.4). */
struct uk_acpi_hpet {
	uint64_t addr;		/* physical, of its 1 KiB of registers; not 0 */
	uint32_t id;		/* as its capabilities register has it */
	uint16_t min_tick;	/* of a periodic timer, in counts */
	uint8_t number;
};

/*
 * Read the HPET table number @instance. Returns 0, or an error of
 * uk_acpi_find(), -EBADMSG also if it is too short or its address is none.
 */
UK_MUST_USE
int uk_acpi_hpet_read(struct uk_acpi *acpi, unsigned int instance,
		      struct uk_acpi_hpet *hpet);

/* A timer of the Arm architecture, the same for each CPU. */
struct uk_acpi_gt {
	uint32_t gsi;		/* a private interrupt; 0: not there */
	bool edge;
	bool active_low;
	bool always_on;		/* keeps time in every sleep state */
};

/* The generic timers (ACPI 6.5, 5.2.25). */
struct uk_acpi_gtdt {
	struct uk_acpi_gt secure;	/* EL1 */
	struct uk_acpi_gt phys;		/* EL1, not secure */
	struct uk_acpi_gt virt;
	struct uk_acpi_gt el2;
	struct uk_acpi_gt el2_virt;	/* revision 3 on */
};

/*
 * Read the GTDT. Returns 0, or an error of uk_acpi_find(), -EBADMSG also if it
 * is too short.
 */
UK_MUST_USE
int uk_acpi_gtdt_read(struct uk_acpi *acpi, struct uk_acpi_gtdt *gtdt);
