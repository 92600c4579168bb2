/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/intctlr.h>

/* How ports are reached; tests put a model of the chips there. */
struct pic_io {
	uint8_t (*in)(uint16_t port);
	void (*out)(uint16_t port, uint8_t val);
};

/* The two chips. @masks is what was written last: it is never read back. */
struct pic {
	const struct pic_io *io;
	uint16_t masks;		/* bit n: line n is masked */
	bool has_elcr;		/* by pic_start() */
};

#define PIC_NLINES	16u
#define PIC_CASCADE	2u	/* where the second chip is on the first */
#define PIC_VECTOR	0x20u	/* of line 0 */

/*
 * Ports and words (Intel 8259A data sheet, "Programming the 8259A"; for the
 * ELCR, Intel 82371SB data sheet, 2.5.5).
 */
#define PIC1_CMD	0x20
#define PIC1_DATA	0x21
#define PIC2_CMD	0xa0
#define PIC2_DATA	0xa1
#define PIC_ELCR1	0x4d0	/* bit set: level */
#define PIC_ELCR2	0x4d1

#define PIC_ICW1	0x11	/* edge, cascade, ICW4 follows */
#define PIC_ICW4	0x01	/* 8086 mode */
#define PIC_EOI		0x20	/* OCW2: of the most urgent in service */
#define PIC_READ_ISR	0x0b	/* OCW3 */

/*
 * chip.c. Interrupts are off, and there is one caller at a time.
 */

/* Both masked, at their vectors. */
void pic_silence(struct pic *pic);

/* Are there chips? All is masked afterwards. */
bool pic_is_there(const struct pic_io *io);

/*
 * As pic_silence(), and the way from the second chip to the CPU is open.
 * Returns 0, or
 *   -ENODEV  there are none
 */
UK_MUST_USE int pic_start(struct pic *pic);

void pic_mask(struct pic *pic, unsigned int line);
void pic_unmask(struct pic *pic, unsigned int line);

/*
 * Returns 0, or
 *   -EINVAL   @line is the cascade
 *   -ENOTSUP  the line cannot tell so
 */
UK_MUST_USE
int pic_set_trigger(struct pic *pic, unsigned int line,
		    enum uk_irq_trigger trigger);

/*
 * Vector PIC_VECTOR + @line came. Is it an interrupt of that line? If not,
 * there is nothing left to do; else pic_done() comes after the handlers.
 */
bool pic_is_real(const struct pic *pic, unsigned int line);
void pic_done(const struct pic *pic, unsigned int line);
