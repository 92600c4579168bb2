/* SPDX-License-Identifier: BSD-3-Clause */
/* Events in a domain that was restored: first of all who have ports. */
#include <uk/compiler.h>
#include <uk/init.h>
#include <uk/xen.h>
#include <uk/xen_suspend.h>

#include "events_priv.h"

static struct uk_xen_suspend part = {
	.resume = xen_events_resume,
	.cpu_resume = xen_events_cpu_resume,
};

static int suspend_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	if (uk_xen_is_here())
		uk_xen_suspend_register(&part);
	return 0;
}

UK_INIT(CPU, suspend_init, NULL);
