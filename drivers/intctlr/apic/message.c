/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Redirection entries (82093AA data sheet, 3.2.4), messages (SDM volume 3A,
 * 11.11) and interrupt commands (11.6.1, 11.12.9).
 *
 * The first two have 8 bits for a CPU. A hypervisor that offers it takes 7 more
 * where hardware that remaps interrupts has its own format: bits 11 to 5 of
 * a message's address, 55 to 49 of an entry. They are 0 for short ids.
 */
#include "apic_priv.h"

#include <uk/assert.h>

#define MSI_ADDR	UINT64_C(0xfee00000)

#define SHORT_ID_MAX	0xfeu		/* 0xff: all CPUs */
#define LONG_ID_MAX	0x7fffu

bool apic_reaches(uint32_t id, bool long_ids)
{
	if (!long_ids)
		return id <= SHORT_ID_MAX;
	/* In messages 0xff in the lower bits alone is all CPUs still. */
	return id <= LONG_ID_MAX && id != 0xff;
}

uint64_t apic_entry(uint32_t low, uint32_t id)
{
	return low | (uint64_t)(id & 0xff) << 56 |
	       (uint64_t)(id >> 8 & 0x7f) << 49;
}

uint32_t apic_entry_trigger(uint8_t polarity, uint8_t trigger,
			    enum uk_irq_trigger wanted)
{
	switch (wanted) {
	case UK_IRQ_EDGE_RISING:
		return 0;
	case UK_IRQ_EDGE_FALLING:
		return APIC_ENTRY_LOW;
	case UK_IRQ_LEVEL_HIGH:
		return APIC_ENTRY_LEVEL;
	case UK_IRQ_LEVEL_LOW:
		return APIC_ENTRY_LEVEL | APIC_ENTRY_LOW;
	case UK_IRQ_TRIGGER_DEFAULT:
		break;
	}
	return (trigger == UK_ACPI_LEVEL ? APIC_ENTRY_LEVEL : 0) |
	       (polarity == UK_ACPI_ACTIVE_LOW ? APIC_ENTRY_LOW : 0);
}

void apic_msi(unsigned int vector, uint32_t id, struct uk_msi_msg *msg)
{
	msg->addr = MSI_ADDR | (uint64_t)(id & 0xff) << 12 |
		    (uint64_t)(id >> 8 & 0x7f) << 5;
	msg->data = vector;	/* fixed delivery, an edge */
}

bool apic_icr_reaches(enum apic_mode mode, uint32_t id)
{
	return mode == APIC_X2APIC ? id != UINT32_MAX : id <= SHORT_ID_MAX;
}

uint64_t apic_icr(enum apic_mode mode, uint32_t low, uint32_t id)
{
	return low | (uint64_t)id << (mode == APIC_X2APIC ? 32 : 56);
}

/* Bits 3, 1 and 0 (11.5.4); 0xb is "by 1". */
uint32_t apic_divide(unsigned int divide)
{
	uint32_t code;

	UK_ASSERT(divide && divide <= 128 && !(divide & (divide - 1)));

	code = (uint32_t)__builtin_ctz(divide) + 7;
	return (code & 3) | (code & 4) << 1;
}
