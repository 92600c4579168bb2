/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/compiler.h>

/* The arm64 half of <uk/arch/syscall.h>: x8 and x0 to x5, by svc #0. */

static inline long ukarch_regs_call(const struct ukarch_regs *regs)
{
	return (long)regs->x[8];
}

static inline long ukarch_regs_call_arg(const struct ukarch_regs *regs,
					unsigned int i)
{
	return (long)regs->x[i];
}

static inline void ukarch_regs_call_ret(struct ukarch_regs *regs, long ret)
{
	regs->x[0] = (uint64_t)ret;
}

static inline long ukarch_regs_call_result(const struct ukarch_regs *regs)
{
	return (long)regs->x[0];
}

static inline void ukarch_regs_call_again(struct ukarch_regs *regs)
{
	regs->pc -= 4;
}

/* vectors.S tells: in a trap SP_EL1 is in use. */
static inline bool
ukarch_regs_call_misplaced(const struct uk_current *cur UK_UNUSED,
			   const struct ukarch_regs *regs UK_UNUSED)
{
	return false;
}
