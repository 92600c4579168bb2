/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GICv3 and later (IHI 0069H.b), with affinity routing. The CPU interface is
 * in system registers; SGIs and PPIs of a CPU are in its redistributor. What is
 * neither a line nor of one CPU is an LPI, and the ITS's business.
 *
 * The distributor's enable bits lie in different places by the number of
 * security states; ARE and the bit behind it do in both what we want (12.9.4).
 */
#include "its_priv.h"

#include <stddef.h>

#include <uk/arch/percpu.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/percpu.h>
#include <uk/print.h>

#define DIST_LEN		0x10000u
#define CTLR_ENABLE_G1		(1u << 1)
#define CTLR_ARE		(1u << 4)

#define ANY_PRIORITY		0xf0u

#define read_icc(reg)							\
	__extension__ ({						\
		uint64_t val_;						\
		__asm__ volatile("mrs %0, " reg : "=r"(val_) : : "memory"); \
		val_;							\
	})
#define write_icc(reg, val)						\
	__asm__ volatile("msr " reg ", %0" : : "r"((uint64_t)(val)) : "memory")

/* By their encoding: assemblers learn the names with an extension only. */
#define ICC_PMR			"s3_0_c4_c6_0"
#define ICC_IAR1		"s3_0_c12_c12_0"
#define ICC_EOIR1		"s3_0_c12_c12_1"
#define ICC_BPR1		"s3_0_c12_c12_3"
#define ICC_CTLR		"s3_0_c12_c12_4"
#define ICC_SRE			"s3_0_c12_c12_5"
#define ICC_IGRPEN1		"s3_0_c12_c12_7"
#define ICC_SGI1R		"s3_0_c12_c11_5"

#define ICC_AP1R0		"s3_0_c12_c9_0"
#define ICC_AP1R1		"s3_0_c12_c9_1"
#define ICC_AP1R2		"s3_0_c12_c9_2"
#define ICC_AP1R3		"s3_0_c12_c9_3"

/* ICC_CTLR_EL1: how many bits a priority has. */
#define CTLR_PRIBITS(ctlr)	((unsigned int)((ctlr) >> 8 & 7) + 1)

#define INTID(iar)		((uint32_t)(iar) & 0xffffffu)

static struct {
	volatile uint8_t *dist;
} gic;

/* This CPU's redistributor: the frame for INTIDs 0 to 31. */
static volatile uint8_t *own_frame(void)
{
	return uk_this_cpu(gic_redist).regs + GICR_FRAME;
}

/*
 * Who had the machine before may have ended in the middle of interrupts: then
 * the CPU would wait for their end before it takes others of their priority. A
 * register is for 32 priorities (12.2.2); zero is none.
 */
static void finish_all(void)
{
	const unsigned int bits = CTLR_PRIBITS(read_icc(ICC_CTLR));

	write_icc(ICC_AP1R0, 0);
	if (bits > 5)
		write_icc(ICC_AP1R1, 0);
	if (bits > 6) {
		write_icc(ICC_AP1R2, 0);
		write_icc(ICC_AP1R3, 0);
	}
}

static void interface_on(void)
{
	write_icc(ICC_SRE, 1);
	__asm__ volatile("isb" : : : "memory");
	finish_all();
	write_icc(ICC_PMR, ANY_PRIORITY);
	write_icc(ICC_BPR1, 0);
	/* EOI ends an interrupt in one step. */
	write_icc(ICC_CTLR, 0);
	write_icc(ICC_IGRPEN1, 1);
	__asm__ volatile("isb" : : : "memory");
}

static int v3_cpu_start(void)
{
	const int rc = gic_redist_start();

	if (rc < 0)
		return rc;
	gic_local_init(own_frame());
	gic_write(own_frame(), GICD_IGROUPR, UINT32_MAX);
	gic_wait(own_frame() - GICR_FRAME, GICR_CTLR_RWP);
	interface_on();
	gic_its_cpu_start(uk_this_cpu_ptr(gic_redist));
	return 0;
}

/* Numbers in between are special: 1023 is "none" (2.2.1). */
static bool is_interrupt(uint32_t intid)
{
	return intid < GIC_NSPIS || intid >= GIC_LPI_FIRST;
}

static void v3_take(struct ukarch_regs *regs UK_UNUSED,
		    unsigned int vector UK_UNUSED)
{
	uint32_t intid = INTID(read_icc(ICC_IAR1));

	if (UK_UNLIKELY(!is_interrupt(intid))) {
		uk_intctlr_unknown();
		return;
	}
	do {
		uk_intctlr_dispatch(intid < GIC_NSPIS ? intid :
							gic_its_irq(intid));
		/* The device has seen what the handler told it. */
		__asm__ volatile("dsb sy" : : : "memory");
		write_icc(ICC_EOIR1, intid);
		__asm__ volatile("isb" : : : "memory");
		intid = INTID(read_icc(ICC_IAR1));
	} while (is_interrupt(intid));
}

static int v3_set_cpu(unsigned int irq, uint64_t hwid)
{
	if (gic_its_has(irq))
		return gic_its_set_cpu(irq, hwid);
	gic_write64(gic.dist, GICD_IROUTER + 8 * irq, hwid);
	return 0;
}

static int v3_setup(unsigned int irq, enum uk_irq_trigger trigger)
{
	/* The boot CPU runs this, or its block is where the variable is. */
	v3_set_cpu(irq, uk_cpu.hwid);
	return gic_set_trigger(gic.dist, irq, trigger);
}

static void v3_mask(unsigned int irq)
{
	if (gic_its_has(irq)) {
		gic_its_mask(irq);
		return;
	}
	gic_disable(gic.dist, irq);
	gic_wait(gic.dist, GICD_CTLR_RWP);
}

static void v3_unmask(unsigned int irq)
{
	if (gic_its_has(irq))
		gic_its_unmask(irq);
	else
		gic_enable(gic.dist, irq);
}

static void v3_retrigger(unsigned int irq)
{
	if (gic_its_has(irq))
		gic_its_retrigger(irq);
	else
		gic_set_pending(gic.dist, irq);
}

static int v3_local_check(unsigned int irq)
{
	return irq < GIC_NLOCAL ? 0 : -EINVAL;
}

static void v3_local_unmask(unsigned int irq)
{
	gic_enable(own_frame(), irq);
}

static void v3_local_mask(unsigned int irq)
{
	gic_disable(own_frame(), irq);
	gic_wait(own_frame() - GICR_FRAME, GICR_CTLR_RWP);
}

/* ICC_SGI1R_EL1 (12.2.19): 16 CPUs that differ in Aff0 by a mask. */
static void v3_ipi(enum uk_ipi ipi, uint64_t hwid)
{
	const uint64_t aff0 = hwid & 0xff, aff1 = hwid >> 8 & 0xff;
	const uint64_t aff2 = hwid >> 16 & 0xff, aff3 = hwid >> 32 & 0xff;

	/* What was written before is seen by who takes it. */
	__asm__ volatile("dsb ishst" : : : "memory");
	write_icc(ICC_SGI1R, UINT64_C(1) << aff0 % 16 | aff1 << 16 |
			     (uint64_t)ipi << 24 | aff2 << 32 |
			     aff0 / 16 << 44 | aff3 << 48);
	__asm__ volatile("isb" : : : "memory");
}

static struct uk_intctlr controller;

/* Returns how many INTIDs there are. */
static unsigned int dist_on(void)
{
	const unsigned int n = gic_dist_init(gic.dist);

	for (unsigned int irq = GIC_NLOCAL; irq < n; irq += 32)
		gic_write(gic.dist, GICD_IGROUPR + irq / 8, UINT32_MAX);
	gic_wait(gic.dist, GICD_CTLR_RWP);
	gic_write(gic.dist, GICD_CTLR, CTLR_ARE | CTLR_ENABLE_G1);
	gic_wait(gic.dist, GICD_CTLR_RWP);
	return n;
}

/*
 * LPIs come after the lines, as many as there is room for. Whether the ITS can
 * be used will be seen when somebody wants one: a distributor that knows LPIs
 * is rarely without.
 */
static void number_messages(const struct uk_bootinfo *bi)
{
	const uint32_t n = gic_lpi_count(gic_read(gic.dist, GICD_TYPER));
	const unsigned int room = UK_IRQ_MAX - controller.nirqs;

	controller.msi_first = controller.nirqs;
	controller.nmsis = UK_MIN(n, room);
	gic_its.bi = bi;
	gic_its.irq = controller.msi_first;
	gic_its.nlpis = controller.nmsis;
	if (n > 0 && room == 0)
		uk_pr_warn("gic: no number is left for messages: see "
			   "CONFIG_LIBUKINTCTLR_NIRQS");
}

static int v3_start(const struct uk_bootinfo *bi)
{
	static const char *const names[] = { "arm,gic-v3", NULL };
	struct uk_fdt_device dev;
	unsigned int nrows;
	int rc;

	rc = gic_find(bi, names, 0, 2, &dev);
	if (rc == 0)
		rc = gic_map("distributor", dev.reg[0].base, DIST_LEN,
			     &gic.dist);
	if (rc < 0)
		return rc;
	nrows = uk_fdt_device_u32(&dev, "#redistributor-regions", 1);
	gic_redist_rows(&dev.reg[1], UK_MIN(nrows, dev.nregs - 1));

	gic_write(gic.dist, GICD_CTLR, 0);
	gic_wait(gic.dist, GICD_CTLR_RWP);
	controller.nirqs = gic_fit(dist_on());
	number_messages(bi);
	return v3_cpu_start();
}

static const struct uk_intctlr_ops ops = {
	.start = v3_start,
	.cpu_start = v3_cpu_start,
	.take = v3_take,
	.setup = v3_setup,
	.mask = v3_mask,
	.unmask = v3_unmask,
	.retrigger = v3_retrigger,
	.set_cpu = v3_set_cpu,
	.msi_setup = gic_its_msi_setup,
	.msi_free = gic_its_msi_free,
	.msi_compose = gic_its_msi_compose,
	.local_check = v3_local_check,
	.local_unmask = v3_local_unmask,
	.local_mask = v3_local_mask,
	.ipi = v3_ipi,
};

static struct uk_intctlr controller = {
	.name = "GICv3",
	.ops = &ops,
	.rank = 20,
};

static int v3_offer(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_intctlr_offer(&controller);
	return 0;
}

UK_INIT(EARLY, v3_offer, NULL);
