/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts, in an image that never lets one come. */
#include "trap_priv.h"

#include <uk/crash.h>

void arm64_irq(struct ukarch_regs *regs, unsigned int how)
{
	uk_crash_trap(arm64_trap_cause(how, 0, 0, false), regs, 0, 0);
}
