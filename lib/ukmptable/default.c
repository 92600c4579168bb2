/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The default configurations (MultiProcessor Specification 1.4, chapter 5): two
 * CPUs, one I/O APIC, and the interrupts of an ISA machine. They are given as
 * the entries that a table of such a machine would have, made one by one from
 * the place in the stream, so that a driver need not know of them.
 */
#include "mptable_priv.h"

#include <uk/essentials.h>
#include <uk/string.h>

#define NCPUS		2
#define IOAPIC_ID	2	/* the CPUs' are 0 and 1 */
#define IOAPIC_ADDR	0xfec00000u
#define BUS_ISA		0	/* or EISA, or MCA */
#define BUS_PCI		1
#define NPINS		16

/* Versions that tell a discrete 82489DX from an integrated APIC. */
#define VERSION_82489DX		0x01
#define VERSION_INTEGRATED	0x10

/* Table 5-1. */
static const struct {
	char bus[5];
	bool has_pci;
} configs[MPTABLE_NDEFAULTS] = {
	{ "ISA", false }, { "EISA", false }, { "EISA", false },
	{ "MCA", false }, { "ISA", true }, { "EISA", true }, { "MCA", true },
};

/* Entries come in this order, as many of each as the number says. */
enum part {
	PART_CPU,
	PART_BUS,
	PART_IOAPIC,
	PART_IOINT,
	PART_LOCALINT,
	NPARTS
};

/*
 * What arrives at input @pin of the I/O APIC (table 5-2); false: nothing. IRQ 2
 * is the cascade of the two 8259s, so the timer has its place.
 */
static bool io_interrupt(unsigned int config, unsigned int pin,
			 struct uk_mptable_interrupt *irq)
{
	*irq = (struct uk_mptable_interrupt){
		.kind = pin == 0 ? UK_MPTABLE_EXTINT : UK_MPTABLE_INT,
		.bus = BUS_ISA,
		.bus_irq = pin == 2 ? 0 : (uint8_t)pin,
		.dest_id = IOAPIC_ID,
		.dest_pin = (uint8_t)pin,
	};
	if (config == 2)	/* EISA chipsets that have them inside */
		return pin != 2 && pin != 13;
	return config != 7 || pin != 0;
}

/* Make @entry the @i-th of @part; false: it is not there. */
static bool make(unsigned int config, enum part part, unsigned int i,
		 struct uk_mptable_entry *entry)
{
	const bool has_pci = configs[config - 1].has_pci;
	const uint8_t version = has_pci ? VERSION_INTEGRATED : VERSION_82489DX;

	entry->type = (uint32_t)part;
	switch (part) {
	case PART_CPU:
		entry->cpu = (struct uk_mptable_cpu){
			.apic_id = (uint8_t)i,
			.apic_version = version,
			.enabled = true,
		};
		return true;
	case PART_BUS:
		entry->bus = (struct uk_mptable_bus){ .id = (uint8_t)i };
		uk_strlcpy(entry->bus.type, i == BUS_ISA ?
			   configs[config - 1].bus : "PCI",
			   sizeof(entry->bus.type));
		return i == BUS_ISA || has_pci;
	case PART_IOAPIC:
		entry->ioapic = (struct uk_mptable_ioapic){
			.addr = IOAPIC_ADDR,
			.id = IOAPIC_ID,
			.version = version,
			.enabled = true,
		};
		return true;
	case PART_IOINT:
		return io_interrupt(config, i, &entry->interrupt);
	default:		/* the same at all local APICs (table 5-3) */
		entry->interrupt = (struct uk_mptable_interrupt){
			.kind = i == 0 ? UK_MPTABLE_EXTINT : UK_MPTABLE_NMI,
			.bus = BUS_ISA,
			.dest_id = UK_MPTABLE_ALL,
			.dest_pin = (uint8_t)i,
		};
		return true;
	}
}

bool mptable_default_next(unsigned int config, struct uk_mptable_entry *entry)
{
	static const uint8_t count[NPARTS] = {
		[PART_CPU] = NCPUS, [PART_BUS] = BUS_PCI + 1,
		[PART_IOAPIC] = 1, [PART_IOINT] = NPINS, [PART_LOCALINT] = 2,
	};

	_Static_assert((int)PART_CPU == (int)UK_MPTABLE_CPU &&
		       (int)PART_LOCALINT == (int)UK_MPTABLE_LOCALINT,
		       "parts are types");

	for (;;) {
		unsigned int i = entry->index;
		unsigned int part = 0;

		while (part < NPARTS && i >= count[part])
			i -= count[part++];
		if (part == NPARTS)
			return false;
		entry->index++;
		if (make(config, part, i, entry))
			return true;
	}
}
