/* SPDX-License-Identifier: BSD-3-Clause */
/* What is written to a distributor, in memory that stands for one. */
#include "../gic_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

static volatile uint8_t regs[0x1000] UK_ALIGNED(8);

static void clear(void)
{
	for (unsigned int i = 0; i < sizeof(regs); i += 4)
		gic_write(regs, i, 0);
}

UK_TEST(gic_dist, each_number_has_its_own_bit)
{
	static const unsigned int irqs[] = { 0, 31, 32, 63, 64, 1019 };

	for (unsigned int i = 0; i < 6; i++) {
		const unsigned int irq = irqs[i];

		clear();
		gic_enable(regs, irq);
		gic_disable(regs, irq);
		gic_set_pending(regs, irq);
		UK_EXPECT_EQ(gic_read(regs, GICD_ISENABLER + irq / 32 * 4),
			     1u << irq % 32);
		UK_EXPECT_EQ(gic_read(regs, GICD_ICENABLER + irq / 32 * 4),
			     1u << irq % 32);
		UK_EXPECT_EQ(gic_read(regs, GICD_ISPENDR + irq / 32 * 4),
			     1u << irq % 32);
	}
}

UK_TEST(gic_dist, a_trigger_changes_its_line_only)
{
	clear();
	gic_write(regs, GICD_ICFGR + 8, 0x55555555);
	UK_EXPECT_EQ(gic_set_trigger(regs, 33, UK_IRQ_EDGE_RISING), 0);
	UK_EXPECT_EQ(gic_read(regs, GICD_ICFGR + 8), 0x5555555d);
	UK_EXPECT_EQ(gic_set_trigger(regs, 33, UK_IRQ_TRIGGER_DEFAULT), 0);
	UK_EXPECT_EQ(gic_read(regs, GICD_ICFGR + 8), 0x5555555d);
	UK_EXPECT_EQ(gic_set_trigger(regs, 33, UK_IRQ_LEVEL_HIGH), 0);
	UK_EXPECT_EQ(gic_read(regs, GICD_ICFGR + 8), 0x55555555);
}

UK_TEST(gic_dist, lines_that_fall_or_are_low_are_refused)
{
	clear();
	UK_EXPECT_EQ(gic_set_trigger(regs, 40, UK_IRQ_LEVEL_LOW), -ENOTSUP);
	UK_EXPECT_EQ(gic_set_trigger(regs, 40, UK_IRQ_EDGE_FALLING), -ENOTSUP);
	UK_EXPECT_EQ(gic_read(regs, GICD_ICFGR + 8), 0);
}

UK_TEST(gic_dist, more_lines_than_there_can_be_are_not_believed)
{
	clear();
	gic_write(regs, GICD_TYPER, 31);
	UK_EXPECT_EQ(gic_dist_init(regs), GIC_NSPIS);
	/* What is behind the last number is not written. */
	UK_EXPECT_EQ(gic_read(regs, GICD_IPRIORITYR + 1016), GIC_PRIORITY_ALL);
	UK_EXPECT_EQ(gic_read(regs, GICD_ITARGETSR), 0);

	clear();
	gic_write(regs, GICD_TYPER, 0);
	UK_EXPECT_EQ(gic_dist_init(regs), 32);
	UK_EXPECT_EQ(gic_read(regs, GICD_ICENABLER + 4), 0);
}

UK_TEST(gic_dist, an_edge_is_renewed_a_level_is_not)
{
	clear();
	gic_renew_edge(regs, 33);
	UK_EXPECT_EQ(gic_read(regs, GICD_ISPENDR + 4), 0);

	/* 33 is an edge, 34 is not. What is written is one bit. */
	gic_write(regs, GICD_ICFGR + 8, 2u << 2);
	gic_write(regs, GICD_ISPENDR + 4, 1u << 1 | 1u << 2);
	gic_renew_edge(regs, 34);
	UK_EXPECT_EQ(gic_read(regs, GICD_ISPENDR + 4), 1u << 1 | 1u << 2);
	gic_renew_edge(regs, 33);
	UK_EXPECT_EQ(gic_read(regs, GICD_ISPENDR + 4), 1u << 1);
}

UK_TEST(gic_dist, waiting_has_an_end)
{
	clear();
	gic_write(regs, GICD_CTLR, GICD_CTLR_RWP);
	gic_wait(regs, GICD_CTLR_RWP);
	UK_EXPECT_EQ(gic_read(regs, GICD_CTLR), GICD_CTLR_RWP);
}
