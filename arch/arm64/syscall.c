/* SPDX-License-Identifier: BSD-3-Clause */
/* Who takes svc #0. */
#include <uk/arch/syscall.h>

#include <stdint.h>

#include <uk/assert.h>

#include "trap_priv.h"

/* What it is where nobody does. */
static void nobody(struct ukarch_regs *regs)
{
	regs->esr = ESR_SVC_0;
	arm64_trap(regs, TRAP_SYNC);
}

/* Set once, before there are other CPUs. */
ukarch_syscall_fn arm64_syscall_fn = nobody;

void ukarch_syscall_set_handler(ukarch_syscall_fn fn)
{
	UK_ASSERT(fn && arm64_syscall_fn == nobody);
	arm64_syscall_fn = fn;
}
