/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

struct uk_acpi;

/*
 * The Multiple APIC Description Table (ACPI 6.5, 5.2.12): CPUs and interrupt
 * controllers, as a stream of typed entries.
 *
 * An entry that is delivered is long enough for its type, and its fields are
 * in range; one that is not is left out, one of an unknown type too. Where the
 * stream itself is broken, it ends. All that is logged by the read function,
 * the first time. Context: see <uk/acpi.h>.
 */

/* What is delivered, by its number in the table. */
enum uk_acpi_madt_type {
	UK_ACPI_MADT_LAPIC = 0,		/* .cpu */
	UK_ACPI_MADT_IOAPIC = 1,	/* .ioapic */
	UK_ACPI_MADT_OVERRIDE = 2,	/* .override */
	UK_ACPI_MADT_NMI = 3,		/* .nmi */
	UK_ACPI_MADT_LAPIC_NMI = 4,	/* .lapic_nmi */
	UK_ACPI_MADT_LAPIC_ADDR = 5,	/* .lapic_addr; madt has it, too */
	UK_ACPI_MADT_X2APIC = 9,	/* .cpu */
	UK_ACPI_MADT_X2APIC_NMI = 10,	/* .lapic_nmi */
	UK_ACPI_MADT_GICC = 11,		/* .gicc */
	UK_ACPI_MADT_GICD = 12,		/* .gicd */
	UK_ACPI_MADT_GIC_MSI = 13,	/* .gic_msi */
	UK_ACPI_MADT_GICR = 14,		/* .gicr */
	UK_ACPI_MADT_ITS = 15,		/* .its */
};

/*
 * MPS INTI flags (table 5.26), the numbers of <uk/mptable.h>. What conforms
 * to ISA is active high and edge-triggered.
 */
enum uk_acpi_polarity {
	UK_ACPI_POLARITY_BUS = 0,	/* conforms to the bus */
	UK_ACPI_ACTIVE_HIGH = 1,
	UK_ACPI_ACTIVE_LOW = 3,
};

enum uk_acpi_trigger {
	UK_ACPI_TRIGGER_BUS = 0,
	UK_ACPI_EDGE = 1,
	UK_ACPI_LEVEL = 3,
};

/*
 * A CPU. One that is not enabled is no CPU of ours now; it may become one
 * (hot plug) if it is online_capable, and never without.
 */
struct uk_acpi_cpu {
	uint32_t apic_id;
	uint32_t uid;
	bool enabled;
	bool online_capable;	/* firmware before ACPI 6.3 never says so */
};

struct uk_acpi_ioapic {
	uint32_t addr;		/* physical */
	uint32_t gsi_base;	/* its first input */
	uint8_t id;
};

/* ISA interrupt @irq, 0 to 15, is not GSI @irq, or not as ISA has them. */
struct uk_acpi_override {
	uint32_t gsi;
	uint8_t irq;
	uint8_t polarity;	/* enum uk_acpi_polarity */
	uint8_t trigger;	/* enum uk_acpi_trigger */
};

struct uk_acpi_nmi {
	uint32_t gsi;
	uint8_t polarity;
	uint8_t trigger;
};

#define UK_ACPI_ALL_CPUS	UINT32_MAX

struct uk_acpi_lapic_nmi {
	uint32_t uid;		/* of the CPU, or UK_ACPI_ALL_CPUS */
	uint8_t lint;		/* 0 or 1 */
	uint8_t polarity;
	uint8_t trigger;
};

/* A CPU with its GIC interface (5.2.12.14). Addresses are 0: not there. */
struct uk_acpi_gicc {
	uint64_t mpidr;		/* affinity fields only */
	uint64_t base;		/* GICv2 CPU interface */
	uint64_t gicv;
	uint64_t gich;
	uint64_t gicr;		/* its redistributor, unless GICR entries do */
	uint32_t number;	/* of the CPU interface */
	uint32_t uid;
	uint32_t pmu_gsi;	/* 0: none */
	uint32_t maint_gsi;	/* VGIC maintenance, 0: none */
	uint16_t spe_gsi;	/* 0: none, or not told (before ACPI 6.3) */
	uint16_t trbe_gsi;	/* 0: none, or not told (before ACPI 6.5) */
	bool enabled;
	bool online_capable;
	bool pmu_edge;
	bool maint_edge;
};

struct uk_acpi_gicd {
	uint64_t base;
	uint32_t id;
	uint8_t version;	/* 1 to 4; 0: not told, ask the hardware */
};

struct uk_acpi_gic_msi {
	uint64_t base;
	uint32_t id;
	uint16_t spi_base;	/* if !use_typer */
	uint16_t spi_count;
	bool use_typer;		/* MSI_TYPER says which SPIs */
};

struct uk_acpi_gicr {
	uint64_t base;
	uint32_t len;		/* of all redistributors there */
};

struct uk_acpi_its {
	uint64_t base;
	uint32_t id;
};

struct uk_acpi_madt {
	uint64_t lapic_addr;	/* physical, overrides applied */
	bool has_8259;		/* PCAT_COMPAT: a PC's two PICs as well */

	/* The reader's own. */
	const uint8_t *data;
	uint32_t len;
};

/* An entry, and the place in the stream. */
struct uk_acpi_madt_entry {
	uint32_t next;		/* the reader's own */
	uint32_t type;		/* enum uk_acpi_madt_type */
	union {
		struct uk_acpi_cpu cpu;
		struct uk_acpi_ioapic ioapic;
		struct uk_acpi_override override;
		struct uk_acpi_nmi nmi;
		struct uk_acpi_lapic_nmi lapic_nmi;
		uint64_t lapic_addr;
		struct uk_acpi_gicc gicc;
		struct uk_acpi_gicd gicd;
		struct uk_acpi_gic_msi gic_msi;
		struct uk_acpi_gicr gicr;
		struct uk_acpi_its its;
	};
};

/* Before the first entry. */
#define UK_ACPI_MADT_FIRST	{ .next = 0 }

/*
 * Find the MADT. Returns 0, or an error of uk_acpi_find(), -EBADMSG also if
 * it is too short.
 */
UK_MUST_USE
int uk_acpi_madt_read(struct uk_acpi *acpi, struct uk_acpi_madt *madt);

/* Go on to the next entry. Returns false, and no entry, after the last one. */
UK_MUST_USE
bool uk_acpi_madt_next(const struct uk_acpi_madt *madt,
		       struct uk_acpi_madt_entry *entry);
