/* SPDX-License-Identifier: BSD-3-Clause */
/* The one that the device tree names (bindings of arm,pl031). */
#include "pl031_priv.h"

#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/fdt.h>
#include <uk/fdt_device.h>
#include <uk/init.h>
#include <uk/paging.h>
#include <uk/print.h>

static struct pl031 chip = {
	.rtc = { .name = "pl031", .ops = &pl031_ops },
};

static int find(const struct uk_bootinfo *bi)
{
	struct uk_fdt_device dev;
	struct uk_fdt fdt;
	void *regs;
	int rc;

	if (!bi->dtb ||
	    uk_fdt_open(&fdt, uk_phys_to_virt(bi->dtb), bi->dtb_len) < 0 ||
	    uk_fdt_device_find(&fdt, "arm,pl031", &dev) < 0)
		return -ENODEV;
	if (dev.nregs < 1 || dev.reg[0].len < PL031_LEN) {
		uk_pr_err("pl031: %s has no range of registers", dev.name);
		return -EPROTO;
	}
	rc = uk_paging_map_device(dev.reg[0].base, PL031_LEN, &regs);
	if (rc < 0) {
		uk_pr_err("pl031: %s at %#lx cannot be mapped, error %d",
			  dev.name, dev.reg[0].base, -rc);
		return rc;
	}
	chip.regs = regs;

	rc = uk_fdt_device_gic_irq(&dev, 0, &chip.trigger);
	if (rc < 0)
		uk_pr_warn("pl031: %s has no interrupt for alarms", dev.name);
	else
		chip.irq = (unsigned int)rc;
	return 0;
}

/* A machine without one is a machine as well. */
static int machine_init(const struct uk_boot_ctx *ctx)
{
	if (find(ctx->bi) == 0 && pl031_start(&chip) == 0)
		uk_rtc_register(&chip.rtc);
	return 0;
}

UK_INIT(DEV, machine_init, NULL);
