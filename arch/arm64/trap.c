/* SPDX-License-Identifier: BSD-3-Clause */
/* The end of every exception, until somebody handles some. */
#include "trap_priv.h"

#include <uk/arch/regs.h>
#include <uk/bits/arch/stack.h>
#include <uk/crash.h>

extern char ukarch_boot_guard[], ukarch_trap_guard[];

void arm64_trap(const struct ukarch_regs *regs, unsigned int how)
{
	const uint64_t far = regs->far;
	const bool in_guard =
		far - (uintptr_t)ukarch_boot_guard < UKARCH_BOOT_GUARD_SIZE ||
		far - (uintptr_t)ukarch_trap_guard < UKARCH_TRAP_GUARD_SIZE;

	uk_crash_trap(arm64_trap_cause(how, regs->esr, far, in_guard), regs,
		      arm64_trap_has_addr(how, regs->esr), far);
}
