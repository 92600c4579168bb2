/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * The registers at a trap. Contract: struct ukarch_regs is in
 * <uk/bits/arch/regs.h>; the functions below give the parts that portable
 * code needs, the table names all of them for the crash screen.
 */

struct ukarch_regs;

static inline uintptr_t ukarch_regs_ip(const struct ukarch_regs *regs);
static inline void ukarch_regs_set_ip(struct ukarch_regs *regs, uintptr_t ip);
static inline uintptr_t ukarch_regs_sp(const struct ukarch_regs *regs);
static inline void ukarch_regs_set_sp(struct ukarch_regs *regs, uintptr_t sp);
/* Frame pointer: points to {caller's frame pointer, return address}. */
static inline uintptr_t ukarch_regs_fp(const struct ukarch_regs *regs);

/* Were interrupts on? */
static inline bool ukarch_regs_irq_on(const struct ukarch_regs *regs);

/* The caller's own registers, as far as a C function can know them. */
void ukarch_regs_capture(struct ukarch_regs *regs);

/*
 * Go on with @regs, all of them, which are those of code that is in no trap;
 * they are in memory that does not fault, and may be on the stack. Interrupts
 * are off on the way. Made from a trap or captured; what a program has written
 * to them has been checked: an address that is none, or flags that the CPU does
 * not have, are a crash.
 *
 * Context: thread, in no trap.
 */
UK_NORETURN void ukarch_regs_resume(struct ukarch_regs *regs);

struct ukarch_reg_name {
	char name[8];
	uint32_t offset;	/* of a 64-bit value in struct ukarch_regs */
};

extern const struct ukarch_reg_name ukarch_reg_names[];
extern const size_t ukarch_nreg_names;

#include <uk/bits/arch/regs.h>
