/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The interrupt of Xen on arm64: one that each CPU has of its own, which the
 * device tree names (bindings of xen,xen).
 */
#include <stddef.h>

#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/fdt.h>
#include <uk/fdt_device.h>
#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/print.h>

#include "../events_priv.h"

/* Set at boot. */
static struct {
	const struct uk_bootinfo *bi;
	unsigned int irq;
} st;

static int find_irq(void)
{
	struct uk_fdt_device dev;
	struct uk_fdt fdt;
	uint32_t flags;
	int rc;

	if (!st.bi || !st.bi->dtb)
		return -ENODEV;
	rc = uk_fdt_open(&fdt, uk_phys_to_virt(st.bi->dtb), st.bi->dtb_len);
	if (rc == 0)
		rc = uk_fdt_device_find(&fdt, "xen,xen", &dev);
	if (rc == 0)
		rc = uk_fdt_device_gic_irq(&dev, 0, &flags);
	if (rc >= 0 && (rc < 16 || rc >= 32))
		rc = -EPROTO;
	return rc;
}

/* There is one layout of it. */
int xen_pages_ready(void)
{
	return 0;
}

int xen_upcall_start(uk_irq_fn fn)
{
	int rc = find_irq();

	if (rc > 0) {
		st.irq = (unsigned int)rc;
		rc = uk_intctlr_local_register(st.irq, fn, NULL, "xen");
	}
	if (rc < 0)
		uk_pr_err("Xen cannot interrupt, error %d", -rc);
	else
		uk_intctlr_local_enable(st.irq);
	return rc;
}

void xen_upcall_cpu_start(void)
{
	uk_intctlr_local_enable(st.irq);
}

/* The interrupt is the same, and no one's to ask for. */
int xen_upcall_resume(void)
{
	return 0;
}

static int upcall_init(const struct uk_boot_ctx *ctx)
{
	st.bi = ctx->bi;
	return 0;
}

UK_INIT(CPU, upcall_init, NULL);
