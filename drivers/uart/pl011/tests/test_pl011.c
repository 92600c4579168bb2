/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver on memory that stands for the registers: it does not change by
 * itself, so a full FIFO stays full and one that has a byte has it for ever.
 */
#include "../pl011_priv.h"

#include <uk/test.h>

#define NREGS	(PL011_LEN / 4)

struct fake {
	struct pl011 port;
	uint32_t regs[NREGS];
};

static struct fake fake;

static struct uk_console *reset(uint32_t flags)
{
	for (unsigned int i = 0; i < NREGS; i++)
		fake.regs[i] = 0;
	fake.regs[PL011_FR / 4] = flags;
	fake.port = (struct pl011){
		.con = { .name = "fake", .ops = &pl011_ops },
		.regs = fake.regs,
	};
	return &fake.port.con;
}

UK_TEST(pl011, start_enables_a_port_that_is_off)
{
	reset(FR_RXFE);
	pl011_start(&fake.port);
	UK_EXPECT_EQ(fake.regs[PL011_CR / 4], CR_UARTEN | CR_TXE | CR_RXE);
	UK_EXPECT_EQ(fake.regs[PL011_LCRH / 4], LCRH_8N1_FIFO);
	UK_EXPECT_EQ(fake.regs[PL011_IMSC / 4], 0);
}

UK_TEST(pl011, start_does_not_touch_the_fifo_that_has_a_byte)
{
	reset(0);
	pl011_start(&fake.port);
	UK_EXPECT_EQ(fake.regs[PL011_CR / 4], CR_UARTEN | CR_TXE | CR_RXE);
	UK_EXPECT_EQ(fake.regs[PL011_LCRH / 4], LCRH_8N1);
}

UK_TEST(pl011, start_leaves_the_format_of_a_port_that_is_on)
{
	reset(0);
	fake.regs[PL011_CR / 4] = 0xf01;
	fake.regs[PL011_LCRH / 4] = 0x5a;
	fake.regs[PL011_IMSC / 4] = 0x50;
	pl011_start(&fake.port);
	UK_EXPECT_EQ(fake.regs[PL011_CR / 4], 0xf01);
	UK_EXPECT_EQ(fake.regs[PL011_LCRH / 4], 0x5a);
	UK_EXPECT_EQ(fake.regs[PL011_IMSC / 4], 0);
}

UK_TEST(pl011, start_leaves_alone_what_a_port_of_the_sbsa_does_not_have)
{
	reset(0);
	fake.port.is_sbsa = true;
	fake.regs[PL011_IMSC / 4] = 0x50;
	pl011_start(&fake.port);
	UK_EXPECT_EQ(fake.regs[PL011_CR / 4], 0);
	UK_EXPECT_EQ(fake.regs[PL011_LCRH / 4], 0);
	UK_EXPECT_EQ(fake.regs[PL011_IMSC / 4], 0);
}

UK_TEST(pl011, bytes_go_to_the_data_register_as_they_are)
{
	struct uk_console *con = reset(FR_RXFE);

	con->ops->out(con, "a", 1);
	UK_EXPECT_EQ(fake.regs[PL011_DR / 4], 'a');
	con->ops->out(con, "\xff", 1);
	UK_EXPECT_EQ(fake.regs[PL011_DR / 4], 0xff);
}

UK_TEST(pl011, a_full_port_loses_bytes_and_does_not_hang)
{
	struct uk_console *con = reset(FR_TXFF | FR_RXFE);

	con->ops->out(con, "lost", 4);
	UK_EXPECT_EQ(fake.regs[PL011_DR / 4], 0);
	UK_EXPECT(fake.port.stuck);

	fake.regs[PL011_FR / 4] = FR_RXFE;
	con->ops->out(con, "b", 1);
	UK_EXPECT_EQ(fake.regs[PL011_DR / 4], 'b');
	UK_EXPECT(!fake.port.stuck);
}

UK_TEST(pl011, a_port_that_sends_for_ever_is_not_waited_for_so_long)
{
	struct uk_console *con = reset(FR_BUSY | FR_RXFE);

	con->ops->flush(con);
	UK_EXPECT(fake.port.stuck);
	fake.regs[PL011_FR / 4] = FR_RXFE;
	con->ops->flush(con);
	UK_EXPECT(!fake.port.stuck);
}

UK_TEST(pl011, input_stops_at_the_length_asked_for)
{
	struct uk_console *con = reset(0);
	char buf[4] = "....";

	fake.regs[PL011_DR / 4] = 'x';
	UK_EXPECT_EQ(con->ops->in(con, buf, 3), 3);
	UK_EXPECT_MEM_EQ(buf, "xxx.", 4);
}

UK_TEST(pl011, an_empty_port_gives_no_input)
{
	struct uk_console *con = reset(FR_RXFE);
	char buf[1] = ".";

	fake.regs[PL011_DR / 4] = 'x';
	UK_EXPECT_EQ(con->ops->in(con, buf, 1), 0);
	UK_EXPECT_EQ(buf[0], '.');
}

UK_TEST(pl011, broken_characters_are_dropped)
{
	struct uk_console *con = reset(0);
	char buf[8];

	fake.regs[PL011_DR / 4] = 0x400 | 'x';
	UK_EXPECT_EQ(con->ops->in(con, buf, 8), 0);
}
