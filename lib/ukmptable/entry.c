/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The stream of the base table's entries (4.3). An entry has no length: that
 * is in its type, so an unknown type ends the stream. The length of the table
 * bounds it, and the number of entries, where the header tells it.
 */
#include "mptable_priv.h"

#include <uk/fwmem.h>
#include <uk/string.h>

#define CPU_LEN		20
#define OTHER_LEN	8

#define CPU_ENABLED	0x1
#define CPU_BSP		0x2
#define IOAPIC_ENABLED	0x1

#define BUS_TYPE_LEN	6

/* An id of all ones is every APIC. */
static bool read_cpu(struct uk_mptable_cpu *cpu, const uint8_t *p)
{
	*cpu = (struct uk_mptable_cpu){
		.apic_id = p[1],
		.apic_version = p[2],
		.enabled = p[3] & CPU_ENABLED,
		.bsp = p[3] & CPU_BSP,
	};
	return cpu->apic_id != UK_MPTABLE_ALL || !cpu->enabled;
}

/* Up to six printable characters, filled up with blanks. */
static bool read_bus(struct uk_mptable_bus *bus, const uint8_t *p)
{
	unsigned int len = BUS_TYPE_LEN;

	bus->id = p[1];
	while (len && (p[2 + len - 1] == ' ' || p[2 + len - 1] == '\0'))
		len--;
	for (unsigned int i = 0; i < len; i++)
		if (p[2 + i] <= ' ' || p[2 + i] > '~')
			return false;
	memcpy(bus->type, p + 2, len);
	bus->type[len] = '\0';
	return len > 0;
}

static bool read_ioapic(struct uk_mptable_ioapic *ioapic, const uint8_t *p)
{
	*ioapic = (struct uk_mptable_ioapic){
		.id = p[1],
		.version = p[2],
		.enabled = p[3] & IOAPIC_ENABLED,
		.addr = uk_fwmem_u32(p, 4),
	};
	return ioapic->addr != 0;
}

static bool read_interrupt(struct uk_mptable_interrupt *irq, const uint8_t *p)
{
	const uint16_t flags = uk_fwmem_u16(p, 2);
	const bool is_local = p[0] == UK_MPTABLE_LOCALINT;

	*irq = (struct uk_mptable_interrupt){
		.kind = p[1],
		.polarity = flags & 3,
		.trigger = flags >> 2 & 3,
		.bus = p[4],
		.bus_irq = p[5],
		.dest_id = p[6],
		.dest_pin = p[7],
	};
	return irq->kind <= UK_MPTABLE_EXTINT && irq->polarity != 2 &&
	       irq->trigger != 2 && (!is_local || irq->dest_pin <= 1);
}

static bool decode(struct uk_mptable_entry *e, const uint8_t *p)
{
	switch (e->type) {
	case UK_MPTABLE_CPU:
		return read_cpu(&e->cpu, p);
	case UK_MPTABLE_BUS:
		return read_bus(&e->bus, p);
	case UK_MPTABLE_IOAPIC:
		return read_ioapic(&e->ioapic, p);
	default:
		return read_interrupt(&e->interrupt, p);
	}
}

enum mptable_step mptable_step(const struct uk_mptable *table,
			       struct uk_mptable_entry *entry)
{
	const uint32_t off = entry->next ? entry->next : MPTABLE_HEADER_LEN;
	const uint8_t *const p = table->data + off;
	uint32_t len;

	if (entry->index == table->nentries ||
	    (off == table->len && table->nentries == MPTABLE_UNTOLD))
		return MPTABLE_END;
	if (off == table->len || *p > UK_MPTABLE_LOCALINT)
		return MPTABLE_BROKEN;
	len = *p == UK_MPTABLE_CPU ? CPU_LEN : OTHER_LEN;
	if (len > table->len - off)
		return MPTABLE_BROKEN;

	entry->next = off + len;
	entry->index++;
	entry->type = *p;
	return decode(entry, p) ? MPTABLE_ENTRY : MPTABLE_BAD;
}

bool uk_mptable_next(const struct uk_mptable *table,
		     struct uk_mptable_entry *entry)
{
	enum mptable_step found;

	if (table->default_config)
		return mptable_default_next(table->default_config, entry);
	do {
		found = mptable_step(table, entry);
	} while (found == MPTABLE_BAD);
	return found == MPTABLE_ENTRY;
}
