/* SPDX-License-Identifier: BSD-3-Clause */
/* The port that struct uk_bootinfo names, if it is one of ours. */
#include "pl011_priv.h"

#include <uk/bootinfo.h>
#include <uk/init.h>
#include <uk/paging.h>
#include <uk/print.h>

static struct pl011 port = {
	.con = { .name = "pl011", .ops = &pl011_ops },
};

/*
 * A console that cannot be reached is no reason not to boot: nobody can be
 * told, but the program may not need it.
 */
static int pl011_init(const struct uk_boot_ctx *ctx)
{
	const struct uk_console_hint *hint = &ctx->bi->console;
	void *regs;
	int rc;

	if (hint->kind != UK_CONSOLE_PL011 && hint->kind != UK_CONSOLE_SBSA)
		return 0;

	rc = uk_paging_map_device(hint->base, PL011_LEN, &regs);
	if (rc < 0) {
		uk_pr_err("no console at 0x%llx: cannot map it (%d)",
			  (unsigned long long)hint->base, rc);
		return 0;
	}
	port.regs = regs;
	port.irq = hint->irq;
	port.is_sbsa = hint->kind == UK_CONSOLE_SBSA;
	pl011_start(&port);
	uk_pr_info("console at 0x%lx", hint->base);
	uk_console_register(&port.con);
	return 0;
}

UK_INIT(EARLY, pl011_init, NULL);
