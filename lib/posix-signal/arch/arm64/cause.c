/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What arm64's exceptions are as signals, where their event does not tell: by
 * the syndrome (Arm ARM, D19.2.37).
 */
#include "../../signal_priv.h"

#include <uk/arch/regs.h>

#define ESR_EC(esr)	((unsigned int)((esr) >> 26) & 63u)
#define EC_PC_ALIGN	0x22u
#define EC_DABORT	0x25u
#define EC_SP_ALIGN	0x26u
#define EC_STEP		0x33u
#define EC_BREAKPOINT	0x31u
#define EC_WATCHPOINT	0x35u

/* Of a data abort: status, and that it is an access that must be aligned. */
#define FSC(esr)	((unsigned int)(esr) & 63u)
#define FSC_ALIGNMENT	0x21u

/* Of a trapped FP exception: these are valid, and which there were. */
#define FP_TFV		(1u << 23)
#define FP_INVALID	0x01u
#define FP_DIV_ZERO	0x02u
#define FP_OVERFLOW	0x04u
#define FP_UNDERFLOW	0x08u
#define FP_DENORMAL	0x80u

int sig_math_code(const struct ukarch_regs *regs)
{
	const unsigned int raised = (unsigned int)regs->esr;

	if (!(raised & FP_TFV))
		return 0;
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

int sig_debug_code(const struct ukarch_regs *regs)
{
	switch (ESR_EC(regs->esr)) {
	case EC_STEP:
		return UK_ABI_TRAP_TRACE;
	case EC_BREAKPOINT:
	case EC_WATCHPOINT:
		return UK_ABI_TRAP_HWBKPT;
	default:
		return UK_ABI_TRAP_BRKPT;
	}
}

bool sig_is_unaligned(const struct uk_trap *trap)
{
	const unsigned int ec = ESR_EC(trap->regs->esr);

	return ec == EC_PC_ALIGN || ec == EC_SP_ALIGN ||
	       (ec == EC_DABORT && FSC(trap->regs->esr) == FSC_ALIGNMENT);
}

/* A branch target, or a pointer's signature, that is wrong. */
static enum uk_event_result security(void *data)
{
	const struct uk_trap *const trap = data;

	return sig_fault(trap, UK_ABI_SIGILL, UK_ABI_ILL_ILLOPN,
			 ukarch_regs_ip(trap->regs));
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_security, security, 8);
