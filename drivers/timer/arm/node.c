/* SPDX-License-Identifier: BSD-3-Clause */
/* What the device tree says of the timer (bindings of arm,armv8-timer). */
#include "arm_priv.h"

#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/init.h>

/* Set at boot. */
static const struct uk_bootinfo *bootinfo;

int timer_arm_node(struct uk_fdt *fdt, struct uk_fdt_device *dev)
{
	int rc;

	if (!bootinfo || bootinfo->dtb == 0)
		return -ENOENT;
	rc = uk_fdt_open(fdt, uk_phys_to_virt(bootinfo->dtb),
			 bootinfo->dtb_len);
	if (rc < 0)
		return rc;
	return uk_fdt_device_find(fdt, "arm,armv8-timer", dev);
}

static int node_init(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(CPU, node_init, NULL);
