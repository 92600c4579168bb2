/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The store in a domain that was restored: another page, another port, and a
 * store that knows none of the watches. A request is not cut in two, as nobody
 * has one under way; nor is a transaction, whose number the new store would
 * give to somebody else.
 */
#include <uk/compiler.h>
#include <uk/init.h>
#include <uk/xen.h>
#include <uk/xen_suspend.h>

#include "store_priv.h"

static struct uk_xen_suspend part = {
	.freeze = xs_freeze,
	.thaw = xs_thaw,
};

static int suspend_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	if (uk_xen_is_here())
		uk_xen_suspend_register(&part);
	return 0;
}

UK_INIT(CPU, suspend_init, NULL);
