/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What x86_64's exceptions are as signals, where their event does not tell.
 */
#include "../../signal_priv.h"

#include <uk/arch/regs.h>
#include <uk/string.h>

#include "ucontext.h"

/* Exceptions (SDM volume 3A, table 6-1). */
#define TRAP_DEBUG	1
#define TRAP_BREAKPOINT	3
#define TRAP_X87	16
#define TRAP_ALIGNMENT	17
#define TRAP_SIMD	19

/* Flags of FP exceptions, in the x87 status word as in MXCSR. */
#define FP_INVALID	0x01u
#define FP_DENORMAL	0x02u
#define FP_DIV_ZERO	0x04u
#define FP_OVERFLOW	0x08u
#define FP_UNDERFLOW	0x10u
#define FP_PRECISION	0x20u

/* In MXCSR the masks are this far above the flags. */
#define MXCSR_MASKS	7

static int fp_code(unsigned int raised)
{
	if (raised & FP_INVALID)
		return UK_ABI_FPE_FLTINV;
	if (raised & FP_DIV_ZERO)
		return UK_ABI_FPE_FLTDIV;
	if (raised & FP_OVERFLOW)
		return UK_ABI_FPE_FLTOVF;
	if (raised & (FP_UNDERFLOW | FP_DENORMAL))
		return UK_ABI_FPE_FLTUND;
	return UK_ABI_FPE_FLTRES;
}

int sig_fp_code(const struct ukarch_regs *regs, const uint8_t *fp)
{
	uint16_t control, status;
	uint32_t mxcsr;

	memcpy(&control, fp, sizeof(control));
	memcpy(&status, fp + 2, sizeof(status));
	memcpy(&mxcsr, fp + 24, sizeof(mxcsr));
	return fp_code(regs->vector == TRAP_X87 ?
		       status & ~(unsigned int)control :
		       mxcsr & ~(mxcsr >> MXCSR_MASKS));
}

/* What raised one of the other kinds is in the area of the FP registers. */
int sig_math_code(const struct ukarch_regs *regs)
{
	return regs->vector == TRAP_X87 || regs->vector == TRAP_SIMD ?
	       0 : UK_ABI_FPE_INTDIV;
}

int sig_debug_code(const struct ukarch_regs *regs)
{
	return regs->vector == TRAP_DEBUG ? UK_ABI_TRAP_TRACE :
					    UK_ABI_TRAP_BRKPT;
}

bool sig_is_unaligned(const struct uk_trap *trap)
{
	return trap->regs->vector == TRAP_ALIGNMENT;
}

/* An address that is not canonical, or an instruction that is the core's. */
static enum uk_event_result protection(void *data)
{
	return sig_fault(data, UK_ABI_SIGSEGV, UK_ABI_SI_KERNEL, 0);
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_x86_gp, protection, 8);
