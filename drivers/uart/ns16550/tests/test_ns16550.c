/* SPDX-License-Identifier: BSD-3-Clause */
/* The driver on registers that a small model of the chip answers for. */
#include "../ns16550_priv.h"

#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

struct model {
	struct ns16550 port;
	bool absent;		/* reads as all ones */
	bool no_scratch;
	bool no_fifo;
	bool full;		/* the transmitter never empties */
	uint8_t scratch, mcr, lcr, fcr, divisor;
	unsigned int looks;	/* at the line status */
	unsigned int sent_at;	/* so many looks, what went out is sent */
	uint8_t broken;		/* error bits with each byte that arrives */
	const char *in;		/* what arrives */
	char out[64];
	size_t nout;
};

static struct model m;

static struct model *model_of(const struct ns16550 *port)
{
	return UK_CONTAINER_OF(port, struct model, port);
}

static uint8_t model_read(const struct ns16550 *port, unsigned int reg)
{
	struct model *model = model_of(port);

	if (model->absent)
		return 0xff;
	switch (reg) {
	case NS_DATA:
		return *model->in ? (uint8_t)*model->in++ : 0;
	case NS_IIR:
		return (model->fcr & FCR_FIFO) && !model->no_fifo ? 0xc1 : 1;
	case NS_LSR:
		model->looks++;
		return (model->full ? 0 : LSR_EMPTY) |
		       (model->looks < model->sent_at ? 0 : LSR_SENT) |
		       (*model->in ? LSR_DATA | model->broken : 0);
	case NS_MSR:
		/* Looped back: RTS to CTS, OUT2 to DCD. */
		return model->mcr & MCR_LOOP ?
		       (model->mcr & 2) << 3 | (model->mcr & 8) << 4 : 0;
	case NS_SCR:
		return model->no_scratch ? 0xff : model->scratch;
	default:
		return 0;
	}
}

static void model_write(const struct ns16550 *port, unsigned int reg,
			uint8_t val)
{
	struct model *model = model_of(port);

	switch (reg) {
	case NS_DATA:
		if (model->lcr & LCR_DIVISOR)
			model->divisor = val;
		else if (model->nout < sizeof(model->out))
			model->out[model->nout++] = (char)val;
		break;
	case NS_FCR:
		model->fcr = val;
		/* Switching the FIFO on loses what is there (8.5). */
		model->in += *model->in ? 1 : 0;
		break;
	case NS_LCR:
		model->lcr = val;
		break;
	case NS_MCR:
		model->mcr = val;
		break;
	case NS_SCR:
		model->scratch = val;
		break;
	}
}

static struct uk_console *reset(void)
{
	m = (struct model){
		.port = {
			.con = { .name = "model", .ops = &ns16550_ops },
			.read = model_read,
			.write = model_write,
		},
		.in = "",
	};
	return &m.port.con;
}

UK_TEST(ns16550, a_port_with_a_scratch_register_is_found)
{
	reset();
	UK_EXPECT(ns16550_probe(&m.port));
}

UK_TEST(ns16550, a_port_without_one_is_found_by_its_modem_lines)
{
	reset();
	m.no_scratch = true;
	UK_EXPECT(ns16550_probe(&m.port));
	UK_EXPECT_EQ(m.mcr, 0);
}

UK_TEST(ns16550, an_absent_port_is_not_found)
{
	reset();
	m.absent = true;
	UK_EXPECT(!ns16550_probe(&m.port));
}

UK_TEST(ns16550, start_sets_8n1_and_the_speed_if_asked)
{
	reset();
	ns16550_start(&m.port, true);
	UK_EXPECT_EQ(m.lcr, LCR_8N1);
	UK_EXPECT_EQ(m.divisor, 1);
	reset();
	m.divisor = 77;
	ns16550_start(&m.port, false);
	UK_EXPECT_EQ(m.divisor, 77);
}

UK_TEST(ns16550, bytes_go_out_as_they_are_with_one_look_per_fifo)
{
	struct uk_console *con = reset();

	ns16550_start(&m.port, true);
	m.looks = 0;
	con->ops->out(con, "0123456789abcdef0123456789abcde\n", 32);
	UK_EXPECT_EQ(m.nout, 32);
	UK_EXPECT_MEM_EQ(m.out, "0123456789abcdef0123456789abcde\n", 32);
	UK_EXPECT_EQ(m.looks, 2);
}

UK_TEST(ns16550, without_a_fifo_each_byte_is_looked_for)
{
	struct uk_console *con = reset();

	m.no_fifo = true;
	ns16550_start(&m.port, true);
	m.looks = 0;
	con->ops->out(con, "abc", 3);
	UK_EXPECT_EQ(m.nout, 3);
	UK_EXPECT_EQ(m.looks, 3);
}

UK_TEST(ns16550, a_full_port_loses_bytes_and_does_not_hang)
{
	struct uk_console *con = reset();

	ns16550_start(&m.port, true);
	m.full = true;
	m.looks = 0;
	con->ops->out(con, "lost", 4);
	UK_EXPECT_EQ(m.nout, 0);
	UK_EXPECT(m.port.stuck);
	/* One long wait, then a look for each byte. */
	UK_EXPECT_EQ(m.looks, NS_PATIENCE + 3);

	m.full = false;
	con->ops->out(con, "b", 1);
	UK_EXPECT_EQ(m.nout, 1);
	UK_EXPECT(!m.port.stuck);
}

UK_TEST(ns16550, what_went_out_is_waited_for_until_it_is_sent)
{
	struct uk_console *con = reset();

	ns16550_start(&m.port, true);
	con->ops->out(con, "x", 1);
	m.looks = 0;
	m.sent_at = 100;
	con->ops->flush(con);
	UK_EXPECT_EQ(m.looks, 100);

	/* Not for ever, and a port that is known to be stuck not at all. */
	m.looks = 0;
	m.sent_at = NS_PATIENCE * 2;
	con->ops->flush(con);
	UK_EXPECT_EQ(m.looks, NS_PATIENCE);
	con->ops->flush(con);
	UK_EXPECT_EQ(m.looks, NS_PATIENCE + 1);
}

UK_TEST(ns16550, a_byte_that_came_before_the_start_is_kept)
{
	struct uk_console *con = reset();
	char buf[4] = "....";

	m.in = "xy";
	ns16550_start(&m.port, true);
	UK_EXPECT_EQ(con->ops->in(con, buf, 0), 0);
	UK_EXPECT_EQ(con->ops->in(con, buf, 4), 2);
	UK_EXPECT_MEM_EQ(buf, "xy..", 4);
	UK_EXPECT_EQ(con->ops->in(con, buf, 4), 0);
}

UK_TEST(ns16550, input_stops_at_the_length_asked_for)
{
	struct uk_console *con = reset();
	char buf[4] = "....";

	ns16550_start(&m.port, true);
	m.in = "hello";
	UK_EXPECT_EQ(con->ops->in(con, buf, 3), 3);
	UK_EXPECT_MEM_EQ(buf, "hel.", 4);
	UK_EXPECT_EQ(con->ops->in(con, buf, 4), 2);
}

UK_TEST(ns16550, broken_characters_are_dropped)
{
	struct uk_console *con = reset();
	char buf[8];

	ns16550_start(&m.port, true);
	m.in = "noise";
	m.broken = 0x10;
	UK_EXPECT_EQ(con->ops->in(con, buf, 8), 0);
}
