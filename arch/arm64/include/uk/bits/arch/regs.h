/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * The registers at a trap, as vectors.S stores them. The offsets are for
 * assembler.
 */
#define UKARCH_REGS_SP		248
#define UKARCH_REGS_PC		256
#define UKARCH_REGS_PSTATE	264
#define UKARCH_REGS_ESR		272
#define UKARCH_REGS_FAR		280
#define UKARCH_REGS_TRACE	288
#define UKARCH_REGS_SIZE	304

/* In pstate: IRQs are off (Arm ARM, SPSR_EL1.I). */
#define UKARCH_REGS_IRQ_OFF	0x80

/* In pstate, bits 4 to 0: EL1 on SP_EL0, as all code runs but in traps. */
#define UKARCH_REGS_EL1_SP0	0x4

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ukarch_regs {
	uint64_t x[31];		/* x29 is the frame pointer, x30 the link */
	uint64_t sp;		/* of the stack that was in use: SP_EL1 */
	uint64_t pc;
	uint64_t pstate;	/* … if bit 0 is set here, else SP_EL0 */
	uint64_t esr;		/* 0 in captured registers */
	uint64_t far;		/* 0 in captured registers */

	/*
	 * The frame record of the handler's caller, {x29, pc}: a stack trace
	 * from inside it tells where it came from. Not used to return.
	 */
	uint64_t trace[2];
};

_Static_assert(offsetof(struct ukarch_regs, sp) == UKARCH_REGS_SP, "asm");
_Static_assert(offsetof(struct ukarch_regs, pc) == UKARCH_REGS_PC, "asm");
_Static_assert(offsetof(struct ukarch_regs, pstate) == UKARCH_REGS_PSTATE,
	       "asm");
_Static_assert(offsetof(struct ukarch_regs, esr) == UKARCH_REGS_ESR, "asm");
_Static_assert(offsetof(struct ukarch_regs, far) == UKARCH_REGS_FAR, "asm");
_Static_assert(offsetof(struct ukarch_regs, trace) == UKARCH_REGS_TRACE, "asm");
_Static_assert(sizeof(struct ukarch_regs) == UKARCH_REGS_SIZE, "asm");
_Static_assert(UKARCH_REGS_SIZE % 16 == 0, "the stack stays aligned");

static inline uintptr_t ukarch_regs_ip(const struct ukarch_regs *regs)
{
	return regs->pc;
}

static inline void ukarch_regs_set_ip(struct ukarch_regs *regs, uintptr_t ip)
{
	regs->pc = ip;
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
	return regs->x[29];
}

static inline bool ukarch_regs_irq_on(const struct ukarch_regs *regs)
{
	return !(regs->pstate & UKARCH_REGS_IRQ_OFF);
}

#endif /* !__ASSEMBLER__ */
