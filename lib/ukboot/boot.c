/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The one place where an image is put together: parameters, stages, the
 * program, and the way down. It knows no allocator, scheduler or device; those
 * have entries in the table of <uk/init.h>, and their order is the link order.
 *
 * A boot that was refused (by the platform for what the loader gave, or here
 * for what is on the command line) still runs stage EARLY, since that brings
 * up the console which shows why; then it ends.
 */
#include <stddef.h>

#include <uk/arch/percpu.h>
#include <uk/bootinfo.h>
#include <uk/bootinfo_build.h>
#include <uk/call.h>
#include <uk/config.h>
#include <uk/end.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/libparam.h>
#include <uk/log.h>
#include <uk/plat/terminate.h>
#include <uk/print.h>
#include <uk/program.h>

#include "boot_priv.h"

#define ALL_STAGES	UK_INIT_STAGE_LATE

/* By the platform's linker script. */
extern const struct uk_init_entry uk_init_start[], uk_init_end[];

/* Until there are threads, only the boot context uses it. */
static struct boot_stages stages = {
	.first = uk_init_start,
	.end = uk_init_end,
	.next = uk_init_start,
};

static bool print_bootinfo;

UK_LIBPARAM(trace, bool, &stages.trace, "Log each init and term function");
UK_LIBPARAM(print_bootinfo, bool, &print_bootinfo,
	    "Show what the boot protocol told");

enum uk_end boot_how = UK_END_POWEROFF;

UK_EVENT(uk_end_last_line);

/* The thread that ends the program; by compare and exchange. */
static struct uk_current *ender;

/* Is it another thread than the caller, which is too late? */
static bool ends_elsewhere(void)
{
	struct uk_current *first = NULL;

	return !__atomic_compare_exchange_n(&ender, &first, ukarch_current(),
					    false, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED) &&
	       first != ukarch_current();
}

void boot_end(enum uk_end how, int status)
{
	/* For good: no signal comes in between. */
	(void)uk_call_enter();
	if (UK_IS_ENABLED(CONFIG_HAVE_SCHED) && ends_elsewhere())
		boot_park();
	status &= 0xff;
	boot_down(&stages, status);
	if (UK_IS_ENABLED(CONFIG_HAVE_PREEMPT) ||
	    UK_IS_ENABLED(CONFIG_HAVE_SMP))
		(void)uk_event_raise(uk_end_last_line, NULL);
	uk_log_last("kiln: exit %d", status);
	ukplat_terminate(how, status);
}

void uk_exit(int status)
{
	boot_end(UK_READ_ONCE(boot_how), status);
}

void uk_reboot(void)
{
	boot_end(UK_END_REBOOT, 0);
}

/* RAM in the memory map, KiB. */
static uint64_t ram_kib(const struct uk_bootinfo *bi)
{
	uint64_t len = 0;

	for (uint32_t i = 0; i < bi->nregions; i++)
		if (bi->regions[i].flags & UK_REGIONF_RAM)
			len += bi->regions[i].len;
	return len / 1024;
}

static void greet(const struct uk_bootinfo *bi)
{
	uk_pr_info("%s boot, loader %s, %lu KiB RAM", bi->protocol,
		   bi->loader[0] ? bi->loader : "not told", ram_kib(bi));
	if (UK_IS_ENABLED(CONFIG_LIBUKBOOT_BANNER))
		uk_log_plain("Kiln " UK_STRINGIFY(KILN_VERSION));
	if (print_bootinfo)
		uk_bootinfo_print(bi);
}

void uk_boot(struct uk_bootinfo *bi)
{
	struct uk_boot_ctx ctx = { .bi = bi };
	const enum boot_args args = boot_args_read(bi, &ctx);
	int rc;

	if (boot_up(&stages, UK_INIT_STAGE_EARLY, &ctx) < 0)
		uk_exit(UK_STATUS_BOOT);
	greet(bi);
	if (bi->refused) {
		uk_pr_err("the boot data is refused, error %d", -bi->refused);
		uk_exit(UK_STATUS_BOOT);
	}
	if (args == BOOT_ARGS_HELP) {
		boot_params_help();
		uk_exit(0);
	}
	if (args == BOOT_ARGS_BAD)
		uk_exit(UK_STATUS_BOOT);

	rc = boot_up(&stages, ALL_STAGES, &ctx);
	if (rc < 0)
		uk_exit(UK_STATUS_BOOT);
	if (UK_IS_ENABLED(CONFIG_LIBUKBOOT_ASKED))
		boot_all_begun();
	uk_exit(uk_program(ctx.argc, ctx.argv));
}
