/* SPDX-License-Identifier: BSD-3-Clause */
/* A model of the two chips, as the data sheet has them, behind their ports. */
#include "../pic_priv.h"

#include <stddef.h>

#include <uk/errno.h>
#include <uk/test.h>

struct chip {
	uint8_t mask, isr, vector, icw3, icw4;
	unsigned int next;	/* ICW that is expected at the data port; 0 */
	bool shows_isr;
	unsigned int eois;
};

static struct {
	struct chip chip[2];
	uint8_t elcr[2];
	bool has_elcr;
} pc;

static void write_data(struct chip *c, uint8_t val)
{
	switch (c->next) {
	case 2:
		c->vector = val;
		c->next = 3;
		break;
	case 3:
		c->icw3 = val;
		c->next = 4;
		break;
	case 4:
		c->icw4 = val;
		c->next = 0;
		break;
	default:
		c->mask = val;
	}
}

static void write_cmd(struct chip *c, uint8_t val)
{
	if (val & 0x10) {
		*c = (struct chip){ .next = 2 };
	} else if (val & 0x08) {
		c->shows_isr = (val & 3) == 3;
	} else if (val == PIC_EOI) {
		c->eois++;
		c->isr &= (uint8_t)(c->isr - 1);
	}
}

static void out(uint16_t port, uint8_t val)
{
	if (port == PIC_ELCR1 && pc.has_elcr)
		pc.elcr[0] = val & 0xf8;
	else if (port == PIC_ELCR2 && pc.has_elcr)
		pc.elcr[1] = val & 0xde;
	else if (port == PIC1_CMD || port == PIC2_CMD)
		write_cmd(&pc.chip[port == PIC2_CMD], val);
	else if (port == PIC1_DATA || port == PIC2_DATA)
		write_data(&pc.chip[port == PIC2_DATA], val);
}

static uint8_t in(uint16_t port)
{
	const struct chip *const c = &pc.chip[(port & 0xf0) == 0xa0];

	if (port == PIC_ELCR1 || port == PIC_ELCR2)
		return pc.has_elcr ? pc.elcr[port - PIC_ELCR1] : 0xff;
	if (port == PIC1_DATA || port == PIC2_DATA)
		return c->mask;
	return c->shows_isr ? c->isr : 0;
}

static uint8_t nothing_in(uint16_t port UK_UNUSED)
{
	return 0xff;
}

static void nothing_out(uint16_t port UK_UNUSED, uint8_t val UK_UNUSED)
{
}

static const struct pic_io model = { .in = in, .out = out };
static const struct pic_io nothing = { .in = nothing_in, .out = nothing_out };

static struct pic begin(void)
{
	for (unsigned int i = 0; i < 2; i++) {
		/* As a PC's firmware leaves them. */
		pc.chip[i] = (struct chip){ .vector = i ? 0x70 : 0x08,
					    .mask = i ? 0x8e : 0xb8 };
		pc.elcr[i] = 0;
	}
	pc.has_elcr = true;
	return (struct pic){ .io = &model };
}

UK_TEST(pic, chips_that_are_silenced_are_masked_and_off_the_exceptions)
{
	struct pic pic = begin();

	pic_silence(&pic);
	UK_EXPECT_EQ(pc.chip[0].mask, 0xff);
	UK_EXPECT_EQ(pc.chip[1].mask, 0xff);
	UK_EXPECT_EQ(pc.chip[0].vector, 0x20);
	UK_EXPECT_EQ(pc.chip[1].vector, 0x28);
	/* The second one is on line 2 of the first, and both know. */
	UK_EXPECT_EQ(pc.chip[0].icw3, 0x04);
	UK_EXPECT_EQ(pc.chip[1].icw3, 2);
	UK_EXPECT_EQ(pc.chip[0].icw4 & 3, 1);
	UK_EXPECT_EQ(pc.chip[1].icw4 & 3, 1);
}

UK_TEST(pic, chips_are_started_with_all_masked_but_what_connects_them)
{
	struct pic pic = begin();

	UK_EXPECT_EQ(pic_start(&pic), 0);
	UK_EXPECT_EQ(pc.chip[0].mask, 0xfb);
	UK_EXPECT_EQ(pc.chip[1].mask, 0xff);
}

UK_TEST(pic, a_machine_without_chips_is_found_out)
{
	struct pic pic = { .io = &nothing };

	UK_EXPECT_EQ(pic_start(&pic), -ENODEV);
}

UK_TEST(pic, a_mask_is_its_lines_alone)
{
	struct pic pic = begin();

	UK_EXPECT_EQ(pic_start(&pic), 0);
	pic_unmask(&pic, 0);
	pic_unmask(&pic, 8);
	pic_unmask(&pic, 15);
	UK_EXPECT_EQ(pc.chip[0].mask, 0xfa);
	UK_EXPECT_EQ(pc.chip[1].mask, 0x7e);
	pic_mask(&pic, 8);
	UK_EXPECT_EQ(pc.chip[0].mask, 0xfa);
	UK_EXPECT_EQ(pc.chip[1].mask, 0x7f);
}

UK_TEST(pic, triggers_are_set_in_the_elcr)
{
	struct pic pic = begin();

	UK_EXPECT_EQ(pic_start(&pic), 0);
	UK_EXPECT_EQ(pic_set_trigger(&pic, 5, UK_IRQ_LEVEL_LOW), 0);
	UK_EXPECT_EQ(pic_set_trigger(&pic, 10, UK_IRQ_LEVEL_HIGH), 0);
	UK_EXPECT_EQ(pic_set_trigger(&pic, 11, UK_IRQ_LEVEL_LOW), 0);
	UK_EXPECT_EQ(pc.elcr[0], 0x20);
	UK_EXPECT_EQ(pc.elcr[1], 0x0c);
	UK_EXPECT_EQ(pic_set_trigger(&pic, 10, UK_IRQ_EDGE_RISING), 0);
	UK_EXPECT_EQ(pic_set_trigger(&pic, 11, UK_IRQ_TRIGGER_DEFAULT), 0);
	UK_EXPECT_EQ(pc.elcr[1], 0x08);
}

UK_TEST(pic, what_a_line_cannot_do_is_refused)
{
	struct pic pic = begin();

	UK_EXPECT_EQ(pic_start(&pic), 0);
	UK_EXPECT_EQ(pic_set_trigger(&pic, 2, UK_IRQ_TRIGGER_DEFAULT),
		     -EINVAL);
	UK_EXPECT_EQ(pic_set_trigger(&pic, 5, UK_IRQ_EDGE_FALLING), -ENOTSUP);
	/* The timer's line is an edge on every machine. */
	UK_EXPECT_EQ(pic_set_trigger(&pic, 0, UK_IRQ_LEVEL_LOW), -ENOTSUP);
	UK_EXPECT_EQ(pic_set_trigger(&pic, 0, UK_IRQ_EDGE_RISING), 0);
	UK_EXPECT_EQ(pc.elcr[0], 0);
}

UK_TEST(pic, without_an_elcr_all_lines_are_edges)
{
	struct pic pic = begin();

	pc.has_elcr = false;
	UK_EXPECT_EQ(pic_start(&pic), 0);
	UK_EXPECT_EQ(pic_set_trigger(&pic, 5, UK_IRQ_LEVEL_LOW), -ENOTSUP);
	UK_EXPECT_EQ(pic_set_trigger(&pic, 5, UK_IRQ_EDGE_RISING), 0);
}

UK_TEST(pic, one_that_was_taken_back_is_no_interrupt)
{
	struct pic pic = begin();

	UK_EXPECT_EQ(pic_start(&pic), 0);
	UK_EXPECT(!pic_is_real(&pic, 7));
	/* Its end is told to nobody: another one could be in service. */
	UK_EXPECT_EQ(pc.chip[0].eois, 0);

	/* The first chip thinks that the second one's is in service. */
	pc.chip[0].isr = 0x04;
	UK_EXPECT(!pic_is_real(&pic, 15));
	UK_EXPECT_EQ(pc.chip[0].isr, 0);
	UK_EXPECT_EQ(pc.chip[1].eois, 0);
}

UK_TEST(pic, the_end_is_told_to_each_chip_on_the_way)
{
	struct pic pic = begin();

	UK_EXPECT_EQ(pic_start(&pic), 0);
	pc.chip[0].isr = 0x80;
	UK_EXPECT(pic_is_real(&pic, 7));
	pic_done(&pic, 7);
	UK_EXPECT_EQ(pc.chip[0].eois, 1);
	UK_EXPECT_EQ(pc.chip[1].eois, 0);

	pc.chip[0].isr = 0x04;
	pc.chip[1].isr = 0x80;
	UK_EXPECT(pic_is_real(&pic, 15));
	pic_done(&pic, 15);
	UK_EXPECT_EQ(pc.chip[0].isr, 0);
	UK_EXPECT_EQ(pc.chip[1].isr, 0);
}
