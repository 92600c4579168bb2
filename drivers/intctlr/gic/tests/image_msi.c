/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Messages of the machine's own GIC. The CPU writes what a device would; to
 * QEMU's ITS that is device 0.
 */
#include <uk/intctlr.h>

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/arch/mmio.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/paging.h>
#include <uk/test.h>

#include "../its_priv.h"

#define CPU_AS_DEVICE	0u
#define NIRQS		UK_IRQ_MAX

static volatile unsigned int seen[NIRQS];
static const struct uk_bootinfo *bootinfo;

static int keep_bootinfo(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(EARLY, keep_bootinfo, NULL);

static enum uk_irq_result note(unsigned int irq, void *arg UK_UNUSED)
{
	seen[irq]++;
	return UK_IRQ_HANDLED;
}

static void write_message(const struct uk_msi_msg *msg)
{
	void *doorbell;

	if (UK_EXPECT_EQ(uk_paging_map_device(msg->addr, 4, &doorbell), 0))
		ukarch_mmio_write32(doorbell, msg->data);
}

static void send(unsigned int irq)
{
	struct uk_msi_msg msg;

	uk_intctlr_msi_compose(irq, &msg);
	write_message(&msg);
}

static bool has_its(void)
{
	static const char *const names[] = { "arm,gic-v3-its", NULL };
	struct uk_fdt_device dev;

	return gic_find(bootinfo, names, 0, 1, &dev) == 0;
}

/* @n messages with handlers; returns the first, or 0. */
static unsigned int take(unsigned int n)
{
	unsigned int irq;

	if (!UK_EXPECT_EQ(uk_intctlr_msi_alloc(CPU_AS_DEVICE, n, &irq), 0))
		return 0;
	for (unsigned int i = irq; i < irq + n; i++) {
		seen[i] = 0;
		UK_EXPECT_EQ(uk_intctlr_irq_register(i, note, NULL, "test"),
			     0);
	}
	return irq;
}

static void give(unsigned int irq, unsigned int n)
{
	for (unsigned int i = irq; i < irq + n; i++)
		uk_intctlr_irq_unregister(i, note, NULL);
	uk_intctlr_msi_free(CPU_AS_DEVICE, irq, n);
}

/* KVM's ITS takes messages of devices only. Asked once: a no takes long. */
static bool hears_cpus(void)
{
	static bool asked, answer;
	unsigned int irq;

	if (asked)
		return answer;
	irq = take(1);
	if (!irq)
		return true;
	asked = true;
	send(irq);
	answer = uk_test_irq_comes(&seen[irq], 1);
	give(irq, 1);
	return answer;
}

#define SKIP_IF_DEAF()							\
	do {								\
		if (!hears_cpus())					\
			UK_TEST_SKIP("no messages of CPUs here");	\
	} while (0)

UK_TEST(gic_msi, a_message_that_is_written_comes_once)
{
	unsigned int irq;

	SKIP_IF_DEAF();
	irq = take(1);
	if (!irq)
		return;
	for (unsigned int i = 1; i <= 100; i++) {
		send(irq);
		UK_EXPECT(uk_test_irq_comes(&seen[irq], i));
	}
	UK_EXPECT(uk_test_irq_stays_away(&seen[irq], 101));
	give(irq, 1);
}

UK_TEST(gic_msi, thirty_two_of_a_device_count_up_in_aligned_data)
{
	unsigned int irq;
	struct uk_msi_msg first, msg;

	SKIP_IF_DEAF();
	irq = take(32);
	if (!irq)
		return;
	uk_intctlr_msi_compose(irq, &first);
	UK_EXPECT_EQ(first.data % 32, 0);
	for (unsigned int i = 0; i < 32; i++) {
		uk_intctlr_msi_compose(irq + i, &msg);
		UK_EXPECT_EQ(msg.addr, first.addr);
		UK_EXPECT_EQ(msg.data, first.data + i);
		write_message(&msg);
		UK_EXPECT(uk_test_irq_comes(&seen[irq + i], 1));
	}
	for (unsigned int i = 0; i < 32; i++)
		UK_EXPECT_EQ(seen[irq + i], 1);
	give(irq, 32);
}

UK_TEST(gic_msi, a_masked_message_is_kept_and_comes_at_the_unmasking)
{
	unsigned int irq;

	SKIP_IF_DEAF();
	irq = take(2);
	if (!irq)
		return;
	uk_intctlr_irq_mask(irq);
	send(irq);
	send(irq + 1);
	/* The other one shows that they arrive. */
	UK_EXPECT(uk_test_irq_comes(&seen[irq + 1], 1));
	UK_EXPECT(uk_test_irq_stays_away(&seen[irq], 1));
	uk_intctlr_irq_unmask(irq);
	UK_EXPECT(uk_test_irq_comes(&seen[irq], 1));
	UK_EXPECT_EQ(seen[irq], 1);
	give(irq, 2);
}

UK_TEST(gic_msi, what_is_sent_after_the_end_is_not_the_next_owners)
{
	unsigned int irq;
	struct uk_msi_msg msg;

	SKIP_IF_DEAF();
	irq = take(1);
	if (!irq)
		return;
	uk_intctlr_msi_compose(irq, &msg);
	uk_intctlr_irq_mask(irq);
	send(irq);
	uk_intctlr_irq_unregister(irq, note, NULL);
	uk_intctlr_irq_unmask(irq);
	uk_intctlr_msi_free(CPU_AS_DEVICE, irq, 1);
	write_message(&msg);

	UK_EXPECT_EQ(take(1), irq);
	UK_EXPECT(uk_test_irq_stays_away(&seen[irq], 1));
	send(irq);
	UK_EXPECT(uk_test_irq_comes(&seen[irq], 1));
	UK_EXPECT_EQ(seen[irq], 1);
	give(irq, 1);
}

/* How many messages there are in a row, which are taken for device @devid. */
static unsigned int take_all(uint32_t devid, unsigned int *irq)
{
	unsigned int n = NIRQS;

	while (n > 0 && uk_intctlr_msi_alloc(devid, n, irq) == -ENOSPC)
		n--;
	return n;
}

UK_TEST(gic_msi, when_all_are_taken_there_are_no_more)
{
	unsigned int irq, n, again;

	n = take_all(1, &irq);
	if (!UK_EXPECT_GE(n, 32))
		return;
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(2, 1, &again), -ENOSPC);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 1, &again), -EBUSY);
	uk_intctlr_msi_free(1, irq, n);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(2, n, &again), 0);
	UK_EXPECT_EQ(again, irq);
	uk_intctlr_msi_free(2, irq, n);
}

UK_TEST(gic_msi, two_devices_have_messages_of_their_own)
{
	unsigned int mine;
	unsigned int irq;

	SKIP_IF_DEAF();
	mine = take(4);
	if (!mine)
		return;
	if (UK_EXPECT_EQ(uk_intctlr_msi_alloc(7, 4, &irq), 0)) {
		UK_EXPECT(irq >= mine + 4 || irq + 4 <= mine);
		uk_intctlr_msi_free(7, irq, 4);
	}
	/* The end of the other one's changes nothing. */
	send(mine + 3);
	UK_EXPECT(uk_test_irq_comes(&seen[mine + 3], 1));
	give(mine, 4);
}

UK_TEST(gic_msi, a_device_that_the_its_has_no_room_for_is_refused)
{
	unsigned int irq = 0;

	if (!has_its())
		UK_TEST_SKIP("no ITS: messages do not say whose they are");
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(UINT32_MAX, 1, &irq), -EINVAL);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(0x10000000, 1, &irq), -EINVAL);
	UK_EXPECT_EQ(irq, 0);
	/* The last one of a PCI segment is not. */
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(0xffff, 1, &irq), 0);
	uk_intctlr_msi_free(0xffff, irq, 1);
}

UK_TEST(gic_msi, an_lpi_can_be_raised_again_without_its_device)
{
	unsigned int irq;

	if (!has_its())
		UK_TEST_SKIP("no ITS: lines are raised at the distributor");
	irq = take(2);
	if (!irq)
		return;
	gic_its_retrigger(irq + 1);
	UK_EXPECT(uk_test_irq_comes(&seen[irq + 1], 1));
	UK_EXPECT_EQ(seen[irq], 0);
	give(irq, 2);
}
