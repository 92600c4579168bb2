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

static bool find(void)
{
	void *regs;

	for (edu.slot = 0; edu.slot < NSLOTS; edu.slot++)
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
	struct uk_intctlr_stat stat;
	unsigned int irq;

	if (!UK_EXPECT(find()))
		return;
	irq = uk_intctlr_isa_irq(config_read(REG_LINE) & 0xff);
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
	UK_EXPECT_EQ(stat.count, 4);
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
	/* Its addresses have 64 bits (PCI 6.8.1). */
	config_write(cap + 4, (uint32_t)msg.addr);
	config_write(cap + 8, (uint32_t)(msg.addr >> 32));
	config_write(cap + 12, msg.data);
	config_write(cap, config_read(cap) | MSI_ENABLE);

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
