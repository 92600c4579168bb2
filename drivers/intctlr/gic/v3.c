/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GICv3 and later (IHI 0069H.b), with affinity routing. The CPU interface is
 * in system registers; SGIs and PPIs of a CPU are in its redistributor, which
 * is one of a row of frames and says whose it is.
 *
 * The distributor's enable bits lie in different places by the number of
 * security states; ARE and the bit behind it do in both what we want (12.9.4).
 */
#include "gic_priv.h"

#include <stddef.h>

#include <uk/arch/percpu.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/percpu.h>
#include <uk/print.h>

#define DIST_LEN		0x10000u
#define CTLR_ENABLE_G1		(1u << 1)
#define CTLR_ARE		(1u << 4)

/* A redistributor (12.10): control frame, then the one for INTIDs 0 to 31. */
#define GICR_CTLR		0x00u
#define GICR_TYPER		0x08u
#define GICR_WAKER		0x14u
#define GICR_FRAME		0x10000u
#define GICR_CTLR_RWP		(1u << 3)
#define TYPER_VLPIS		(1u << 1)
#define TYPER_LAST		(1u << 4)
#define WAKER_SLEEP		(1u << 1)
#define WAKER_ASLEEP		(1u << 2)
#define PATIENCE		1000000u

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

#define INTID(iar)		((uint32_t)(iar) & 0xffffffu)

static struct {
	volatile uint8_t *dist;
	struct uk_fdt_reg rows[UK_FDT_DEVICE_NREGS];	/* redistributors */
	unsigned int nrows;
} gic;

/* This CPU's redistributor: the frame for INTIDs 0 to 31. */
static UK_PERCPU(volatile uint8_t *, own_redist);

/* As TYPER has it in its upper half: Aff3 to Aff0. */
static uint32_t affinity(uint64_t hwid)
{
	return (uint32_t)(hwid & 0xffffff) | (uint32_t)(hwid >> 32) << 24;
}

/*
 * Look at the frame pair at @base; its length into *@step. Returns 1: it is
 * @aff's; 0: it is not; 2: nor are there more in this row; or an error.
 */
static int look_at(uint64_t base, uint32_t aff, volatile uint8_t **regs,
		   uint64_t *step)
{
	uint32_t typer;
	int rc;

	rc = gic_map("redistributor", base, 2 * GICR_FRAME, regs);
	if (rc < 0)
		return rc;
	typer = gic_read(*regs, GICR_TYPER);
	*step = (typer & TYPER_VLPIS ? 4 : 2) * (uint64_t)GICR_FRAME;
	if (gic_read(*regs, GICR_TYPER + 4) == aff)
		return 1;
	return typer & TYPER_LAST ? 2 : 0;
}

/* Find the redistributor of the CPU with affinity @aff. */
static int find_redist(uint32_t aff, volatile uint8_t **regs)
{
	for (unsigned int i = 0; i < gic.nrows; i++) {
		const struct uk_fdt_reg *const row = &gic.rows[i];
		uint64_t off = 0, step = 0;
		int rc = 0;

		while (rc == 0 && off < row->len &&
		       row->len - off >= 2 * GICR_FRAME) {
			rc = look_at(row->base + off, aff, regs, &step);
			off += step;
		}
		if (rc == 1)
			return 0;
		if (rc < 0)
			return rc;
	}
	uk_pr_err("gic: the CPU with affinity %#x has no redistributor", aff);
	return -ENODEV;
}

static int wake(volatile uint8_t *redist)
{
	gic_write(redist, GICR_WAKER,
		  gic_read(redist, GICR_WAKER) & ~WAKER_SLEEP);
	for (unsigned int i = 0; i < PATIENCE; i++)
		if (!(gic_read(redist, GICR_WAKER) & WAKER_ASLEEP))
			return 0;
	uk_pr_err("gic: a redistributor does not wake up");
	return -ENODEV;
}

static void interface_on(void)
{
	write_icc(ICC_SRE, 1);
	__asm__ volatile("isb" : : : "memory");
	write_icc(ICC_PMR, ANY_PRIORITY);
	write_icc(ICC_BPR1, 0);
	/* EOI ends an interrupt in one step. */
	write_icc(ICC_CTLR, 0);
	write_icc(ICC_IGRPEN1, 1);
	__asm__ volatile("isb" : : : "memory");
}

static int v3_cpu_start(void)
{
	volatile uint8_t *redist;
	int rc;

	rc = find_redist(affinity(uk_this_cpu_ptr(uk_cpu)->hwid), &redist);
	if (rc == 0)
		rc = wake(redist);
	if (rc < 0)
		return rc;

	uk_this_cpu(own_redist) = redist + GICR_FRAME;
	gic_local_init(redist + GICR_FRAME);
	gic_write(redist + GICR_FRAME, GICD_IGROUPR, UINT32_MAX);
	gic_wait(redist, GICR_CTLR_RWP);
	interface_on();
	return 0;
}

static void v3_take(struct ukarch_regs *regs UK_UNUSED,
		    unsigned int vector UK_UNUSED)
{
	uint32_t irq = INTID(read_icc(ICC_IAR1));

	if (UK_UNLIKELY(irq >= GIC_NSPIS)) {
		uk_intctlr_unknown();
		return;
	}
	do {
		uk_intctlr_dispatch(irq);
		/* The device has seen what the handler told it. */
		__asm__ volatile("dsb sy" : : : "memory");
		write_icc(ICC_EOIR1, irq);
		__asm__ volatile("isb" : : : "memory");
		irq = INTID(read_icc(ICC_IAR1));
	} while (irq < GIC_NSPIS);
}

static int v3_set_cpu(unsigned int irq, uint64_t hwid)
{
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
	gic_disable(gic.dist, irq);
	gic_wait(gic.dist, GICD_CTLR_RWP);
}

static void v3_unmask(unsigned int irq)
{
	gic_enable(gic.dist, irq);
}

static void v3_retrigger(unsigned int irq)
{
	gic_set_pending(gic.dist, irq);
}

static int v3_local_check(unsigned int irq)
{
	return irq < GIC_NLOCAL ? 0 : -EINVAL;
}

static void v3_local_unmask(unsigned int irq)
{
	gic_enable(uk_this_cpu(own_redist), irq);
}

static void v3_local_mask(unsigned int irq)
{
	volatile uint8_t *const regs = uk_this_cpu(own_redist);

	gic_disable(regs, irq);
	gic_wait(regs - GICR_FRAME, GICR_CTLR_RWP);
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

static void dist_on(unsigned int n)
{
	for (unsigned int irq = GIC_NLOCAL; irq < n; irq += 32)
		gic_write(gic.dist, GICD_IGROUPR + irq / 8, UINT32_MAX);
	gic_wait(gic.dist, GICD_CTLR_RWP);
	gic_write(gic.dist, GICD_CTLR, CTLR_ARE | CTLR_ENABLE_G1);
	gic_wait(gic.dist, GICD_CTLR_RWP);
}

static int v3_start(const struct uk_bootinfo *bi)
{
	static const char *const names[] = { "arm,gic-v3", NULL };
	struct uk_fdt_device dev;
	unsigned int n;
	int rc;

	rc = gic_find(bi, names, 0, 2, &dev);
	if (rc == 0)
		rc = gic_map("distributor", dev.reg[0].base, DIST_LEN,
			     &gic.dist);
	if (rc < 0)
		return rc;
	gic.nrows = uk_fdt_device_u32(&dev, "#redistributor-regions", 1);
	if (gic.nrows > dev.nregs - 1)
		gic.nrows = dev.nregs - 1;
	for (unsigned int i = 0; i < gic.nrows; i++)
		gic.rows[i] = dev.reg[1 + i];

	gic_write(gic.dist, GICD_CTLR, 0);
	gic_wait(gic.dist, GICD_CTLR_RWP);
	n = gic_dist_init(gic.dist);
	dist_on(n);
	controller.nirqs = gic_fit(n);
	controller.msi_first = controller.nirqs;
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
