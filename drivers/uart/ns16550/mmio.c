/* SPDX-License-Identifier: BSD-3-Clause */
/* Registers in memory, 1, 2 or 4 bytes apart, in accesses of 1 or 4 bytes. */
#include "ns16550_priv.h"

static uint8_t read8(const struct ns16550 *port, unsigned int reg)
{
	return port->regs[reg << port->reg_shift];
}

static void write8(const struct ns16550 *port, unsigned int reg, uint8_t val)
{
	port->regs[reg << port->reg_shift] = val;
}

static volatile uint32_t *reg32(const struct ns16550 *port, unsigned int reg)
{
	return (volatile uint32_t *)(volatile void *)
	       (port->regs + (reg << port->reg_shift));
}

static uint8_t read32(const struct ns16550 *port, unsigned int reg)
{
	return (uint8_t)*reg32(port, reg);
}

static void write32(const struct ns16550 *port, unsigned int reg, uint8_t val)
{
	*reg32(port, reg) = val;
}

void ns16550_use_mmio(struct ns16550 *port, volatile void *regs,
		      uint32_t reg_shift, uint32_t reg_width)
{
	port->regs = regs;
	port->reg_shift = reg_shift;
	port->read = reg_width == 4 ? read32 : read8;
	port->write = reg_width == 4 ? write32 : write8;
}
