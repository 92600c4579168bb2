/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Messages (MSI) for every CPU of a machine with a device tree. The CPU writes
 * what a device would; the driver of the controller has mapped the place.
 */
#include <uk/arch/cpu.h>
#include <uk/arch/mmio.h>
#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/intctlr.h>
#include <uk/lcpu.h>
#include <uk/test.h>

#include "fdt_tests.h"

/* To QEMU's ITS, a CPU is this one. */
#define CPU_AS_DEVICE	0u
static struct {
	volatile unsigned int count;
	volatile unsigned int cpu;
} seen;

static enum uk_irq_result note(unsigned int irq UK_UNUSED, void *arg UK_UNUSED)
{
	seen.cpu = uk_lcpu_idx();
	seen.count++;
	return UK_IRQ_HANDLED;
}

static void send(unsigned int irq)
{
	struct uk_msi_msg msg;

	uk_intctlr_msi_compose(irq, &msg);
	ukarch_mmio_write32(uk_phys_to_virt(msg.addr), msg.data);
}

static unsigned int take(void)
{
	unsigned int irq;

	seen.count = 0;
	if (!UK_EXPECT_EQ(uk_intctlr_msi_alloc(CPU_AS_DEVICE, 1, &irq), 0))
		return 0;
	UK_EXPECT_EQ(uk_intctlr_irq_register(irq, note, NULL, "test"), 0);
	return irq;
}

static void give(unsigned int irq)
{
	uk_intctlr_irq_unregister(irq, note, NULL);
	uk_intctlr_msi_free(CPU_AS_DEVICE, irq, 1);
}

/* KVM's ITS takes messages of devices only. Asked once: a no takes long. */
static bool hears_cpus(void)
{
	static bool asked, answer;
	unsigned int irq;

	if (asked)
		return answer;
	irq = take();
	if (!irq)
		return true;
	asked = true;
	send(irq);
	answer = uk_test_irq_comes(&seen.count, 1);
	give(irq);
	return answer;
}

UK_TEST(lcpu_fdt, a_message_comes_to_the_cpu_that_it_is_for)
{
	const unsigned int n = uk_lcpu_start_all();
	unsigned int irq;

	NEED_LINES();
	if (!hears_cpus())
		UK_TEST_SKIP("no messages of CPUs here");
	irq = take();
	for (unsigned int i = 0; irq && i < n; i++) {
		/* The last one first, the boot CPU at the end. */
		const unsigned int cpu = n - 1 - i;

		UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(irq, uk_lcpu_id(cpu)), 0);
		send(irq);
		UK_EXPECT(uk_test_irq_comes(&seen.count, i + 1));
		UK_EXPECT_EQ(seen.cpu, cpu);
	}
	if (irq)
		give(irq);
}

UK_TEST(lcpu_fdt, a_message_that_waits_moves_to_another_cpu)
{
	unsigned int irq;

	NEED_LINES();
	if (uk_lcpu_start_all() < 2)
		UK_TEST_SKIP("this machine has one CPU");
	if (!hears_cpus())
		UK_TEST_SKIP("no messages of CPUs here");
	irq = take();
	if (!irq)
		return;
	uk_intctlr_irq_mask(irq);
	send(irq);
	UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(irq, uk_lcpu_id(1)), 0);
	uk_intctlr_irq_unmask(irq);
	UK_EXPECT(uk_test_irq_comes(&seen.count, 1));
	UK_EXPECT_EQ(seen.cpu, 1);
	UK_EXPECT_EQ(seen.count, 1);
	give(irq);
}
