/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which event an exception is, and what of it a handler is told.
 *
 * Not raised is what no handler could do anything about: system calls, which
 * have a way of their own, exceptions from a level that we never run, classes
 * that we do not know, and a used-up trap stack, on which a handler would run.
 */
#include "trap_priv.h"

#include <stddef.h>

#include <uk/arch/regs.h>

#include "esr.h"

UK_EVENT(ukarch_trap_invalid_op);
UK_EVENT(ukarch_trap_debug);
UK_EVENT(ukarch_trap_page_fault);
UK_EVENT(ukarch_trap_bus_error);
UK_EVENT(ukarch_trap_math);
UK_EVENT(ukarch_trap_security);

static const uk_event_fn *abort_event(unsigned int fsc)
{
	switch (FSC_GROUP(fsc)) {
	case FSC_GROUP_TRANSLATION:
	case FSC_GROUP_ACCESS_FLAG:
	case FSC_GROUP_PERMISSION:
		return uk_event_ukarch_trap_page_fault;
	}
	return fsc == FSC_TAG ? uk_event_ukarch_trap_security
			      : uk_event_ukarch_trap_bus_error;
}

static const uk_event_fn *sync_event(uint64_t esr)
{
	switch (ESR_EC(esr)) {
	case EC_UNKNOWN:
	case EC_WFX:
	case EC_FP:
	case EC_SVE:
	case EC_SME:
	case EC_ILLEGAL_STATE:
	case EC_HVC:
	case EC_SMC:
	case EC_SYSREG:
		return uk_event_ukarch_trap_invalid_op;
	case EC_BREAKPOINT:
	case EC_STEP:
	case EC_WATCHPOINT:
	case EC_BRK:
		return uk_event_ukarch_trap_debug;
	case EC_IABORT:
	case EC_DABORT:
		return abort_event(ESR_FSC(esr));
	case EC_PC_ALIGN:
	case EC_SP_ALIGN:
		return uk_event_ukarch_trap_bus_error;
	case EC_FP_TRAPPED:
		return uk_event_ukarch_trap_math;
	case EC_PAUTH:
	case EC_FPAC:
	case EC_BTI:
	case EC_GCS:
		return uk_event_ukarch_trap_security;
	}
	return NULL;
}

const uk_event_fn *arm64_trap_decode(struct uk_trap *trap,
				     struct ukarch_regs *regs,
				     unsigned int how)
{
	const uint64_t esr = regs->esr;

	*trap = (struct uk_trap){
		.regs = regs,
		.addr = regs->far,
		.has_addr = arm64_trap_has_addr(how, esr),
		.mapped = FSC_GROUP(ESR_FSC(esr)) == FSC_GROUP_PERMISSION,
		.access = esr_access(esr),
	};
	switch (how) {
	case TRAP_SYNC:
		return sync_event(esr);
	case TRAP_SERROR:
		return uk_event_ukarch_trap_bus_error;
	}
	return NULL;
}
