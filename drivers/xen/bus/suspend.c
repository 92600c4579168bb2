/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Front-ends in a domain that was restored. Each begins anew at its owner's
 * next look (front.c); here it is seen to that none is in the middle of one.
 */
#include <uk/compiler.h>
#include <uk/init.h>
#include <uk/xen.h>
#include <uk/xen_suspend.h>

#include "bus_priv.h"

static struct uk_xen_suspend part = {
	.freeze = xenbus_freeze,
	.thaw = xenbus_thaw,
};

static int suspend_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	if (uk_xen_is_here())
		uk_xen_suspend_register(&part);
	return 0;
}

UK_INIT(DEV, suspend_init, NULL);
