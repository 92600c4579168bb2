/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A line (SPI) for every CPU. The CPU that asks makes it pending at the
 * distributor, which a GICv2 and a GICv3 have at the same place; the driver of
 * the controller has mapped it.
 */
#include <stdbool.h>
#include <stddef.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/fdt.h>
#include <uk/fdt_device.h>
#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/lcpu.h>
#include <uk/test.h>

#include "fdt_tests.h"

/* QEMU's virt has nothing at its SPIs from 112 on. */
#define FREE_LINE	201u
#define EARLY_LINE	202u

/* GIC architecture specification: one bit for each interrupt. */
#define GICD_ISPENDR	0x200u

static struct {
	volatile unsigned int count;
	volatile unsigned int cpu;
} seen, seen_early;

static enum uk_irq_result note(unsigned int irq, void *arg UK_UNUSED)
{
	if (irq == EARLY_LINE) {
		seen_early.count++;
		return UK_IRQ_HANDLED;
	}
	seen.cpu = uk_lcpu_idx();
	seen.count++;
	return UK_IRQ_HANDLED;
}

static struct {
	const struct uk_bootinfo *bootinfo;
	bool has_heap;
	int configure_rc, register_rc;
} early;

/* Before there is a heap, and before anybody has looked for a controller. */
static int register_early(const struct uk_boot_ctx *ctx)
{
	early.bootinfo = ctx->bi;
	early.has_heap = uk_alloc_get_default() != NULL;
	early.configure_rc = uk_intctlr_irq_configure(EARLY_LINE,
						      UK_IRQ_EDGE_RISING);
	early.register_rc = uk_intctlr_irq_register(EARLY_LINE, note, NULL,
						    "early");
	return 0;
}

UK_INIT(EARLY, register_early, NULL);

static volatile uint32_t *distributor(void)
{
	static const char *const names[] = { "arm,gic-v3",
					     "arm,cortex-a15-gic", NULL };
	struct uk_fdt_device dev;
	const struct uk_bootinfo *const bi = early.bootinfo;
	struct uk_fdt fdt;

	if (!UK_EXPECT_EQ(uk_fdt_open(&fdt, uk_phys_to_virt(bi->dtb),
				      bi->dtb_len), 0) ||
	    !UK_EXPECT_GE(uk_fdt_device_find_any(&fdt, names, &dev), 0) ||
	    !UK_EXPECT_GE(dev.nregs, 1))
		return NULL;
	return uk_phys_to_virt(dev.reg[0].base);
}

static void raise(volatile uint32_t *dist, unsigned int irq)
{
	dist[GICD_ISPENDR / 4 + irq / 32] = UINT32_C(1) << (irq % 32);
}

UK_TEST(lcpu_fdt, a_line_interrupts_the_cpu_that_it_is_set_to)
{
	const unsigned int n = uk_lcpu_start_all();
	volatile uint32_t *dist;

	NEED_LINES();
	UK_EXPECT_EQ(uk_intctlr_irq_configure(FREE_LINE, UK_IRQ_EDGE_RISING),
		     0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(FREE_LINE, note, NULL, "test"),
		     0);
	dist = distributor();
	seen.count = 0;
	for (unsigned int i = 0; dist && i < n; i++) {
		/* The last one first, the boot CPU at the end. */
		const unsigned int cpu = n - 1 - i;

		UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(FREE_LINE,
						    uk_lcpu_id(cpu)), 0);
		raise(dist, FREE_LINE);
		if (!UK_EXPECT(uk_test_irq_comes(&seen.count, i + 1)))
			break;
		UK_EXPECT_EQ(seen.cpu, cpu);
	}
	UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(FREE_LINE, UINT64_C(0xffffff)),
		     -EINVAL);
	uk_intctlr_irq_unregister(FREE_LINE, note, NULL);
}

UK_TEST(lcpu_fdt, a_line_registered_before_the_heap_interrupts)
{
	volatile uint32_t *dist;

	NEED_LINES();
	UK_EXPECT(!early.has_heap);
	UK_EXPECT_EQ(early.configure_rc, 0);
	UK_EXPECT_EQ(early.register_rc, 0);
	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	dist = distributor();
	if (!dist)
		return;
	seen_early.count = 0;
	raise(dist, EARLY_LINE);
	UK_EXPECT(uk_test_irq_comes(&seen_early.count, 1));
	UK_EXPECT_EQ(seen_early.count, 1);
}
