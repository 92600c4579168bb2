/* SPDX-License-Identifier: BSD-3-Clause */
/* What the device tree says of the GIC (bindings of arm,gic and arm,gic-v3). */
#include "gic_priv.h"

#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/fdt.h>
#include <uk/paging.h>
#include <uk/print.h>

int gic_find(const struct uk_bootinfo *bi, const char *const *names,
	     unsigned int idx, unsigned int nregs, struct uk_fdt_device *dev)
{
	/* @dev points into the tree, and what it reads with is here. */
	static struct uk_fdt fdt;

	if (!bi->dtb ||
	    uk_fdt_open(&fdt, uk_phys_to_virt(bi->dtb), bi->dtb_len) < 0 ||
	    uk_fdt_device_find_nth(&fdt, names, idx, dev) < 0)
		return -ENODEV;
	if (dev->nregs < nregs) {
		uk_pr_err("gic: %s has %u ranges of registers, %u are needed",
			  dev->name, dev->nregs, nregs);
		return -ENODEV;
	}
	return 0;
}

int gic_map(const char *what, uint64_t base, uint64_t len,
	    volatile uint8_t **regs)
{
	void *vaddr;
	const int rc = uk_paging_map_device(base, len, &vaddr);

	if (rc < 0)
		uk_pr_err("gic: %s at %#lx, %#lx bytes, cannot be mapped, "
			  "error %d", what, base, len, -rc);
	else
		*regs = vaddr;
	return rc;
}

unsigned int gic_fit(unsigned int lines)
{
	if (lines > UK_IRQ_MAX) {
		uk_pr_warn("gic: %u lines, of which %u are used: see "
			   "CONFIG_LIBUKINTCTLR_NIRQS", lines, UK_IRQ_MAX);
		return UK_IRQ_MAX;
	}
	return lines;
}
