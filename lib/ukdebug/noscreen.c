/* SPDX-License-Identifier: BSD-3-Clause */
/* CONFIG_LIBUKDEBUG_CRASH_SCREEN is off: the cause has been told, and where. */
#include <uk/arch/regs.h>

#include "ukdebug_priv.h"

void ukdebug_crash_trace(const struct ukarch_regs *regs)
{
	ukdebug_crash_print("kiln: stack trace\n  #0 0x%016lx\n",
			    ukarch_regs_ip(regs));
}

void ukdebug_crash_body(const struct crash *c)
{
	ukdebug_crash_trace(c->regs);
}
