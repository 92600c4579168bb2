/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An init entry in every stage, one of which fails if the parameter
 * probe.fail names its stage; probe.trace shows each on its way up and down.
 * In the one that probe.ask names the host asks for the end.
 */
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/libparam.h>
#include <uk/log.h>
#include <uk/print.h>

#include "probe.h"

static uint32_t fail, ask;
static bool trace;

UK_LIBPARAM(fail, u32, &fail, "Stage (1 to 7) whose init entry is to fail");
UK_LIBPARAM(ask, u32, &ask, "Stage (1 to 7) in which the end is asked for");
UK_LIBPARAM(trace, bool, &trace, "Log each init and term call");

static int up(const char *name, unsigned int stage)
{
	uk_pr_info("probe reaches %s", name);
	if (trace)
		uk_log_plain("probe up %s", name);
	if (ask == stage)
		probe_ask_meanwhile();
	if (ask == stage && trace)
		uk_log_plain("probe up %s for good", name);
	return fail == stage ? -ENODEV : 0;
}

static void down(const char *name, int status)
{
	if (trace)
		uk_log_plain("probe down %s %d", name, status);
	if (ask)
		probe_let_others();
}

#define STAGE(stage)							\
	static int init_##stage(const struct uk_boot_ctx *ctx)		\
	{								\
		(void)ctx;						\
		return up(#stage, UK_INIT_STAGE_##stage);		\
	}								\
	static void term_##stage(int status)				\
	{								\
		down(#stage, status);					\
	}								\
	UK_INIT(stage, init_##stage, term_##stage)

STAGE(EARLY);
STAGE(MEM);
STAGE(CPU);
STAGE(SCHED);
STAGE(DEV);
STAGE(SERVICE);
STAGE(LATE);
