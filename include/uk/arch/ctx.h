/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#include <uk/bits/arch/ctx.h>

/*
 * Flows of control: how a CPU leaves one and goes on with another. Contract:
 * each architecture fills it; constants in <uk/bits/arch/ctx.h>.
 *
 *   UKARCH_SP_ALIGN		of a stack pointer at a call
 *   UKARCH_TRAP_STACK_SIZE	bytes of a trap stack
 *   UKARCH_TRAP_STACK_ALIGN	a trap stack begins UKARCH_TRAP_STACK_SKEW
 *   UKARCH_TRAP_STACK_SKEW	bytes behind a multiple of this
 *
 * Traps and interrupts never run on the stack they interrupt, but on the trap
 * stack that ukarch_current()->trap_stack_top names: that of the thread, so
 * that it can be left in the middle of a trap. A trap in a trap goes on
 * further down on it.
 */

#ifndef __ASSEMBLER__

/* Where a flow of control goes on; valid while it is not running. */
struct ukarch_ctx {
	uintptr_t ip;
	uintptr_t sp;
};

/*
 * Make @ctx begin with @fn(@a, @b), which must not return, on the stack whose
 * upper end is @stack_top. The frame pointer is 0 there: traces end.
 */
void ukarch_ctx_init(struct ukarch_ctx *ctx, uintptr_t stack_top,
		     void (*fn)(void *a, void *b), void *a, void *b);

/*
 * Leave the running flow, keep where it is in @from, and go on with @to; it
 * returns when somebody goes on with @from. It keeps what the ABI asks of a
 * call, but for FP and SIMD state: see the second form. Before it the caller
 * has put interrupts off and ukarch_current_set() to the head of @to, whose
 * trap stack is in force from here on; the thread pointer is the caller's too.
 * A flow that is left in the middle of a trap goes on there.
 */
void ukarch_ctx_switch(struct ukarch_ctx *from, const struct ukarch_ctx *to);

/*
 * The same, and keeps the FP and SIMD state of @from that a call must
 * preserve (x86_64: MXCSR and the x87 control word; arm64: d8 to d15 and
 * FPCR). For flows that use it, and that are in no trap.
 */
void ukarch_ctx_switch_fp(struct ukarch_ctx *from,
			  const struct ukarch_ctx *to);

/*
 * The whole FP, SIMD and extended state, for a flow that is left where it
 * did not ask to be. The area has ukarch_ectx_size() bytes, at
 * UKARCH_ECTX_ALIGN. Size and layout are those of this CPU, the same on all.
 */
size_t ukarch_ectx_size(void);

/* Make @area hold the state that a program begins with. */
void ukarch_ectx_init(void *area);

/*
 * The running flow's, to the area that it was restored from last, if it was
 * from any; and back.
 */
void ukarch_ectx_save(void *area);
void ukarch_ectx_restore(const void *area);

/* The same to an @area that may have held anything: all of it is written. */
void ukarch_ectx_copy(void *area);

/*
 * Have @area, which holds anything at all, be one that can be restored: what
 * this CPU does not have is taken out of it.
 */
void ukarch_ectx_tame(void *area);

#endif /* !__ASSEMBLER__ */
