/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * QEMU's virt machine as a program leaves it that dies in the middle of
 * interrupts: both timers have interrupted, and all lines are open, edges,
 * pending, some active, and routed to nobody; three SGIs, each more urgent than
 * the one before, have been acknowledged and not ended, others wait; a
 * breakpoint is set on a function of the next image.
 *
 * Registers are where that machine has them (QEMU, hw/arm/virt.c: memory map).
 */
#include <stdint.h>
#include <stdio.h>

#include <uk/arch/cpu.h>
#include <uk/arch/mmio.h>
#include <uk/bootinfo.h>
#include <uk/paging.h>

#include "again.h"
#include "again_arm64_mess.h"

#define DIST		0x08000000u
#define CPU		0x08010000u	/* GICv2 */
#define REDIST		0x080b0000u	/* GICv3, CPU 0: SGIs, PPIs */
#define LEN		0x10000u

/* A distributor (IHI 0069, 12.8), in part also REDIST. */
#define ISENABLER	0x100u
#define ISPENDR		0x200u
#define ISACTIVER	0x300u
#define IPRIORITYR	0x400u
#define ITARGETSR	0x800u
#define ICFGR		0xc00u
#define SGIR		0xf00u
#define SGIR_SELF	0x02000000u
#define IROUTER		0x6000u
#define NOBODY		UINT64_C(0xff00ffffff)

/* The interface of GICv2 (IHI 0048B.b, 4.4). */
#define CPU_CTLR	0x00u
#define CPU_PMR		0x04u
#define CPU_BPR		0x08u
#define CPU_IAR		0x0cu
#define CPU_RPR		0x14u
#define CPU_TWO_STEPS	0x201u
#define IDLE		0xffu

/* And of GICv3, by encodings. */
#define ICC_PMR		"s3_0_c4_c6_0"
#define ICC_IAR1	"s3_0_c12_c12_0"
#define ICC_RPR		"s3_0_c12_c11_3"
#define ICC_BPR1	"s3_0_c12_c12_3"
#define ICC_CTLR	"s3_0_c12_c12_4"
#define TWO_STEPS	2u

#define read_reg(reg)							\
	__extension__ ({						\
		uint64_t val_;						\
		__asm__ volatile("mrs %0, " reg : "=r"(val_) : : "memory"); \
		val_;							\
	})
#define write_reg(reg, val)						\
	__asm__ volatile("msr " reg ", %0\n\tisb"			\
			 : : "r"((uint64_t)(val)) : "memory")

/* Of SGIs and lines. */
#define LINES		32u
#define NLINES		64u
#define SOME		0x0f0f0f0fu
#define EDGES		0xaaaaaaaau

/* Enabled, EL1, four bytes; and both ways to switch breakpoints on. */
#define BREAKPOINT	0x1e3u
#define MDSCR_ON	0xa000u

#define NSERVED		3u

static const struct {
	uint8_t sgi, priority;
} in_service[NSERVED] = { { 3, 0xc0 }, { 5, 0x80 }, { 7, 0x40 } };

#define SGI_WAITS	9

static volatile uint8_t *dist, *local, *cpu;

static int is_v3(void)
{
	return (read_reg("id_aa64pfr0_el1") >> 24 & 15) != 0;
}

int again_map(void)
{
	void *regs[2];

	if (uk_paging_map_device(DIST, LEN, &regs[0]) < 0 ||
	    uk_paging_map_device(is_v3() ? REDIST : CPU, is_v3() ? LEN : 0x1000,
				 &regs[1]) < 0) {
		printf("again: devices cannot be mapped\n");
		return -1;
	}
	dist = regs[0];
	local = is_v3() ? regs[1] : regs[0];
	cpu = regs[1];
	return 0;
}

int again_serves(void)
{
	const uint64_t running = is_v3() ? read_reg(ICC_RPR) :
				 ukarch_mmio_read32(cpu + CPU_RPR);

	return running != IDLE || ukarch_mmio_read32(local + ISACTIVER) ||
	       ukarch_mmio_read32(dist + ISACTIVER + LINES / 8);
}

static void pend(unsigned int sgi)
{
	if (is_v3())
		ukarch_mmio_write32(local + ISPENDR, 1u << sgi);
	else
		ukarch_mmio_write32(dist + SGIR, SGIR_SELF | sgi);
}

static void acknowledge(void)
{
	if (is_v3())
		(void)read_reg(ICC_IAR1);
	else
		(void)ukarch_mmio_read32(cpu + CPU_IAR);
}

static void spoil_locals(unsigned int nserved)
{
	ukarch_mmio_write32(local + ISENABLER, UINT32_MAX);
	for (unsigned int i = 0; i < nserved; i++) {
		*(local + IPRIORITYR + in_service[i].sgi) =
			in_service[i].priority;
		pend(in_service[i].sgi);
		__asm__ volatile("dsb sy\n\tisb" : : : "memory");
		acknowledge();
	}
	pend(SGI_WAITS);
}

static void spoil_lines(void)
{
	for (unsigned int irq = LINES; irq < LINES + NLINES; irq++) {
		*(dist + IPRIORITYR + irq) = 0;
		if (is_v3())
			ukarch_mmio_write64(dist + IROUTER + 8 * irq, NOBODY);
		else
			*(dist + ITARGETSR + irq) = 0;
	}
	for (unsigned int irq = LINES; irq < LINES + NLINES; irq += 16)
		ukarch_mmio_write32(dist + ICFGR + irq / 4, EDGES);
	for (unsigned int irq = LINES; irq < LINES + NLINES; irq += 32) {
		ukarch_mmio_write32(dist + ISPENDR + irq / 8, UINT32_MAX);
		ukarch_mmio_write32(dist + ISACTIVER + irq / 8, SOME);
		ukarch_mmio_write32(dist + ISENABLER + irq / 8, UINT32_MAX);
	}
}

static void spoil_interface(int closed)
{
	const unsigned int pmr = closed ? 0 : IDLE;

	if (is_v3()) {
		write_reg(ICC_BPR1, 7);
		write_reg(ICC_CTLR, TWO_STEPS);
		write_reg(ICC_PMR, pmr);
	} else {
		ukarch_mmio_write32(cpu + CPU_BPR, 7);
		ukarch_mmio_write32(cpu + CPU_CTLR, CPU_TWO_STEPS);
		ukarch_mmio_write32(cpu + CPU_PMR, pmr);
	}
}

static void spoil_timers(void)
{
	write_reg("cntv_tval_el0", 1);
	write_reg("cntv_ctl_el0", 1);
	write_reg("cntp_tval_el0", 1);
	write_reg("cntp_ctl_el0", 1);
}

static void break_at(const void *code)
{
	write_reg("dbgbvr0_el1", (uintptr_t)code);
	write_reg("dbgbcr0_el1", BREAKPOINT);
	write_reg("oslar_el1", 0);
	write_reg("mdscr_el1", MDSCR_ON);
}

void again_mess(int left)
{
	spoil_locals(left == 1 ? 0 : NSERVED);
	spoil_lines();
	spoil_timers();
	spoil_interface(left % 2 == 0);
	break_at((const void *)(uintptr_t)uk_boot);
}
