/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two 8259A in a row. The masks are kept here and written as a whole; the chips
 * are told of the end of an interrupt by "non-specific" words, which are right
 * as long as no interrupt is handled inside another one.
 */
#include "pic_priv.h"

#include <uk/errno.h>

/* Lines that are edges on every machine: timer, keyboard, cascade, RTC, FPU. */
#define ELCR1_FIXED	0x07u
#define ELCR2_FIXED	0x21u

static void write_masks(const struct pic *pic)
{
	pic->io->out(PIC1_DATA, (uint8_t)pic->masks);
	pic->io->out(PIC2_DATA, (uint8_t)(pic->masks >> 8));
}

void pic_silence(struct pic *pic)
{
	const struct pic_io *const io = pic->io;

	io->out(PIC1_CMD, PIC_ICW1);
	io->out(PIC1_DATA, PIC_VECTOR);
	io->out(PIC1_DATA, 1u << PIC_CASCADE);
	io->out(PIC1_DATA, PIC_ICW4);
	io->out(PIC2_CMD, PIC_ICW1);
	io->out(PIC2_DATA, PIC_VECTOR + 8);
	io->out(PIC2_DATA, PIC_CASCADE);
	io->out(PIC2_DATA, PIC_ICW4);
	pic->masks = 0xffff;
	write_masks(pic);
}

/* The mask is all that can be read back. */
bool pic_is_there(const struct pic_io *io)
{
	const uint8_t probe = (uint8_t) ~(1u << PIC_CASCADE);
	bool there;

	io->out(PIC2_DATA, 0xff);
	io->out(PIC1_DATA, probe);
	there = io->in(PIC1_DATA) == probe;
	io->out(PIC1_DATA, 0xff);
	return there && io->in(PIC1_DATA) == 0xff;
}

/* Bits that are always clear tell it from a port where nothing is. */
static bool has_elcr(const struct pic_io *io)
{
	return !(io->in(PIC_ELCR1) & ELCR1_FIXED) &&
	       !(io->in(PIC_ELCR2) & ELCR2_FIXED);
}

int pic_start(struct pic *pic)
{
	if (!pic_is_there(pic->io))
		return -ENODEV;
	pic_silence(pic);
	pic_unmask(pic, PIC_CASCADE);
	pic->has_elcr = has_elcr(pic->io);
	return 0;
}

void pic_mask(struct pic *pic, unsigned int line)
{
	pic->masks |= (uint16_t)(1u << line);
	write_masks(pic);
}

void pic_unmask(struct pic *pic, unsigned int line)
{
	pic->masks &= (uint16_t) ~(1u << line);
	write_masks(pic);
}

static bool is_fixed(unsigned int line)
{
	return (ELCR1_FIXED | ELCR2_FIXED << 8) >> line & 1;
}

int pic_set_trigger(struct pic *pic, unsigned int line,
		    enum uk_irq_trigger trigger)
{
	const uint16_t port = line < 8 ? PIC_ELCR1 : PIC_ELCR2;
	const uint8_t bit = (uint8_t)(1u << line % 8);
	uint8_t levels;

	if (line == PIC_CASCADE)
		return -EINVAL;
	if (trigger == UK_IRQ_TRIGGER_DEFAULT)
		return 0;
	if (trigger == UK_IRQ_EDGE_FALLING)
		return -ENOTSUP;
	if (!pic->has_elcr || is_fixed(line))
		return trigger == UK_IRQ_EDGE_RISING ? 0 : -ENOTSUP;

	/* What is between PCI and the chip turns the polarity. */
	levels = pic->io->in(port);
	if (trigger == UK_IRQ_EDGE_RISING)
		levels &= (uint8_t)~bit;
	else
		levels |= bit;
	pic->io->out(port, levels);
	return pic->io->in(port) == levels ? 0 : -ENOTSUP;
}

/* Is bit @line of the in-service registers set? */
static bool in_service(const struct pic *pic, unsigned int line)
{
	const uint16_t cmd = line < 8 ? PIC1_CMD : PIC2_CMD;

	pic->io->out(cmd, PIC_READ_ISR);
	return pic->io->in(cmd) >> line % 8 & 1;
}

bool pic_is_real(const struct pic *pic, unsigned int line)
{
	/* One that is gone when the CPU asks for it is told as line 7. */
	if (line % 8 != 7 || in_service(pic, line))
		return true;
	/* The first chip has served the second one all the same. */
	if (line >= 8)
		pic->io->out(PIC1_CMD, PIC_EOI);
	return false;
}

void pic_done(const struct pic *pic, unsigned int line)
{
	if (line >= 8)
		pic->io->out(PIC2_CMD, PIC_EOI);
	pic->io->out(PIC1_CMD, PIC_EOI);
}
