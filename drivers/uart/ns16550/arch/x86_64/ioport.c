/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../ns16550_priv.h"

#include <uk/bits/arch/ioport.h>

static uint8_t read_port(const struct ns16550 *port, unsigned int reg)
{
	return ukarch_in8((uint16_t)(port->ioport + reg));
}

static void write_port(const struct ns16550 *port, unsigned int reg,
		       uint8_t val)
{
	ukarch_out8((uint16_t)(port->ioport + reg), val);
}

/* The ISA lines that ports of a PC have, from line 32 on: <uk/intctlr.h>. */
static uint32_t irq_of(uint16_t base)
{
	switch (base) {
	case 0x3f8:
	case 0x3e8:
		return 32 + 4;
	case 0x2f8:
	case 0x2e8:
		return 32 + 3;
	default:
		return 0;
	}
}

bool ns16550_use_ioport(struct ns16550 *port, uint64_t base)
{
	if (base > UINT16_MAX - NS_NREGS)
		return false;
	port->ioport = (uint16_t)base;
	port->read = read_port;
	port->write = write_port;
	port->irq = irq_of(port->ioport);
	return true;
}
