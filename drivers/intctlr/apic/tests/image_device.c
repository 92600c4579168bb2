/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PCI device that interrupts when it is told to: QEMU's "edu" (docs/specs/
 * edu.txt), by its line, which is a level, and by a message. What it has of
 * PCI here is what QEMU's firmware set up.
 */
#include <uk/intctlr.h>

#include <uk/arch/cpu.h>
#include <uk/bits/arch/ioport.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/paging.h>
#include <uk/test.h>

#include "../apic_priv.h"

/* Configuration (PCI Local Bus Specification 3.0, 3.2.2.3.2 and 6.1). */
#define CONFIG_ADDRESS	0xcf8
#define CONFIG_DATA	0xcfc
#define CONFIG_ENABLE	(1u << 31)
#define REG_ID		0x00u
#define REG_COMMAND	0x04u
#define REG_BAR0	0x10u
#define REG_CAPS	0x34u
#define REG_LINE	0x3cu
#define COMMAND_ON	0x6u	/* memory, bus master */
#define CAP_MSI		0x05u
#define MSI_ENABLE	(1u << 16)

/* Bus 0; the numbers are slots. */
#define NSLOTS		32u

#define EDU_ID		0x11e81234u
#define EDU_LEN		0x1000u
#define EDU_STATUS	(0x24 / 4)
#define EDU_RAISE	(0x60 / 4)
#define EDU_ACK		(0x64 / 4)

static struct {
	volatile uint32_t *regs;
	unsigned int slot;
	volatile unsigned int count;
	unsigned int ack_at;	/* the interrupt that is taken back */
	volatile unsigned int kicks;
} edu;

static uint32_t config_read(unsigned int reg)
{
	ukarch_out32(CONFIG_ADDRESS, CONFIG_ENABLE | edu.slot << 11 | reg);
	return ukarch_in32(CONFIG_DATA);
}

static void config_write(unsigned int reg, uint32_t val)
{
	ukarch_out32(CONFIG_ADDRESS, CONFIG_ENABLE | edu.slot << 11 | reg);
	ukarch_out32(CONFIG_DATA, val);
}

/* The first one from slot @first on. */
static bool find_from(unsigned int first)
{
	void *regs;

	for (edu.slot = first; edu.slot < NSLOTS; edu.slot++)
		if (config_read(REG_ID) == EDU_ID)
			break;
	if (edu.slot == NSLOTS ||
	    uk_paging_map_device(config_read(REG_BAR0) & ~0xfu, EDU_LEN,
				 &regs) < 0)
		return false;
	config_write(REG_COMMAND, config_read(REG_COMMAND) | COMMAND_ON);
	edu.regs = regs;
	return true;
}

static bool find(void)
{
	return find_from(0);
}

static enum uk_irq_result on_edu(unsigned int irq UK_UNUSED,
				 void *arg UK_UNUSED)
{
	if (!edu.regs[EDU_STATUS])
		return UK_IRQ_NOT_MINE;
	if (++edu.count >= edu.ack_at)
		edu.regs[EDU_ACK] = edu.regs[EDU_STATUS];
	return UK_IRQ_HANDLED;
}

static void raise(unsigned int ack_at)
{
	edu.count = 0;
	edu.ack_at = ack_at;
	edu.regs[EDU_RAISE] = 1;
}

/* Picked by name for a machine with that device (suites/inimage.py). */
UK_TEST(on_demand, a_pci_device_interrupts_by_a_level_until_it_is_taken_back)
{
	struct uk_intctlr_stat stat, before;
	unsigned int irq;

	if (!UK_EXPECT(find()))
		return;
	irq = uk_intctlr_isa_irq(config_read(REG_LINE) & 0xff);
	UK_EXPECT_EQ(uk_intctlr_stat(irq, &before), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(irq, on_edu, NULL, "edu"), 0);
	raise(3);
	UK_EXPECT(uk_test_irq_comes(&edu.count, 3));
	UK_EXPECT(uk_test_irq_stays_away(&edu.count, 4));

	/* It is there when the line is unmasked. */
	uk_intctlr_irq_mask(irq);
	raise(1);
	UK_EXPECT(uk_test_irq_stays_away(&edu.count, 1));
	uk_intctlr_irq_unmask(irq);
	UK_EXPECT(uk_test_irq_comes(&edu.count, 1));
	UK_EXPECT(uk_test_irq_stays_away(&edu.count, 2));
	UK_EXPECT_EQ(uk_intctlr_stat(irq, &stat), 0);
	UK_EXPECT_EQ(stat.count - before.count, 4);
	uk_intctlr_irq_unregister(irq, on_edu, NULL);
}

/* Where the device's MSI capability is; 0: it has none. */
static unsigned int find_msi(void)
{
	unsigned int cap = config_read(REG_CAPS) & 0xfc;

	for (unsigned int i = 0; i < 48 && cap; i++) {
		const uint32_t head = config_read(cap);

		if ((head & 0xff) == CAP_MSI)
			return cap;
		cap = head >> 8 & 0xfc;
	}
	return 0;
}

/* Its addresses have 64 bits (PCI 6.8.1). */
static void tell(unsigned int cap, uint64_t addr, uint32_t data)
{
	config_write(cap + 4, (uint32_t)addr);
	config_write(cap + 8, (uint32_t)(addr >> 32));
	config_write(cap + 12, data);
	config_write(cap, config_read(cap) | MSI_ENABLE);
}

UK_TEST(on_demand, a_pci_device_interrupts_by_a_message)
{
	struct uk_msi_msg msg;
	unsigned int irq, cap;

	if (!UK_EXPECT(find()) ||
	    !UK_EXPECT_EQ(uk_intctlr_msi_alloc(edu.slot << 3, 1, &irq), 0))
		return;
	UK_EXPECT_EQ(uk_intctlr_irq_register(irq, on_edu, NULL, "edu"), 0);
	uk_intctlr_msi_compose(irq, &msg);
	cap = find_msi();
	UK_EXPECT_NE(cap, 0);
	tell(cap, msg.addr, msg.data);

	raise(1);
	UK_EXPECT(uk_test_irq_comes(&edu.count, 1));
	UK_EXPECT(uk_test_irq_stays_away(&edu.count, 2));
	uk_intctlr_irq_mask(irq);
	raise(1);
	UK_EXPECT(uk_test_irq_stays_away(&edu.count, 1));
	uk_intctlr_irq_unmask(irq);
	UK_EXPECT(uk_test_irq_comes(&edu.count, 1));

	config_write(cap, config_read(cap) & ~MSI_ENABLE);
	uk_intctlr_irq_unregister(irq, on_edu, NULL);
	uk_intctlr_msi_free(edu.slot << 3, irq, 1);
}

/* So many messages; when one is looked at, there is nothing to do any more. */
static void kick(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		const unsigned int was = edu.kicks;
		const unsigned long irqs = ukarch_irq_save();

		edu.regs[EDU_RAISE] = 1;
		edu.regs[EDU_ACK] = 1;
		UK_EXPECT(uk_test_irq_comes(&edu.kicks, was + 1));
		ukarch_irq_restore(irqs);
	}
}

static enum uk_irq_result on_kick(unsigned int irq UK_UNUSED,
				  void *arg UK_UNUSED)
{
	const bool mine = edu.regs[EDU_STATUS] != 0;

	edu.kicks++;
	return mine ? UK_IRQ_HANDLED : UK_IRQ_NOT_MINE;
}

UK_TEST(on_demand, a_pci_device_that_kicks_for_nothing_is_stopped_and_rearmed)
{
	struct uk_intctlr_stat stat;
	struct uk_msi_msg msg;
	unsigned int irq, cap;

	if (!UK_EXPECT(find()) || !UK_EXPECT_NE(cap = find_msi(), 0) ||
	    !UK_EXPECT_EQ(uk_intctlr_msi_alloc(edu.slot << 3, 1, &irq), 0))
		return;
	UK_EXPECT_EQ(uk_intctlr_irq_register(irq, on_kick, NULL, "edu"), 0);
	uk_intctlr_msi_compose(irq, &msg);
	tell(cap, msg.addr, msg.data);
	edu.kicks = 0;

	/* Many are no harm if work comes in between. */
	for (unsigned int i = 0; i < 3; i++) {
		const unsigned int was = edu.kicks;

		kick(999);
		UK_EXPECT_EQ(edu.kicks - was, 999);
		edu.regs[EDU_RAISE] = 1;
		UK_EXPECT(uk_test_irq_comes(&edu.kicks, was + 1000));
		edu.regs[EDU_ACK] = 1;
	}
	UK_EXPECT_EQ(uk_intctlr_stat(irq, &stat), 0);
	UK_EXPECT(!stat.stopped);
	UK_EXPECT_EQ(stat.unclaimed, 3 * 999);

	kick(1000);
	UK_EXPECT_EQ(uk_intctlr_stat(irq, &stat), 0);
	UK_EXPECT(stat.stopped);
	edu.regs[EDU_RAISE] = 1;
	UK_EXPECT(uk_test_irq_stays_away(&edu.kicks, 4001));
	uk_intctlr_irq_rearm(irq);
	edu.regs[EDU_RAISE] = 1;
	UK_EXPECT(uk_test_irq_comes(&edu.kicks, 4001));
	edu.regs[EDU_ACK] = 1;

	config_write(cap, config_read(cap) & ~MSI_ENABLE);
	uk_intctlr_irq_unregister(irq, on_kick, NULL);
	uk_intctlr_msi_free(edu.slot << 3, irq, 1);
}

UK_TEST(on_demand, a_pci_devices_message_that_goes_astray_does_no_harm)
{
	const uint64_t before = uk_intctlr_spurious();
	struct uk_msi_msg msg;
	unsigned int irq, cap;

	if (!UK_EXPECT(find()) || !UK_EXPECT_NE(cap = find_msi(), 0) ||
	    !UK_EXPECT_EQ(uk_intctlr_msi_alloc(edu.slot << 3, 1, &irq), 0))
		return;
	UK_EXPECT_EQ(uk_intctlr_irq_register(irq, on_edu, NULL, "edu"), 0);
	uk_intctlr_msi_compose(irq, &msg);

	/* To a vector of nobody, and to a CPU that is not there. */
	tell(cap, msg.addr, APIC_VECTOR_LOCAL - 1);
	raise(1);
	UK_EXPECT(uk_test_irq_stays_away(&edu.count, 1));
	UK_EXPECT_EQ(uk_intctlr_spurious() - before, 1);
	edu.regs[EDU_ACK] = 1;
	tell(cap, msg.addr | 0xfa << 12, msg.data);
	raise(1);
	UK_EXPECT(uk_test_irq_stays_away(&edu.count, 1));
	edu.regs[EDU_ACK] = 1;

	tell(cap, msg.addr, msg.data);
	raise(1);
	UK_EXPECT(uk_test_irq_comes(&edu.count, 1));
	config_write(cap, config_read(cap) & ~MSI_ENABLE);
	uk_intctlr_irq_unregister(irq, on_edu, NULL);
	uk_intctlr_msi_free(edu.slot << 3, irq, 1);
}

/* Two devices on one line. */

struct sharer {
	volatile uint32_t *regs;
	volatile unsigned int count;
};

static enum uk_irq_result on_sharer(unsigned int irq UK_UNUSED, void *arg)
{
	struct sharer *const s = arg;

	if (!s->regs[EDU_STATUS])
		return UK_IRQ_NOT_MINE;
	s->regs[EDU_ACK] = s->regs[EDU_STATUS];
	s->count++;
	return UK_IRQ_HANDLED;
}

/* Both devices, and the line they share; 0: they do not. */
static unsigned int find_two(struct sharer dev[2])
{
	unsigned int line[2];

	for (unsigned int i = 0; i < 2; i++) {
		if (!find_from(i ? edu.slot + 1 : 0))
			return 0;
		dev[i] = (struct sharer){ .regs = edu.regs };
		line[i] = config_read(REG_LINE) & 0xff;
	}
	return line[0] == line[1] ? uk_intctlr_isa_irq(line[0]) : 0;
}

/* Work for one, the other, and both at once. */
static void share(struct sharer dev[2], unsigned int rounds)
{
	dev[0].count = dev[1].count = 0;
	for (unsigned int i = 1; i <= rounds; i++) {
		unsigned long irqs;

		for (unsigned int k = 0; k < 2; k++) {
			dev[k].regs[EDU_RAISE] = 1;
			UK_EXPECT(uk_test_irq_comes(&dev[k].count,
						    2 * i - 1));
		}
		irqs = ukarch_irq_save();
		dev[0].regs[EDU_RAISE] = 1;
		dev[1].regs[EDU_RAISE] = 1;
		for (unsigned int k = 0; k < 2; k++)
			UK_EXPECT(uk_test_irq_comes(&dev[k].count, 2 * i));
		ukarch_irq_restore(irqs);
	}
	for (unsigned int k = 0; k < 2; k++)
		UK_EXPECT_EQ(dev[k].count, 2 * rounds);
}

UK_TEST(on_demand, two_pci_devices_share_a_line_and_one_that_raves_is_named)
{
	struct uk_intctlr_stat stat;
	struct sharer dev[2];
	unsigned long irqs;
	unsigned int irq;

	if (!UK_EXPECT_NE(irq = find_two(dev), 0))
		return;
	for (unsigned int k = 0; k < 2; k++)
		UK_EXPECT_EQ(uk_intctlr_irq_register(irq, on_sharer, &dev[k],
						     "sharer"), 0);
	share(dev, 100);
	UK_EXPECT_EQ(uk_intctlr_stat(irq, &stat), 0);
	UK_EXPECT_EQ(stat.unclaimed, 0);

	/* Nobody is there for the second one, and its level stays. */
	uk_intctlr_irq_unregister(irq, on_sharer, &dev[1]);
	irqs = ukarch_irq_save();
	dev[1].regs[EDU_RAISE] = 1;
	dev[0].regs[EDU_RAISE] = 1;
	UK_EXPECT(uk_test_irq_comes(&dev[0].count, 201));
	ukarch_irq_restore(irqs);
	UK_EXPECT(uk_test_irq_stays_away(&dev[0].count, 202));
	UK_EXPECT_EQ(uk_intctlr_stat(irq, &stat), 0);
	UK_EXPECT(stat.stopped);
	UK_EXPECT_EQ(stat.unclaimed, 1000);

	/* It is quiet: the first one can go on. */
	dev[1].regs[EDU_ACK] = 1;
	uk_intctlr_irq_rearm(irq);
	dev[0].regs[EDU_RAISE] = 1;
	UK_EXPECT(uk_test_irq_comes(&dev[0].count, 202));
	uk_intctlr_irq_unregister(irq, on_sharer, &dev[0]);
}
