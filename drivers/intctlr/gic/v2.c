/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GICv2 (IHI 0048B.b). A CPU is known to the distributor by the number of its
 * interface, which the CPU finds in the targets of its own interrupts: those
 * registers are banked, and read-only.
 *
 * In the non-secure view as in one without security states, bit 0 of both
 * control registers switches on what we use.
 */
#include "gic_priv.h"

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/percpu.h>
#include <uk/print.h>

/* The CPU interface (4.4). */
#define GICC_CTLR	0x00u
#define GICC_PMR	0x04u
#define GICC_BPR	0x08u
#define GICC_IAR	0x0cu
#define GICC_EOIR	0x10u
#define GICC_APR	0xd0u	/* four */

#define ENABLE		1u
#define ANY_PRIORITY	0xf0u
#define IAR_INTID(iar)	((iar) & 0x3ffu)

#define NCPUS		8u
#define SGIR_TARGETS(mask)	((uint32_t)(mask) << 16)

/* An interface as a machine may leave out registers that are 4 KiB. */
#define DIST_LEN	0x1000u
#define CPU_LEN		0x1000u

static struct {
	volatile uint8_t *dist;
	volatile uint8_t *cpu;

	/*
	 * Interface masks of the CPUs that have started. Each element is
	 * written by its CPU, the count last, with release; acquire.
	 */
	uint64_t hwid[NCPUS];
	uint8_t mask[NCPUS];
	uint32_t ncpus;

	struct gic_v2m v2m;
} gic;

/* The mask of the CPU @hwid's interface; 0: it has not started. */
static uint8_t mask_of(uint64_t hwid)
{
	const uint32_t n = __atomic_load_n(&gic.ncpus, __ATOMIC_ACQUIRE);

	for (uint32_t i = 0; i < n && i < NCPUS; i++)
		if (gic.hwid[i] == hwid)
			return gic.mask[i];
	return 0;
}

/* The mask of this CPU's interface: any of its own interrupts has it. */
static uint8_t own_mask(void)
{
	uint32_t targets = 0;

	for (unsigned int i = 0; i < GIC_NLOCAL && !targets; i += 4)
		targets = gic_read(gic.dist, GICD_ITARGETSR + i);
	targets |= targets >> 16;
	return (uint8_t)(targets | targets >> 8);
}

/*
 * Who had the machine before may have ended in the middle of interrupts: then
 * the CPU would wait for their end before it takes others of their priority.
 */
static void finish_all(void)
{
	for (unsigned int i = 0; i < 4; i++)
		gic_write(gic.cpu, GICC_APR + 4 * i, 0);
}

/* CPUs start one after the other. */
static int v2_cpu_start(void)
{
	const uint32_t n = gic.ncpus;
	/* With one CPU the registers are zero (4.3.12). */
	const uint8_t mask = own_mask() ? own_mask() : 1;

	if (n == NCPUS)
		return -ENODEV;
	gic_local_init(gic.dist);
	finish_all();
	gic_write(gic.cpu, GICC_PMR, ANY_PRIORITY);
	gic_write(gic.cpu, GICC_BPR, 0);
	gic_write(gic.cpu, GICC_CTLR, ENABLE);
	gic.hwid[n] = uk_this_cpu_ptr(uk_cpu)->hwid;
	gic.mask[n] = mask;
	__atomic_store_n(&gic.ncpus, n + 1, __ATOMIC_RELEASE);
	return 0;
}

static void v2_take(struct ukarch_regs *regs UK_UNUSED,
		    unsigned int vector UK_UNUSED)
{
	uint32_t iar = gic_read(gic.cpu, GICC_IAR);

	if (UK_UNLIKELY(IAR_INTID(iar) >= GIC_NSPIS)) {
		uk_intctlr_unknown();
		return;
	}
	do {
		uk_intctlr_dispatch(IAR_INTID(iar));
		/* The device has seen what the handler told it. */
		__asm__ volatile("dsb sy" : : : "memory");
		gic_write(gic.cpu, GICC_EOIR, iar);
		iar = gic_read(gic.cpu, GICC_IAR);
	} while (IAR_INTID(iar) < GIC_NSPIS);
}

static void target(unsigned int irq, uint8_t mask)
{
	*(gic.dist + GICD_ITARGETSR + irq) = mask;
}

static int v2_setup(unsigned int irq, enum uk_irq_trigger trigger)
{
	target(irq, gic.mask[0]);
	return gic_set_trigger(gic.dist, irq, trigger);
}

static void v2_mask(unsigned int irq)
{
	gic_disable(gic.dist, irq);
}

static void v2_unmask(unsigned int irq)
{
	gic_enable(gic.dist, irq);
}

static void v2_retrigger(unsigned int irq)
{
	gic_set_pending(gic.dist, irq);
}

static int v2_set_cpu(unsigned int irq, uint64_t hwid)
{
	target(irq, mask_of(hwid));
	/*
	 * What is pending moves along (4.3.12), but not in QEMU 7.2: there it
	 * stays with the CPU it was for, which does not take it any more. An
	 * edge may come twice so, rather than never.
	 */
	gic_renew_edge(gic.dist, irq);
	return 0;
}

/* The frame makes an edge. One that its last owner made late is dropped. */
static int v2_msi_setup(uint32_t devid UK_UNUSED, unsigned int irq,
			unsigned int n)
{
	int rc = 0;

	for (unsigned int i = 0; i < n && rc == 0; i++) {
		const unsigned long irqs = ukarch_irq_save();

		rc = v2_setup(irq + i, UK_IRQ_EDGE_RISING);
		ukarch_irq_restore(irqs);
		gic_clear_pending(gic.dist, irq + i);
	}
	return rc;
}

static void v2_msi_free(uint32_t devid UK_UNUSED, unsigned int irq,
			unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		gic_disable(gic.dist, irq + i);
}

static void v2_msi_compose(unsigned int irq, struct uk_msi_msg *msg)
{
	gic_v2m_compose(&gic.v2m, irq, msg);
}

static int v2_local_check(unsigned int irq)
{
	return irq < GIC_NLOCAL ? 0 : -EINVAL;
}

static void v2_ipi(enum uk_ipi ipi, uint64_t hwid)
{
	/* What was written before is seen by who takes it. */
	__asm__ volatile("dsb ishst" : : : "memory");
	gic_write(gic.dist, GICD_SGIR, SGIR_TARGETS(mask_of(hwid)) | ipi);
}

static struct uk_intctlr controller;

/* @n INTIDs: those that the library has no room for are no messages. */
static void find_messages(const struct uk_bootinfo *bi, unsigned int n)
{
	uint32_t end;

	controller.msi_first = controller.nirqs;
	gic_v2m_find(bi, n, &gic.v2m);
	end = UK_MIN(gic.v2m.end, controller.nirqs);
	if (gic.v2m.first < end) {
		controller.msi_first = gic.v2m.first;
		controller.nmsis = end - gic.v2m.first;
	}
}

static int v2_start(const struct uk_bootinfo *bi)
{
	static const char *const names[] = {
		"arm,cortex-a15-gic", "arm,gic-400", "arm,cortex-a7-gic", NULL
	};
	struct uk_fdt_device dev;
	unsigned int n;
	int rc;

	rc = gic_find(bi, names, 0, 2, &dev);
	if (rc == 0)
		rc = gic_map("distributor", dev.reg[0].base, DIST_LEN,
			     &gic.dist);
	if (rc == 0)
		rc = gic_map("CPU interface", dev.reg[1].base, CPU_LEN,
			     &gic.cpu);
	if (rc < 0)
		return rc;

	gic_write(gic.dist, GICD_CTLR, 0);
	n = gic_dist_init(gic.dist);
	gic_write(gic.dist, GICD_CTLR, ENABLE);
	controller.nirqs = gic_fit(n);
	find_messages(bi, n);
	return v2_cpu_start();
}

static const struct uk_intctlr_ops ops = {
	.start = v2_start,
	.cpu_start = v2_cpu_start,
	.take = v2_take,
	.setup = v2_setup,
	.mask = v2_mask,
	.unmask = v2_unmask,
	.retrigger = v2_retrigger,
	.set_cpu = v2_set_cpu,
	.msi_setup = v2_msi_setup,
	.msi_free = v2_msi_free,
	.msi_compose = v2_msi_compose,
	.local_check = v2_local_check,
	.local_unmask = v2_unmask,
	.local_mask = v2_mask,
	.ipi = v2_ipi,
};

static struct uk_intctlr controller = {
	.name = "GICv2",
	.ops = &ops,
	.rank = 10,
};

static int v2_offer(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_intctlr_offer(&controller);
	return 0;
}

UK_INIT(EARLY, v2_offer, NULL);
