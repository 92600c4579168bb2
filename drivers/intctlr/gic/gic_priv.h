/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/mmio.h>
#include <uk/compiler.h>
#include <uk/fdt_device.h>
#include <uk/intctlr.h>
#include <uk/intctlr_ops.h>

struct ukarch_regs;

/* INTIDs (IHI 0069, 2.2.1). */
#define GIC_NSGIS	16u
#define GIC_NLOCAL	32u
#define GIC_NSPIS	1020u	/* the first number that is no line */
#define GIC_SPURIOUS	1023u

/* All interrupts have this one; smaller is more urgent. */
#define GIC_PRIORITY	0xa0u
#define GIC_PRIORITY_ALL	0xa0a0a0a0u

/*
 * Registers of a distributor; those for INTIDs 0 to 31 are also a GICv3
 * redistributor's, in its second frame (IHI 0069, 12.8 and 12.10). Byte
 * offsets, all registers of 32 bits.
 */
#define GICD_CTLR		0x000u
#define GICD_TYPER		0x004u
#define GICD_IGROUPR		0x080u
#define GICD_ISENABLER		0x100u
#define GICD_ICENABLER		0x180u
#define GICD_ISPENDR		0x200u
#define GICD_ICPENDR		0x280u
#define GICD_ICACTIVER		0x380u
#define GICD_IPRIORITYR		0x400u
#define GICD_ITARGETSR		0x800u
#define GICD_ICFGR		0xc00u
#define GICD_SGIR		0xf00u
#define GICD_IROUTER		0x6000u	/* of 64 bits, from INTID 32 on */

#define GICD_CTLR_RWP		(1u << 31)
#define GICD_TYPER_LINES(typer)	(32u * (((typer) & 31u) + 1))

static inline uint32_t gic_read(const volatile uint8_t *regs, uint32_t offset)
{
	return ukarch_mmio_read32(regs + offset);
}

static inline void gic_write(volatile uint8_t *regs, uint32_t offset,
			     uint32_t val)
{
	ukarch_mmio_write32(regs + offset, val);
}

static inline uint64_t gic_read64(const volatile uint8_t *regs,
				  uint32_t offset)
{
	return ukarch_mmio_read64(regs + offset);
}

static inline void gic_write64(volatile uint8_t *regs, uint32_t offset,
			       uint64_t val)
{
	ukarch_mmio_write64(regs + offset, val);
}

/*
 * dist.c: a block of registers as above. The callers hold one irq each, or
 * are the only one.
 */

/*
 * Mask all lines of @dist and give them their settings. Returns how many
 * INTIDs there are, of which those below 32 are not lines.
 */
unsigned int gic_dist_init(volatile uint8_t *dist);

/* The same for INTIDs 0 to 31 of a CPU. SGIs stay on, as some always are. */
void gic_local_init(volatile uint8_t *regs);

void gic_enable(volatile uint8_t *regs, unsigned int irq);
void gic_disable(volatile uint8_t *regs, unsigned int irq);
void gic_set_pending(volatile uint8_t *regs, unsigned int irq);
void gic_clear_pending(volatile uint8_t *regs, unsigned int irq);

/* If @irq is an edge that is pending, make it pending once more. */
void gic_renew_edge(volatile uint8_t *regs, unsigned int irq);

/* Returns 0, or -ENOTSUP: no GIC has such lines. */
UK_MUST_USE
int gic_set_trigger(volatile uint8_t *regs, unsigned int irq,
		    enum uk_irq_trigger trigger);

/*
 * Wait until what was written to a distributor or redistributor of GICv3 is
 * in force: bit @rwp of register 0; a while at most.
 */
void gic_wait(const volatile uint8_t *regs, uint32_t rwp);

/*
 * find.c: the node number @idx of those that are compatible with one of
 * @names. Returns 0, or -ENODEV: there is none, or it has less than @nregs
 * ranges of registers, which is logged.
 */
UK_MUST_USE
int gic_find(const struct uk_bootinfo *bi, const char *const *names,
	     unsigned int idx, unsigned int nregs, struct uk_fdt_device *dev);

/* Map registers of the device tree; an error is logged. */
UK_MUST_USE
int gic_map(const char *what, uint64_t base, uint64_t len,
	    volatile uint8_t **regs);

/* How many lines the library is told of @lines there are; logs what is lost. */
unsigned int gic_fit(unsigned int lines);

/*
 * v2m.c: messages of a GICv2, see there. Frames that follow each other are
 * one range of messages.
 */
#define GIC_V2M_NFRAMES	8u

struct gic_v2m_frame {
	uint64_t paddr;
	uint32_t first;		/* INTIDs, none of them local */
	uint32_t end;
};

struct gic_v2m {
	struct gic_v2m_frame frame[GIC_V2M_NFRAMES];
	uint32_t nframes;
	uint32_t first;		/* of all frames; both 0: there is none */
	uint32_t end;
};

/*
 * Take a frame at @paddr of @n messages from INTID @first on, as it says, of
 * a distributor with @nirqs INTIDs. Returns 0, or
 *   -ENODEV  it has no messages
 *   -ERANGE  the distributor has no such lines
 *   -ENOSPC  there are too many frames
 *   -EDOM    it does not follow the others, or precede them: messages that
 *            are in a row must be in one frame
 */
UK_MUST_USE
int gic_v2m_add(struct gic_v2m *v2m, uint64_t paddr, uint32_t first,
		uint32_t n, uint32_t nirqs);

/* Look for all frames; what cannot be used is logged, and left out. */
void gic_v2m_find(const struct uk_bootinfo *bi, uint32_t nirqs,
		  struct gic_v2m *v2m);

/* What a device writes for @irq, which is of one of the frames. */
void gic_v2m_compose(const struct gic_v2m *v2m, unsigned int irq,
		     struct uk_msi_msg *msg);
