/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* A process of the host has no instruction for calls of ours. */

static inline long ukarch_regs_call(const struct ukarch_regs *regs)
{
	(void)regs;
	__builtin_trap();
}

static inline long ukarch_regs_call_arg(const struct ukarch_regs *regs,
					unsigned int i)
{
	(void)regs;
	(void)i;
	__builtin_trap();
}

static inline void ukarch_regs_call_ret(struct ukarch_regs *regs, long ret)
{
	(void)regs;
	(void)ret;
	__builtin_trap();
}

static inline long ukarch_regs_call_result(const struct ukarch_regs *regs)
{
	(void)regs;
	__builtin_trap();
}

static inline void ukarch_regs_call_again(struct ukarch_regs *regs)
{
	(void)regs;
	__builtin_trap();
}

static inline bool ukarch_regs_call_misplaced(const struct uk_current *cur,
					      const struct ukarch_regs *regs)
{
	(void)cur;
	(void)regs;
	return true;
}
