/* SPDX-License-Identifier: BSD-3-Clause */
/* One pin of the chip; the registers' other bits are somebody else's. */
#include "gpio_priv.h"

static uint32_t read_reg(const struct button_gpio *b, unsigned int reg)
{
	return ukarch_mmio_read32(&b->regs[reg / 4]);
}

static void write_reg(const struct button_gpio *b, unsigned int reg,
		      uint32_t val)
{
	ukarch_mmio_write32(&b->regs[reg / 4], val);
}

static void set_bit(const struct button_gpio *b, unsigned int reg, bool to)
{
	const uint32_t val = read_reg(b, reg);

	write_reg(b, reg, to ? val | b->bit : val & ~(uint32_t)b->bit);
}

bool button_gpio_enable(const struct button_gpio *b)
{
	/* The edge is chosen before it is let out, and the old ones go. */
	set_bit(b, PL061_IE, false);
	set_bit(b, PL061_DIR, false);
	set_bit(b, PL061_IS, false);
	set_bit(b, PL061_IBE, false);
	set_bit(b, PL061_IEV, !b->active_low);
	write_reg(b, PL061_IC, b->bit);
	set_bit(b, PL061_IE, true);
	return !read_reg(b, (unsigned int)b->bit << 2) == b->active_low;
}

bool button_gpio_take(const struct button_gpio *b)
{
	if (!(read_reg(b, PL061_MIS) & b->bit))
		return false;
	write_reg(b, PL061_IC, b->bit);
	return true;
}
