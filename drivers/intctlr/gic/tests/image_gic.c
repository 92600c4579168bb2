/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's own GIC, of whichever version, through lib/ukintctlr. */
#include <uk/intctlr.h>

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/percpu.h>
#include <uk/preempt.h>
#include <uk/test.h>

#include "../gic_priv.h"

/* QEMU's virt has nothing at its SPIs from 112 on. */
#define FREE_LINE	200u
#define FREE_LOCAL	20u

static struct {
	volatile unsigned int count;
	volatile unsigned int irq;
	volatile bool in_irq;
	const struct ukarch_regs *volatile regs;
} seen;

static enum uk_irq_result note(unsigned int irq, void *arg)
{
	seen.irq = irq;
	seen.in_irq = uk_in_irq();
	seen.regs = uk_intctlr_regs();
	seen.count++;
	return arg ? UK_IRQ_NOT_MINE : UK_IRQ_HANDLED;
}

UK_TEST(gic, the_machine_has_one_with_lines)
{
	struct uk_intctlr_stat stat;

	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	UK_EXPECT_EQ(uk_intctlr_stat(FREE_LINE, &stat), 0);
}

UK_TEST(gic, an_interrupt_that_a_cpu_sends_itself_comes)
{
	static bool registered;

	if (!registered && uk_intctlr_ipi_register(UK_IPI_CALL, note, NULL,
						   "test") == -EBUSY)
		UK_TEST_SKIP("others use the one that is to be sent");
	registered = true;
	seen.count = 0;
	uk_intctlr_ipi_send(UK_IPI_CALL, uk_this_cpu(uk_cpu).hwid);
	UK_EXPECT(uk_test_irq_comes(&seen.count, 1));
	UK_EXPECT_EQ(seen.count, 1);
	UK_EXPECT_EQ(seen.irq, UK_IPI_CALL);
	UK_EXPECT(seen.in_irq);
	UK_EXPECT_NOT_NULL(seen.regs);
	UK_EXPECT_NULL(uk_intctlr_regs());
	UK_EXPECT(!uk_in_irq());
}

/* Set at boot. */
static const struct uk_bootinfo *bootinfo;

static int keep_bootinfo(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(EARLY, keep_bootinfo, NULL);

/* Make a line tell, as its device would by an edge. */
static void raise(unsigned int irq)
{
	static const char *const names[] = { "arm,gic-v3",
					     "arm,cortex-a15-gic", NULL };
	struct uk_fdt_device dev;
	volatile uint8_t *dist;

	if (UK_EXPECT_EQ(gic_find(bootinfo, names, 0, 2, &dev), 0) &&
	    UK_EXPECT_EQ(gic_map("test", dev.reg[0].base, 0x1000, &dist), 0))
		gic_set_pending(dist, irq);
}

UK_TEST(gic, a_line_calls_its_handler_until_it_is_masked)
{
	UK_EXPECT_EQ(uk_intctlr_irq_configure(FREE_LINE, UK_IRQ_EDGE_RISING),
		     0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(FREE_LINE, note, NULL, "test"),
		     0);
	seen.count = 0;
	raise(FREE_LINE);
	UK_EXPECT(uk_test_irq_comes(&seen.count, 1));
	UK_EXPECT_EQ(seen.irq, FREE_LINE);

	uk_intctlr_irq_mask(FREE_LINE);
	raise(FREE_LINE);
	UK_EXPECT(uk_test_irq_stays_away(&seen.count, 2));
	/* It was kept, and comes at the unmasking. */
	uk_intctlr_irq_unmask(FREE_LINE);
	UK_EXPECT(uk_test_irq_comes(&seen.count, 2));
	uk_intctlr_irq_unregister(FREE_LINE, note, NULL);
}

UK_TEST(gic, a_line_that_is_low_when_it_tells_is_refused)
{
	UK_EXPECT_EQ(uk_intctlr_irq_configure(FREE_LINE, UK_IRQ_LEVEL_LOW),
		     -ENOTSUP);
}

UK_TEST(gic, a_line_beyond_the_last_one_is_refused)
{
	UK_EXPECT_EQ(uk_intctlr_irq_register(1019, note, NULL, "test"),
		     -EINVAL);
	UK_EXPECT_EQ(uk_intctlr_irq_register(100000, note, NULL, "test"),
		     -EINVAL);
}

UK_TEST(gic, an_interrupt_of_this_cpu_is_off_until_it_is_enabled)
{
	static bool registered;

	if (!registered)
		UK_EXPECT_EQ(uk_intctlr_local_register(FREE_LOCAL, note, NULL,
						       "test"), 0);
	registered = true;
	seen.count = 0;
	uk_intctlr_local_enable(FREE_LOCAL);
	uk_intctlr_local_disable(FREE_LOCAL);
	UK_EXPECT_EQ(uk_intctlr_local_register(FREE_LOCAL, note, NULL, "x"),
		     -EBUSY);
	UK_EXPECT_EQ(seen.count, 0);
}
