/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * The registers at a trap, as trap_entry.S pushes them: from rip on by the
 * CPU, error and vector by the stubs.
 */
#define UKARCH_REGS_VECTOR	120
#define UKARCH_REGS_RIP		136
#define UKARCH_REGS_SIZE	176

/* In rflags: interrupts are on (SDM volume 1, 3.4.3). */
#define UKARCH_REGS_IF		0x200

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ukarch_regs {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rdi, rsi, rbp, rbx, rdx, rcx, rax;
	uint64_t vector;	/* 0 in captured registers */
	uint64_t error;		/* 0 where the exception has none */
	uint64_t rip, cs, rflags, rsp, ss;
};

_Static_assert(offsetof(struct ukarch_regs, vector) == UKARCH_REGS_VECTOR,
	       "asm");
_Static_assert(offsetof(struct ukarch_regs, rip) == UKARCH_REGS_RIP, "asm");
_Static_assert(sizeof(struct ukarch_regs) == UKARCH_REGS_SIZE, "asm");

static inline uintptr_t ukarch_regs_ip(const struct ukarch_regs *regs)
{
	return regs->rip;
}

static inline void ukarch_regs_set_ip(struct ukarch_regs *regs, uintptr_t ip)
{
	regs->rip = ip;
}

static inline uintptr_t ukarch_regs_sp(const struct ukarch_regs *regs)
{
	return regs->rsp;
}

static inline void ukarch_regs_set_sp(struct ukarch_regs *regs, uintptr_t sp)
{
	regs->rsp = sp;
}

static inline uintptr_t ukarch_regs_fp(const struct ukarch_regs *regs)
{
	return regs->rbp;
}

static inline bool ukarch_regs_irq_on(const struct ukarch_regs *regs)
{
	return regs->rflags & UKARCH_REGS_IF;
}

#endif /* !__ASSEMBLER__ */
