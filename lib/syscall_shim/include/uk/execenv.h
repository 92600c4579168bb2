/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/arch/regs.h>

/*
 * What a call with the suffix e sees of its caller. By an instruction: all
 * registers, as they are after it. By a function call: the same, as they are
 * after it has returned, of which those that a call may change are of no use.
 * The thread pointer and FP and SIMD registers are still the caller's, in
 * their places.
 *
 * Who puts values of a program there, as rt_sigreturn(2) does, checks them:
 * an address that is none, a selector or a mode that is not ours ends in the
 * crash screen.
 */
struct ukarch_execenv {
	struct ukarch_regs regs;
};

/* The same, where it is called usc. */
#define uk_syscall_ctx	ukarch_execenv
