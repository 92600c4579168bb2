/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

struct uk_bootinfo;
struct uk_fwmem;

/*
 * A reader of the tables of the Intel MultiProcessor Specification 1.4
 * (chapters 4 and 5): CPUs and interrupt controllers of an x86 machine that
 * has no ACPI, as micro-VMs are. Where there is an MADT it goes first.
 *
 * Nothing happens before the first call. The tables come from outside: no
 * byte outside of them is read, whatever they say, and what is refused is
 * named in the log, once. Nothing is allocated or copied. The same holds of
 * memory that firmware did not reserve as in <uk/acpi.h>.
 *
 * Context: stage CPU and later, thread, one CPU at a time: the caller
 * serialises. uk_mptable_next(): any.
 */

enum uk_mptable_type {
	UK_MPTABLE_CPU = 0,		/* .cpu */
	UK_MPTABLE_BUS = 1,		/* .bus */
	UK_MPTABLE_IOAPIC = 2,		/* .ioapic */
	UK_MPTABLE_IOINT = 3,		/* .interrupt */
	UK_MPTABLE_LOCALINT = 4,	/* .interrupt */
};

struct uk_mptable_cpu {
	uint8_t apic_id;
	uint8_t apic_version;
	bool enabled;
	bool bsp;	/* never in a default configuration: not told there */
};

struct uk_mptable_bus {
	uint8_t id;
	char type[7];		/* "ISA", "PCI", …, without blanks */
};

struct uk_mptable_ioapic {
	uint32_t addr;		/* physical; not 0 */
	uint8_t id;
	uint8_t version;
	bool enabled;
};

enum uk_mptable_kind {
	UK_MPTABLE_INT = 0,	/* a vector, by the APIC's own table */
	UK_MPTABLE_NMI = 1,
	UK_MPTABLE_SMI = 2,
	UK_MPTABLE_EXTINT = 3,	/* the 8259 gives the vector */
};

/* As the flags of 4.3.4, and as <uk/acpi_madt.h>. */
enum uk_mptable_polarity {
	UK_MPTABLE_POLARITY_BUS = 0,	/* conforms to the bus */
	UK_MPTABLE_ACTIVE_HIGH = 1,
	UK_MPTABLE_ACTIVE_LOW = 3,
};

enum uk_mptable_trigger {
	UK_MPTABLE_TRIGGER_BUS = 0,
	UK_MPTABLE_EDGE = 1,
	UK_MPTABLE_LEVEL = 3,
};

#define UK_MPTABLE_ALL		0xff

/*
 * Interrupt @bus_irq of bus @bus arrives at input @dest_pin of the I/O APIC,
 * or for LOCALINT of the local APIC (LINT0, LINT1), with id @dest_id or
 * UK_MPTABLE_ALL. On PCI @bus_irq is device << 2 | pin, INTA# being 0.
 */
struct uk_mptable_interrupt {
	uint8_t kind;		/* enum uk_mptable_kind */
	uint8_t polarity;	/* enum uk_mptable_polarity */
	uint8_t trigger;	/* enum uk_mptable_trigger */
	uint8_t bus;
	uint8_t bus_irq;
	uint8_t dest_id;
	uint8_t dest_pin;
};

struct uk_mptable {
	uint64_t paddr;		/* of the floating pointer */
	uint32_t lapic_addr;	/* physical */
	bool imcr;		/* PIC mode: the IMCR must be switched */
	uint8_t default_config;	/* 1 to 7; 0: there is a table */

	/* The reader's own. */
	const uint8_t *data;
	uint32_t len;
	uint32_t nentries;
};

/* An entry, and the place in the stream. */
struct uk_mptable_entry {
	uint32_t next;		/* the reader's own */
	uint32_t index;		/* the reader's own */
	uint32_t type;		/* enum uk_mptable_type */
	union {
		struct uk_mptable_cpu cpu;
		struct uk_mptable_bus bus;
		struct uk_mptable_ioapic ioapic;
		struct uk_mptable_interrupt interrupt;
	};
};

/* Before the first entry. */
#define UK_MPTABLE_FIRST	{ .next = 0 }

/*
 * The tables of this machine, found by the first call; the result is kept,
 * errors too.
 *
 * Returns 0, or
 *   -ENOENT   this machine has none
 *   -EBADMSG  they are damaged
 *   -EFAULT   they cannot be read
 */
UK_MUST_USE
int uk_mptable_get(const struct uk_bootinfo *bi,
		   const struct uk_mptable **table);

/* The same over @mem, which outlives @table. Undefined after a failure. */
UK_MUST_USE
int uk_mptable_open(struct uk_mptable *table, const struct uk_fwmem *mem);

/*
 * Go on to the next entry: of the table, or of a default configuration (5),
 * which has two CPUs. An entry that is delivered is whole and its fields are
 * in range. Returns false, and no entry, after the last one.
 */
UK_MUST_USE
bool uk_mptable_next(const struct uk_mptable *table,
		     struct uk_mptable_entry *entry);
