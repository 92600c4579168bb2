/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The port that struct uk_bootinfo names, if it is one of ours and there. A
 * console that is not there is no reason not to boot: nobody can be told, but
 * the program may not need it.
 */
#include "ns16550_priv.h"

#include <uk/bootinfo.h>
#include <uk/init.h>
#include <uk/paging.h>
#include <uk/print.h>

static struct ns16550 port = {
	.con = { .name = "ns16550", .ops = &ns16550_ops },
};

/* Sets how the port is reached. */
static bool reach(const struct uk_console_hint *hint)
{
	void *regs;
	int rc;

	if (hint->kind == UK_CONSOLE_NS16550_PORT)
		return ns16550_use_ioport(&port, hint->base);
	if (hint->reg_shift > 2 ||
	    (hint->reg_width != 1 && hint->reg_width != 4) ||
	    (hint->reg_width == 4 && hint->reg_shift != 2)) {
		uk_pr_err("no console at 0x%llx: registers of %u bytes, shift "
			  "%u", (unsigned long long)hint->base,
			  hint->reg_width, hint->reg_shift);
		return false;
	}
	rc = uk_paging_map_device(hint->base, NS_NREGS << hint->reg_shift,
				  &regs);
	if (rc < 0) {
		uk_pr_err("no console at 0x%llx: cannot map it (%d)",
			  (unsigned long long)hint->base, rc);
		return false;
	}
	ns16550_use_mmio(&port, regs, hint->reg_shift, hint->reg_width);
	port.irq = hint->irq;
	return true;
}

static int ns16550_init(const struct uk_boot_ctx *ctx)
{
	const struct uk_console_hint *hint = &ctx->bi->console;

	if (hint->kind != UK_CONSOLE_NS16550_PORT &&
	    hint->kind != UK_CONSOLE_NS16550_MMIO)
		return 0;
	if (!reach(hint))
		return 0;
	if (!ns16550_probe(&port)) {
		uk_pr_warn("no UART at 0x%llx",
			   (unsigned long long)hint->base);
		return 0;
	}

	/* A PC's clock is known; elsewhere firmware has set the speed. */
	ns16550_start(&port, hint->kind == UK_CONSOLE_NS16550_PORT);
	uk_pr_info("console at 0x%lx", hint->base);
	uk_console_register(&port.con);
	return 0;
}

UK_INIT(EARLY, ns16550_init, NULL);
