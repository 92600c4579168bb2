/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PCI device that interrupts by itself, by a message or by its line: QEMU's
 * edu, whose registers do nothing but that when asked. What a PCI driver would
 * do is done by hand, for functions on bus 0 whose registers nobody has placed
 * (PCI Local Bus Specification 3.0, 6.1 and 6.8.1).
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

/*
 * The configuration space of the first edu from slot @first on, and what the
 * ITS knows it by.
 */
static volatile uint8_t *find_edu(const struct uk_fdt_device *host,
				  uint32_t first, uint32_t *devid)
{
	for (uint32_t slot = first; slot < 32; slot++) {
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

/* Place its registers @at the beginning of the host's window for such. */
static volatile uint8_t *place(const struct uk_fdt_device *host,
			       volatile uint8_t *cfg, uint32_t at)
{
	uint32_t len = 0;
	const uint8_t *p = uk_fdt_device_prop(host, "ranges", &len);
	volatile uint8_t *regs = NULL;

	for (; p && len >= 4 * RANGE_CELLS;
	     p += 4 * RANGE_CELLS, len -= 4 * RANGE_CELLS) {
		if ((uk_fdt_u32(p) >> 24 & 3) != SPACE_MEM32)
			continue;
		gic_write(cfg, CFG_BAR0, uk_fdt_u32(p + 8) + at);
		gic_write(cfg, CFG_COMMAND, COMMAND_MEMORY_MASTER);
		if (gic_map("test", uk_fdt_cells(p + 12, 2) + at, EDU_LEN,
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

static void tell(volatile uint8_t *cfg, uint32_t msi, uint64_t addr,
		 uint32_t data)
{
	const uint32_t head = gic_read(cfg, msi);

	gic_write(cfg, msi + 4, (uint32_t)addr);
	UK_EXPECT(head & MSI_64BIT);
	gic_write(cfg, msi + 8, (uint32_t)(addr >> 32));
	gic_write(cfg, msi + 12, data);
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

/* The device with its messages on, ready to be used. */
struct edu {
	struct uk_fdt_device host;
	volatile uint8_t *cfg, *regs;
	uint32_t devid, msi;
	unsigned int irq;
	struct uk_msi_msg msg;
};

static bool open_edu(struct edu *e)
{
	static const char *const names[] = { "pci-host-ecam-generic", NULL };

	if (!UK_EXPECT_EQ(gic_find(bootinfo, names, 0, 1, &e->host), 0))
		return false;
	e->cfg = find_edu(&e->host, 0, &e->devid);
	if (!UK_EXPECT(e->cfg != NULL))
		return false;
	e->regs = place(&e->host, e->cfg, 0);
	e->msi = find_msi(e->cfg);
	if (!UK_EXPECT(e->regs && e->msi) ||
	    !UK_EXPECT_EQ(uk_intctlr_msi_alloc(e->devid, 1, &e->irq), 0))
		return false;
	uk_intctlr_msi_compose(e->irq, &e->msg);
	tell(e->cfg, e->msi, e->msg.addr, e->msg.data);
	return true;
}

static void close_edu(struct edu *e)
{
	gic_write(e->cfg, e->msi, gic_read(e->cfg, e->msi) & ~MSI_ENABLE);
	uk_intctlr_msi_free(e->devid, e->irq, 1);
}

/* Picked by name for machines that have one (suites/inimage.py). */
UK_TEST(on_demand, a_pci_device_interrupts_by_a_message)
{
	struct edu e;

	if (!open_edu(&e))
		return;
	use(e.regs, e.irq);
	close_edu(&e);
}

static enum uk_irq_result decline(unsigned int irq UK_UNUSED,
				  void *arg UK_UNUSED)
{
	seen++;
	return UK_IRQ_NOT_MINE;
}

static void kick(const struct edu *e, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		const unsigned int was = seen;

		gic_write(e->regs, EDU_RAISE, 1);
		if (!UK_EXPECT(uk_test_irq_comes(&seen, was + 1)))
			break;
		gic_write(e->regs, EDU_ACK, 1);
	}
}

UK_TEST(on_demand, a_pci_device_that_kicks_for_nothing_is_stopped_and_rearmed)
{
	struct uk_intctlr_stat stat;
	struct edu e;

	if (!open_edu(&e))
		return;
	seen = 0;
	UK_EXPECT_EQ(uk_intctlr_irq_register(e.irq, decline, NULL, "edu"), 0);
	kick(&e, 999);
	UK_EXPECT_EQ(uk_intctlr_stat(e.irq, &stat), 0);
	UK_EXPECT(!stat.stopped);
	kick(&e, 1);
	UK_EXPECT_EQ(uk_intctlr_stat(e.irq, &stat), 0);
	UK_EXPECT(stat.stopped);
	gic_write(e.regs, EDU_RAISE, 1);
	UK_EXPECT(uk_test_irq_stays_away(&seen, 1001));
	gic_write(e.regs, EDU_ACK, 1);
	/* The GIC has kept that one. */
	uk_intctlr_irq_rearm(e.irq);
	UK_EXPECT(uk_test_irq_comes(&seen, 1001));
	uk_intctlr_irq_unregister(e.irq, decline, NULL);
	use(e.regs, e.irq);
	close_edu(&e);
}

/* No interrupt of the GIC has this number, and nobody has this event. */
#define STRAY		1019u

UK_TEST(on_demand, a_pci_devices_message_that_goes_astray_does_no_harm)
{
	struct edu e;

	if (!open_edu(&e))
		return;
	seen = 0;
	UK_EXPECT_EQ(uk_intctlr_irq_register(e.irq, note, NULL, "edu"), 0);
	tell(e.cfg, e.msi, e.msg.addr, STRAY);
	gic_write(e.regs, EDU_RAISE, 1);
	UK_EXPECT(uk_test_irq_stays_away(&seen, 1));
	gic_write(e.regs, EDU_ACK, 1);
	uk_intctlr_irq_unregister(e.irq, note, NULL);

	tell(e.cfg, e.msi, e.msg.addr, e.msg.data);
	use(e.regs, e.irq);
	close_edu(&e);
}

/*
 * Two devices on one line: which one the tree says (its interrupt-map; Open
 * Firmware Recommended Practice: Interrupt Mapping, 2). An entry is the
 * function's address, its pin, the GIC's phandle and two cells of nothing, and
 * the three cells of an interrupt.
 */
#define MAP_CELLS	10u
#define MAP_PIN		3u
#define MAP_SPI		8u
#define SLOT_MASK	0x1800u		/* QEMU: four slots, then again */
#define SPI_FIRST	32u

static unsigned int line_of(const struct uk_fdt_device *host, uint32_t slot)
{
	uint32_t len = 0;
	const uint8_t *p = uk_fdt_device_prop(host, "interrupt-map", &len);

	for (; p && len >= 4 * MAP_CELLS;
	     p += 4 * MAP_CELLS, len -= 4 * MAP_CELLS)
		if (uk_fdt_u32(p) == (slot << 11 & SLOT_MASK) &&
		    uk_fdt_u32(p + 4 * MAP_PIN) == 1)
			return SPI_FIRST + uk_fdt_u32(p + 4 * MAP_SPI);
	return 0;
}

struct sharer {
	volatile uint8_t *regs;
	volatile unsigned int count;
};

static enum uk_irq_result on_sharer(unsigned int irq UK_UNUSED, void *arg)
{
	struct sharer *const s = arg;

	if (!gic_read(s->regs, EDU_STATUS))
		return UK_IRQ_NOT_MINE;
	gic_write(s->regs, EDU_ACK, gic_read(s->regs, EDU_STATUS));
	s->count++;
	return UK_IRQ_HANDLED;
}

static unsigned int find_two(struct sharer dev[2])
{
	static const char *const names[] = { "pci-host-ecam-generic", NULL };
	struct uk_fdt_device host;
	uint32_t devid = 0;
	unsigned int line[2];

	if (gic_find(bootinfo, names, 0, 1, &host) < 0)
		return 0;
	for (unsigned int i = 0; i < 2; i++) {
		volatile uint8_t *const cfg =
			find_edu(&host, i ? (devid >> 3) + 1 : 0, &devid);

		if (!cfg)
			return 0;
		dev[i] = (struct sharer){
			.regs = place(&host, cfg, i * EDU_LEN),
		};
		line[i] = line_of(&host, devid >> 3);
		if (!dev[i].regs)
			return 0;
	}
	return line[0] == line[1] ? line[0] : 0;
}

/* Work for one, the other, and both at once. */
static void share(struct sharer dev[2], unsigned int rounds)
{
	for (unsigned int i = 1; i <= rounds; i++) {
		unsigned long irqs;

		for (unsigned int k = 0; k < 2; k++) {
			gic_write(dev[k].regs, EDU_RAISE, 1);
			UK_EXPECT(uk_test_irq_comes(&dev[k].count,
						    2 * i - 1));
		}
		irqs = ukarch_irq_save();
		gic_write(dev[0].regs, EDU_RAISE, 1);
		gic_write(dev[1].regs, EDU_RAISE, 1);
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
	UK_EXPECT_EQ(uk_intctlr_irq_configure(irq, UK_IRQ_LEVEL_HIGH), 0);
	for (unsigned int k = 0; k < 2; k++)
		UK_EXPECT_EQ(uk_intctlr_irq_register(irq, on_sharer, &dev[k],
						     "sharer"), 0);
	share(dev, 100);

	/* Nobody is there for the second one, and its level stays. */
	uk_intctlr_irq_unregister(irq, on_sharer, &dev[1]);
	irqs = ukarch_irq_save();
	gic_write(dev[1].regs, EDU_RAISE, 1);
	gic_write(dev[0].regs, EDU_RAISE, 1);
	UK_EXPECT(uk_test_irq_comes(&dev[0].count, 201));
	ukarch_irq_restore(irqs);
	UK_EXPECT(uk_test_irq_stays_away(&dev[0].count, 202));
	UK_EXPECT_EQ(uk_intctlr_stat(irq, &stat), 0);
	UK_EXPECT(stat.stopped);

	/* It is quiet: the first one can go on. */
	gic_write(dev[1].regs, EDU_ACK, 1);
	uk_intctlr_irq_rearm(irq);
	gic_write(dev[0].regs, EDU_RAISE, 1);
	UK_EXPECT(uk_test_irq_comes(&dev[0].count, 202));
	uk_intctlr_irq_unregister(irq, on_sharer, &dev[0]);
}
