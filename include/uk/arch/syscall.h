/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/regs.h>
#include <uk/current.h>

/*
 * The instruction with which programs make system calls, as Linux has it on
 * this architecture: which registers hold what. Contract: each architecture
 * fills it, the functions below in <uk/bits/arch/syscall.h>.
 *
 * It comes from code that has the CPU's privilege already, and takes nothing
 * of the caller's stack, so a red zone stays. The registers are saved on the
 * stack that ukarch_current()->call_stack_top names; FP and SIMD registers are
 * not touched.
 */

/* The number of the call, its arguments 0 to 5, and the place of its result. */
static inline long ukarch_regs_call(const struct ukarch_regs *regs);
static inline long ukarch_regs_call_arg(const struct ukarch_regs *regs,
					unsigned int i);
static inline void ukarch_regs_call_ret(struct ukarch_regs *regs, long ret);
static inline long ukarch_regs_call_result(const struct ukarch_regs *regs);

/* Have @regs, as the instruction found them, make the call again. */
static inline void ukarch_regs_call_again(struct ukarch_regs *regs);

/*
 * Does @cur have no stack for a call, or was it in a trap or interrupt at
 * @regs? Where the entry has found out already it never does.
 */
static inline bool ukarch_regs_call_misplaced(const struct uk_current *cur,
					      const struct ukarch_regs *regs);

#include <uk/bits/arch/syscall.h>

/*
 * Takes every such instruction, with the caller's registers, to which it
 * returns; on the stack of the call, or, where the current context has none,
 * on its trap stack. Interrupts are off, and off or on when it returns.
 */
typedef void (*ukarch_syscall_fn)(struct ukarch_regs *regs);

/*
 * Hand them to @fn, on this CPU and those that start later; before, one that
 * comes is an invalid instruction. Called once. Context: boot CPU, before
 * others start.
 */
void ukarch_syscall_set_handler(ukarch_syscall_fn fn);
