/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GICv2m (Server Base System Architecture, appendix E): a frame of registers
 * to which devices write the number of a line, which the frame then pulses. A
 * frame owns some lines and says which; who wrote is not looked at.
 *
 * lib/ukintctlr hands out messages of one range, so frames are used as far as
 * they make one. Up to 32 messages of a device share an address (plain MSI)
 * and are aligned as a block, so a frame that follows another one begins at a
 * multiple of 32: then no block is in two of them. Others are left alone,
 * rather than make the library's search know about frames.
 */
#include "gic_priv.h"

#include <stddef.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/print.h>

#define MSI_TYPER	0x008u
#define MSI_SETSPI_NS	0x040u
#define FRAME_LEN	0x1000u

#define TYPER_FIRST(typer)	((typer) >> 16 & 0x3ffu)
#define TYPER_N(typer)		((typer) & 0x3ffu)

#define BLOCK		32u

static bool joins(uint32_t a, uint32_t b)
{
	return a == b && UK_IS_ALIGNED(a, BLOCK);
}

int gic_v2m_add(struct gic_v2m *v2m, uint64_t paddr, uint32_t first,
		uint32_t n, uint32_t nirqs)
{
	const uint32_t top = UK_MIN(nirqs, GIC_NSPIS);

	if (n == 0)
		return -ENODEV;
	if (first < GIC_NLOCAL || first >= top || n > top - first)
		return -ERANGE;
	if (v2m->nframes == GIC_V2M_NFRAMES)
		return -ENOSPC;

	if (v2m->nframes == 0) {
		v2m->first = first;
		v2m->end = first + n;
	} else if (joins(first, v2m->end)) {
		v2m->end = first + n;
	} else if (joins(first + n, v2m->first)) {
		v2m->first = first;
	} else {
		return -EDOM;
	}
	v2m->frame[v2m->nframes++] = (struct gic_v2m_frame){
		.paddr = paddr, .first = first, .end = first + n,
	};
	return 0;
}

/* Trees may know better than a frame which lines it has. */
static int add(struct gic_v2m *v2m, const struct uk_fdt_device *dev,
	       uint32_t nirqs)
{
	const uint64_t paddr = dev->reg[0].base;
	volatile uint8_t *regs;
	uint32_t typer, first, n;
	int rc;

	rc = gic_map(dev->name, paddr, FRAME_LEN, &regs);
	if (rc < 0)
		return rc;
	typer = gic_read(regs, MSI_TYPER);
	first = uk_fdt_device_u32(dev, "arm,msi-base-spi", TYPER_FIRST(typer));
	n = uk_fdt_device_u32(dev, "arm,msi-num-spis", TYPER_N(typer));
	rc = gic_v2m_add(v2m, paddr, first, n, nirqs);
	if (rc < 0)
		uk_pr_warn("gic: %s, %u messages from %u on, is not used, "
			   "error %d", dev->name, n, first, -rc);
	return rc;
}

void gic_v2m_find(const struct uk_bootinfo *bi, uint32_t nirqs,
		  struct gic_v2m *v2m)
{
	static const char *const names[] = { "arm,gic-v2m-frame", NULL };
	struct uk_fdt_device dev;

	for (unsigned int i = 0; gic_find(bi, names, i, 1, &dev) == 0; i++)
		(void)add(v2m, &dev, nirqs);
}

void gic_v2m_compose(const struct gic_v2m *v2m, unsigned int irq,
		     struct uk_msi_msg *msg)
{
	uint32_t i = 0;

	while (irq < v2m->frame[i].first || irq >= v2m->frame[i].end)
		i++;
	msg->addr = v2m->frame[i].paddr + MSI_SETSPI_NS;
	msg->data = irq;
}
