/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/mmio.h>
#include <uk/console.h>
#include <uk/essentials.h>

/*
 * Registers of the PrimeCell UART (Arm DDI 0183, 3.2), all 32 bits wide to
 * us, by offset in bytes.
 */
#define PL011_DR	0x00
#define PL011_FR	0x18
#define PL011_LCRH	0x2c
#define PL011_CR	0x30
#define PL011_IMSC	0x38
#define PL011_MIS	0x40
#define PL011_ICR	0x44
#define PL011_LEN	0x1000

#define DR_DATA		0xffu
#define DR_BROKEN	0x700u		/* framing, parity, break */
#define FR_BUSY		(1u << 3)	/* sends, or has something to send */
#define FR_RXFE		(1u << 4)	/* receive FIFO empty */
#define FR_TXFF		(1u << 5)	/* transmit FIFO full */
#define LCRH_8N1	0x60u
#define LCRH_8N1_FIFO	0x70u
#define CR_UARTEN	(1u << 0)
#define CR_TXE		(1u << 8)
#define CR_RXE		(1u << 9)
#define ICR_ALL		0x7ffu
#define INT_RX		0x50u		/* bytes: enough, or for long */

/* Looks at a full FIFO, after which the port counts as stuck. */
#define PL011_PATIENCE	(1u << 20)

struct pl011 {
	struct uk_console con;
	volatile uint32_t *regs;
	uint32_t irq;		/* 0: none, or it cannot be had */
	bool has_irq;		/* a handler */
	bool is_sbsa;		/* without CR and LCRH: it is always on */
	bool stuck;		/* look once per byte, do not wait */
};

static inline uint32_t pl011_read(const struct pl011 *port, unsigned int reg)
{
	return ukarch_mmio_read32(&port->regs[reg / 4]);
}

static inline void pl011_write(struct pl011 *port, unsigned int reg,
			       uint32_t val)
{
	ukarch_mmio_write32(&port->regs[reg / 4], val);
}

static inline struct pl011 *pl011_of(struct uk_console *con)
{
	return UK_CONTAINER_OF(con, struct pl011, con);
}

/* Make the port at @port->regs send and receive, without interrupts. */
void pl011_start(struct pl011 *port);

/* See <uk/console.h>; without interrupts in the image it cannot. */
bool pl011_notify(struct uk_console *con);

extern const struct uk_console_ops pl011_ops;
