/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/console.h>
#include <uk/essentials.h>

/* Registers of the 16550 (PC16550D data sheet, 8.0), by number. */
#define NS_DATA		0	/* read: receive, write: transmit; DLL */
#define NS_IER		1	/* interrupt enable; DLM */
#define NS_FCR		2	/* write: FIFO control */
#define NS_IIR		2	/* read: interrupt identification */
#define NS_LCR		3	/* line control */
#define NS_MCR		4	/* modem control */
#define NS_LSR		5	/* line status */
#define NS_MSR		6	/* modem status */
#define NS_SCR		7	/* scratch */
#define NS_NREGS	8

#define FCR_FIFO	0x01
#define IER_DATA	0x01	/* input interrupts */
#define IIR_NONE	0x01	/* no interrupt waits */
#define IIR_FIFO	0xc0	/* both set: FIFOs that work */
#define LCR_8N1		0x03
#define LCR_DIVISOR	0x80	/* registers 0 and 1 are the divisor */
#define MCR_DTR_RTS	0x03
#define MCR_OUT2	0x08	/* of PCs: interrupts leave the chip */
#define MCR_LOOP	0x10
#define MCR_RTS_OUT2	0x0a
#define MSR_CTS_DCD	0x90	/* what RTS and OUT2 become in loop mode */
#define MSR_LINES	0xf0
#define LSR_DATA	0x01	/* a byte has arrived */
#define LSR_BROKEN	0x1c	/* break, framing or parity error */
#define LSR_EMPTY	0x20	/* the transmit FIFO is empty */
#define LSR_SENT	0x40	/* and nothing is being sent */

#define NS_FIFO		16	/* bytes */

/* Looks at a full transmitter, after which the port counts as stuck. */
#define NS_PATIENCE	(1u << 20)

struct ns16550 {
	struct uk_console con;

	uint8_t (*read)(const struct ns16550 *port, unsigned int reg);
	void (*write)(const struct ns16550 *port, unsigned int reg,
		      uint8_t val);
	uint16_t ioport;
	volatile uint8_t *regs;
	uint32_t reg_shift;
	uint32_t irq;		/* 0: none, or it cannot be had */
	bool has_irq;		/* a handler */

	/* One CPU at a time, as <uk/console.h> says. */
	unsigned int fifo;	/* bytes the transmitter takes when empty */
	unsigned int room;	/* bytes it surely takes now */
	bool stuck;		/* look once per byte, do not wait */
};

static inline struct ns16550 *ns16550_of(struct uk_console *con)
{
	return UK_CONTAINER_OF(con, struct ns16550, con);
}

/*
 * Set how @port is reached, and its interrupt where that is known; false: this
 * architecture has no I/O ports.
 */
bool ns16550_use_ioport(struct ns16550 *port, uint64_t base);
void ns16550_use_mmio(struct ns16550 *port, volatile void *regs,
		      uint32_t reg_shift, uint32_t reg_width);

/* Is there a UART? Its settings are not what they were afterwards. */
bool ns16550_probe(const struct ns16550 *port);

/*
 * Make @port send and receive, without interrupts; with 115200 baud if
 * @set_speed.
 */
void ns16550_start(struct ns16550 *port, bool set_speed);

/* See <uk/console.h>; without interrupts in the image it cannot. */
bool ns16550_notify(struct uk_console *con);

extern const struct uk_console_ops ns16550_ops;
