/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/arch/ctx.h>

/* The x86_64 half of <uk/arch/syscall.h>: System V ABI for x86-64, A.2.1. */

static inline long ukarch_regs_call(const struct ukarch_regs *regs)
{
	return (long)regs->rax;
}

static inline long ukarch_regs_call_arg(const struct ukarch_regs *regs,
					unsigned int i)
{
	switch (i) {
	case 0:
		return (long)regs->rdi;
	case 1:
		return (long)regs->rsi;
	case 2:
		return (long)regs->rdx;
	case 3:
		return (long)regs->r10;
	case 4:
		return (long)regs->r8;
	default:
		return (long)regs->r9;
	}
}

static inline void ukarch_regs_call_ret(struct ukarch_regs *regs, long ret)
{
	regs->rax = (uint64_t)ret;
}

static inline long ukarch_regs_call_result(const struct ukarch_regs *regs)
{
	return (long)regs->rax;
}

static inline void ukarch_regs_call_again(struct ukarch_regs *regs)
{
	regs->rip -= 2;		/* of the instruction's bytes */
}

static inline bool ukarch_regs_call_misplaced(const struct uk_current *cur,
					      const struct ukarch_regs *regs)
{
	return !uk_current_call_stack(cur) ||
	       cur->trap_stack_top - regs->rsp < UKARCH_TRAP_STACK_SIZE;
}
