/* SPDX-License-Identifier: BSD-3-Clause */
/* Registers in memory, 1, 2 or 4 bytes apart, in accesses of 1 or 4 bytes. */
#include "ns16550_priv.h"

#include <uk/arch/mmio.h>

static uint8_t read8(const struct ns16550 *port, unsigned int reg)
{
	return ukarch_mmio_read8(port->regs + (reg << port->reg_shift));
}

static void write8(const struct ns16550 *port, unsigned int reg, uint8_t val)
{
	ukarch_mmio_write8(port->regs + (reg << port->reg_shift), val);
}

static uint8_t read32(const struct ns16550 *port, unsigned int reg)
{
	return (uint8_t)ukarch_mmio_read32(port->regs +
					   (reg << port->reg_shift));
}

static void write32(const struct ns16550 *port, unsigned int reg, uint8_t val)
{
	ukarch_mmio_write32(port->regs + (reg << port->reg_shift), val);
}

void ns16550_use_mmio(struct ns16550 *port, volatile void *regs,
		      uint32_t reg_shift, uint32_t reg_width)
{
	port->regs = regs;
	port->reg_shift = reg_shift;
	port->read = reg_width == 4 ? read32 : read8;
	port->write = reg_width == 4 ? write32 : write8;
}
