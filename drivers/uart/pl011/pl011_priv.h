/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/console.h>

/*
 * Registers of the PrimeCell UART (Arm DDI 0183, 3.2), all 32 bits wide to
 * us, by offset in bytes.
 */
#define PL011_DR	0x00
#define PL011_FR	0x18
#define PL011_LCRH	0x2c
#define PL011_CR	0x30
#define PL011_IMSC	0x38
#define PL011_ICR	0x44
#define PL011_LEN	0x1000

#define DR_DATA		0xffu
#define DR_BROKEN	0x700u		/* framing, parity, break */
#define FR_RXFE		(1u << 4)	/* receive FIFO empty */
#define FR_TXFF		(1u << 5)	/* transmit FIFO full */
#define LCRH_8N1_FIFO	0x70u
#define CR_UARTEN	(1u << 0)
#define CR_TXE		(1u << 8)
#define CR_RXE		(1u << 9)
#define ICR_ALL		0x7ffu

/* Looks at a full FIFO, after which the port counts as stuck. */
#define PL011_PATIENCE	(1u << 20)

struct pl011 {
	struct uk_console con;
	volatile uint32_t *regs;
	bool is_sbsa;		/* without CR and LCRH: it is always on */
	bool stuck;		/* look once per byte, do not wait */
};

/* Make the port at @port->regs send and receive, without interrupts. */
void pl011_start(struct pl011 *port);

extern const struct uk_console_ops pl011_ops;
