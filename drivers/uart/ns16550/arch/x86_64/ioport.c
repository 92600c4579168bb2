/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../ns16550_priv.h"

static uint8_t read_port(const struct ns16550 *port, unsigned int reg)
{
	uint8_t val;

	__asm__ volatile("inb %w1, %0"
			 : "=a"(val) : "d"(port->ioport + reg));
	return val;
}

static void write_port(const struct ns16550 *port, unsigned int reg,
		       uint8_t val)
{
	__asm__ volatile("outb %0, %w1"
			 : : "a"(val), "d"(port->ioport + reg));
}

bool ns16550_use_ioport(struct ns16550 *port, uint64_t base)
{
	if (base > UINT16_MAX - NS_NREGS)
		return false;
	port->ioport = (uint16_t)base;
	port->read = read_port;
	port->write = write_port;
	return true;
}
