/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console in a domain that was restored. Its tools have a new ring, which
 * is empty: what nobody has read of the old one is lost, so that is waited for
 * before. If the ring is in another page that is mapped when all run again,
 * and calls are used up to then.
 */
#include <stdbool.h>

#include <uk/compiler.h>
#include <uk/init.h>
#include <uk/xen.h>
#include <uk/xen_suspend.h>

#include "console_priv.h"

static bool taken;

static int freeze(void)
{
	xencons_flush();
	return 0;
}

static void resume(void)
{
	taken = xencons_again();
}

static void thaw(bool same)
{
	if (!same && !taken)
		xencons_find_ring();
}

static struct uk_xen_suspend part = {
	.freeze = freeze,
	.resume = resume,
	.thaw = thaw,
};

static int suspend_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	if (uk_xen_is_here())
		uk_xen_suspend_register(&part);
	return 0;
}

UK_INIT(EARLY, suspend_init, NULL);
