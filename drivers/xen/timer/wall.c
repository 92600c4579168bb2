/* SPDX-License-Identifier: BSD-3-Clause */
/* The date as lib/uktime asks for it, and the name of the hypervisor. */
#include <stddef.h>

#include <uk/clock.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/xen.h>
#include <uk/xen_event.h>

#include "timer_priv.h"

/* A Xen that was never told the date has none: others may know. */
static int read_date(struct uk_wallclock *source UK_UNUSED, uint64_t *wall_ns)
{
	if (uk_xen_pages_start() < 0)
		return -ENODEV;
	return xen_date(uk_xen_shared(), xen_system_ns(), wall_ns);
}

static struct uk_wallclock date = {
	.name = "xen",
	.rating = UK_CLOCK_BEST,
	.read = read_date,
};

static int date_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	if (!uk_xen_is_here())
		return 0;
	uk_clock_set_host("Xen");
	uk_wallclock_register(&date);
	return 0;
}

UK_INIT(CPU, date_init, NULL);
