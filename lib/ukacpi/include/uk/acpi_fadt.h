/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

struct uk_acpi;

/*
 * The Fixed ACPI Description Table (ACPI 6.5, 5.2.9), of any revision: what a
 * short one does not have is not there, and what an old one means without
 * saying it is said here. Context: see <uk/acpi.h>.
 */

/* flags (table 5.10). Before ACPI 5.0 nothing is HW_REDUCED. */
#define UK_ACPI_FADT_NO_PWR_BUTTON	(UINT32_C(1) << 4) /* but the AML's */
#define UK_ACPI_FADT_APIC_CLUSTER	(UINT32_C(1) << 18)
#define UK_ACPI_FADT_APIC_PHYSICAL	(UINT32_C(1) << 19)
#define UK_ACPI_FADT_HW_REDUCED		(UINT32_C(1) << 20)

/*
 * boot_arch (5.2.9.3). Before ACPI 2.0 it did not exist: such a table says
 * LEGACY_DEVICES and 8042 here.
 */
#define UK_ACPI_FADT_LEGACY_DEVICES	(UINT16_C(1) << 0)
#define UK_ACPI_FADT_8042		(UINT16_C(1) << 1)
#define UK_ACPI_FADT_NO_VGA		(UINT16_C(1) << 2)
#define UK_ACPI_FADT_NO_MSI		(UINT16_C(1) << 3)
#define UK_ACPI_FADT_NO_CMOS_RTC	(UINT16_C(1) << 5)

/* arm_boot_arch (5.2.9.4), 0 before ACPI 5.1. */
#define UK_ACPI_FADT_PSCI		(UINT16_C(1) << 0)
#define UK_ACPI_FADT_PSCI_HVC		(UINT16_C(1) << 1) /* else SMC */

enum uk_acpi_space {
	UK_ACPI_MEMORY = 0,
	UK_ACPI_PORT = 1,
	/* Bus 0; addr: device << 32 | function << 16 | offset. Reset only. */
	UK_ACPI_PCI = 2,
};

/*
 * A register, from a generic address structure (5.2.3.2) or an older field.
 * A port is below 0x10000, and no register reaches past the end of its space.
 */
struct uk_acpi_reg {
	uint64_t addr;		/* 0: there is no such register */
	uint8_t space;		/* enum uk_acpi_space */
	uint8_t len;		/* bytes of an access: 1, 2, 4 or 8 */
};

struct uk_acpi_fadt {
	uint8_t revision;
	uint8_t profile;	/* preferred PM profile (5.2.9.1) */
	uint32_t flags;		/* UK_ACPI_FADT_… */
	uint16_t boot_arch;
	uint16_t arm_boot_arch;
	uint64_t dsdt;		/* physical; 0: none. See <uk/acpi_s5.h> */
	uint8_t century;	/* CMOS index of the RTC's; 0: none */
	uint16_t sci_irq;	/* of the 8259, or a GSI */

	/* To be written before PM1 works, if smi_cmd is not 0 (a port). */
	uint16_t smi_cmd;
	uint8_t acpi_enable;

	/* Counts at 3.579545 MHz and wraps at pm_timer_bits, 24 or 32. */
	struct uk_acpi_reg pm_timer;
	uint8_t pm_timer_bits;

	/* Writing reset_value there resets the machine. */
	struct uk_acpi_reg reset;
	uint8_t reset_value;

	/* Sleep states (4.8.3.2, 4.8.3.7); their numbers are in the AML. */
	struct uk_acpi_reg pm1a_cnt;
	struct uk_acpi_reg pm1b_cnt;

	/*
	 * What happened, bits that are taken back by ones, and what of it makes
	 * an SCI (4.8.3.1).
	 */
	struct uk_acpi_reg pm1a_sts;
	struct uk_acpi_reg pm1a_en;
	struct uk_acpi_reg pm1b_sts;
	struct uk_acpi_reg pm1b_en;

	/* Instead of PM1 where the hardware is HW_REDUCED (4.8.3.7). */
	struct uk_acpi_reg sleep_control;
	struct uk_acpi_reg sleep_status;
};

/*
 * Read the FADT. A register that makes no sense is logged, and not there.
 * Returns 0, or an error of uk_acpi_find(), -EBADMSG also if it is too short.
 */
UK_MUST_USE
int uk_acpi_fadt_read(struct uk_acpi *acpi, struct uk_acpi_fadt *fadt);

/* The interrupt of PM1 and other events: a line that others may share. */
struct uk_acpi_sci {
	uint16_t irq;		/* below 16: ISA's, else a GSI */
	bool edge;
	bool active_low;
};

/*
 * The SCI of @fadt, of which there is none if that is HW_REDUCED: an active
 * low level unless the MADT says otherwise (5.2.9).
 */
void uk_acpi_sci_read(struct uk_acpi *acpi, const struct uk_acpi_fadt *fadt,
		      struct uk_acpi_sci *sci);
