/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PCI device that sends a message itself: QEMU's edu, whose registers do
 * nothing but that when asked. What a PCI driver would do is done by hand, for
 * one function on bus 0 whose registers nobody has placed (PCI Local Bus
 * Specification 3.0, 6.1 and 6.8.1).
 */
#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/fdt.h>
#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/paging.h>
#include <uk/test.h>

#include "../gic_priv.h"

#define EDU_ID		0x11e81234u
#define EDU_LEN		0x100000u
#define EDU_STATUS	0x24u
#define EDU_RAISE	0x60u
#define EDU_ACK		0x64u

#define CFG_LEN		0x1000u
#define CFG_COMMAND	0x04u
#define CFG_BAR0	0x10u
#define CFG_CAPS	0x34u
#define COMMAND_MEMORY_MASTER	6u
#define CAP_MSI		5u
#define MSI_ENABLE	(1u << 16)
#define MSI_64BIT	(1u << 23)

/* An entry of "ranges", in cells: PCI address, CPU address, length. */
#define RANGE_CELLS	7u
#define SPACE_MEM32	2u

static const struct uk_bootinfo *bootinfo;

static int keep_bootinfo(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(EARLY, keep_bootinfo, NULL);

static volatile unsigned int seen;

static enum uk_irq_result note(unsigned int irq UK_UNUSED, void *arg UK_UNUSED)
{
	seen++;
	return UK_IRQ_HANDLED;
}

/* The configuration space of edu, and what the ITS knows it by. */
static volatile uint8_t *find_edu(const struct uk_fdt_device *host,
				  uint32_t *devid)
{
	for (uint32_t slot = 0; slot < 32; slot++) {
		volatile uint8_t *cfg;

		if (gic_map("test", host->reg[0].base + slot * 8 * CFG_LEN,
			    CFG_LEN, &cfg) < 0)
			return NULL;
		*devid = slot << 3;
		if (gic_read(cfg, 0) == EDU_ID)
			return cfg;
	}
	return NULL;
}

/* Place its registers at the beginning of the host's window for such. */
static volatile uint8_t *place(const struct uk_fdt_device *host,
			       volatile uint8_t *cfg)
{
	uint32_t len = 0;
	const uint8_t *p = uk_fdt_device_prop(host, "ranges", &len);
	volatile uint8_t *regs = NULL;

	for (; p && len >= 4 * RANGE_CELLS;
	     p += 4 * RANGE_CELLS, len -= 4 * RANGE_CELLS) {
		if ((uk_fdt_u32(p) >> 24 & 3) != SPACE_MEM32)
			continue;
		gic_write(cfg, CFG_BAR0, uk_fdt_u32(p + 8));
		gic_write(cfg, CFG_COMMAND, COMMAND_MEMORY_MASTER);
		if (gic_map("test", uk_fdt_cells(p + 12, 2), EDU_LEN,
			    &regs) < 0)
			return NULL;
		break;
	}
	return regs;
}

/* Its capability for messages; 0: it has none. */
static uint32_t find_msi(const volatile uint8_t *cfg)
{
	uint32_t at = gic_read(cfg, CFG_CAPS) & 0xfc;

	for (unsigned int i = 0; i < 48 && at; i++) {
		const uint32_t head = gic_read(cfg, at);

		if ((head & 0xff) == CAP_MSI)
			return at;
		at = head >> 8 & 0xfc;
	}
	return 0;
}

static void tell(volatile uint8_t *cfg, uint32_t msi, unsigned int irq)
{
	const uint32_t head = gic_read(cfg, msi);
	struct uk_msi_msg msg;

	uk_intctlr_msi_compose(irq, &msg);
	gic_write(cfg, msi + 4, (uint32_t)msg.addr);
	UK_EXPECT(head & MSI_64BIT);
	gic_write(cfg, msi + 8, (uint32_t)(msg.addr >> 32));
	gic_write(cfg, msi + 12, msg.data);
	gic_write(cfg, msi, head | MSI_ENABLE);
}

static void use(volatile uint8_t *regs, unsigned int irq)
{
	seen = 0;
	UK_EXPECT_EQ(uk_intctlr_irq_register(irq, note, NULL, "edu"), 0);
	for (unsigned int i = 1; i <= 10; i++) {
		gic_write(regs, EDU_RAISE, i);
		UK_EXPECT(uk_test_irq_comes(&seen, i));
		UK_EXPECT_EQ(gic_read(regs, EDU_STATUS), i);
		gic_write(regs, EDU_ACK, i);
	}
	UK_EXPECT(uk_test_irq_stays_away(&seen, 11));
	uk_intctlr_irq_unregister(irq, note, NULL);
}

/* Picked by name for machines that have one (suites/inimage.py). */
UK_TEST(on_demand, a_pci_device_interrupts_by_a_message)
{
	static const char *const names[] = { "pci-host-ecam-generic", NULL };
	volatile uint8_t *cfg, *regs;
	struct uk_fdt_device host;
	unsigned int irq;
	uint32_t devid = 0, msi;

	if (!UK_EXPECT_EQ(gic_find(bootinfo, names, 0, 1, &host), 0))
		return;
	cfg = find_edu(&host, &devid);
	if (!UK_EXPECT_NOT_NULL((const void *)(uintptr_t)cfg))
		return;
	regs = place(&host, cfg);
	msi = find_msi(cfg);
	if (!UK_EXPECT(regs && msi) ||
	    !UK_EXPECT_EQ(uk_intctlr_msi_alloc(devid, 1, &irq), 0))
		return;
	tell(cfg, msi, irq);
	use(regs, irq);
	gic_write(cfg, msi, gic_read(cfg, msi) & ~MSI_ENABLE);
	uk_intctlr_msi_free(devid, irq, 1);
}
