/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/mmio.h>
#include <uk/compiler.h>

/*
 * Registers of the PrimeCell GPIO (Arm DDI 0190, 3.2), of 8 pins, by offset in
 * bytes. Of the data register the address is a mask: bits 9 to 2 of it are the
 * pins that an access is about.
 */
#define PL061_DIR	0x400	/* 1: an output */
#define PL061_IS	0x404	/* 1: interrupts by level */
#define PL061_IBE	0x408	/* 1: by both edges */
#define PL061_IEV	0x40c	/* 1: by the rising one */
#define PL061_IE	0x410	/* 1: interrupts */
#define PL061_MIS	0x418	/* what has, of those that may */
#define PL061_IC	0x41c	/* taken back by ones */
#define PL061_LEN	0x1000
#define PL061_NPINS	8u

struct button_gpio {
	volatile uint32_t *regs;
	uint8_t bit;		/* of its pin */
	bool active_low;
};

/* Have it interrupt. Returns whether it is held down now. */
UK_MUST_USE bool button_gpio_enable(const struct button_gpio *b);

/* Was it pressed since the last call? */
UK_MUST_USE bool button_gpio_take(const struct button_gpio *b);
