/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

/* What a host program can say of its registers without assembler. */
struct ukarch_regs {
	uint64_t ip;
	uint64_t sp;
	uint64_t fp;
};

static inline uintptr_t ukarch_regs_ip(const struct ukarch_regs *regs)
{
	return regs->ip;
}

static inline void ukarch_regs_set_ip(struct ukarch_regs *regs, uintptr_t ip)
{
	regs->ip = ip;
}

static inline uintptr_t ukarch_regs_sp(const struct ukarch_regs *regs)
{
	return regs->sp;
}

static inline void ukarch_regs_set_sp(struct ukarch_regs *regs, uintptr_t sp)
{
	regs->sp = sp;
}

static inline uintptr_t ukarch_regs_fp(const struct ukarch_regs *regs)
{
	return regs->fp;
}

static inline bool ukarch_regs_irq_on(const struct ukarch_regs *regs)
{
	(void)regs;
	return true;
}
