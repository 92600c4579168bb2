/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An exception in words, by its syndrome (Arm ARM, ESR_EL1). No formatting:
 * the texts are constant, so this works however little else still does. Where
 * the fault is the same as on x86_64, so are the words.
 */
#include "trap_priv.h"

#include <stddef.h>

#include "esr.h"

/* What data and instruction aborts have in common; NULL: nothing fits. */
static const char *memory_cause(unsigned int fsc)
{
	switch (fsc) {
	case FSC_EXTERNAL:
		return "external abort: nothing answers at that address";
	case FSC_TAG:
		return "memory tag check fault";
	case 0x13: case 0x14: case 0x15: case 0x16: case 0x17:
		return "external abort on a page table walk";
	case 0x18:
		return "memory parity or ECC error";
	case 0x1b: case 0x1c: case 0x1d: case 0x1e: case 0x1f:
		return "memory parity or ECC error on a page table walk";
	case FSC_ALIGNMENT:
		return "alignment fault";
	case 0x30:
		return "TLB conflict: two entries for one address";
	case 0x34: case 0x35:
		return "exclusive or atomic access to memory that cannot do it";
	}
	switch (FSC_GROUP(fsc)) {
	case FSC_GROUP_SIZE:
		return "page fault: address size fault in a page table";
	case FSC_GROUP_ACCESS_FLAG:
		return "page fault: access flag is clear";
	}
	return NULL;
}

/* Below it an address is taken for a NULL pointer plus an offset. */
#define NULL_AREA	0x10000u

static const char *unmapped_cause(enum uk_trap_access access, uint64_t far)
{
	static const char *const null_text[] = {
		[UK_TRAP_READ] = "page fault: read near address 0, through a "
				 "NULL pointer",
		[UK_TRAP_WRITE] = "page fault: write near address 0, through "
				  "a NULL pointer",
		[UK_TRAP_EXEC] = "page fault: jump near address 0, through a "
				 "NULL pointer",
	};
	static const char *const text[] = {
		[UK_TRAP_READ] = "page fault: read of unmapped memory",
		[UK_TRAP_WRITE] = "page fault: write to unmapped memory",
		[UK_TRAP_EXEC] = "page fault: execution of unmapped memory",
	};

	return far < NULL_AREA ? null_text[access] : text[access];
}

static const char *rights_cause(enum uk_trap_access access)
{
	switch (access) {
	case UK_TRAP_WRITE:
		return "page fault: write to a read-only page";
	case UK_TRAP_EXEC:
		return "page fault: execution of a no-execute page";
	default:
		return "page fault: read that the page's rights forbid";
	}
}

/* Data and instruction aborts. */
static const char *abort_cause(uint64_t esr, uint64_t far, bool in_guard)
{
	const enum uk_trap_access access = esr_access(esr);
	const unsigned int fsc = ESR_FSC(esr);
	const char *cause = memory_cause(fsc);

	if (cause)
		return cause;
	switch (FSC_GROUP(fsc)) {
	case FSC_GROUP_TRANSLATION:
		if (in_guard && access != UK_TRAP_EXEC)
			return "stack overflow: the page below a stack was "
			       "accessed";
		return unmapped_cause(access, far);
	case FSC_GROUP_PERMISSION:
		return rights_cause(access);
	}
	return access == UK_TRAP_EXEC ? "instruction abort of unknown kind"
				      : "data abort of unknown kind";
}

/* BRK's number: what compilers and we use it for. */
static const char *brk_cause(uint64_t esr)
{
	switch (esr & 0xffff) {
	case 1000:
		return "trap instruction (__builtin_trap)";
	default:
		return "breakpoint instruction (BRK)";
	}
}

static const char *sync_cause(uint64_t esr, uint64_t far, bool in_guard)
{
	switch (ESR_EC(esr)) {
	case EC_UNKNOWN:
		return "invalid instruction";
	case EC_WFX:
		return "WFI or WFE is trapped";
	case EC_FP:
		return "FP or SIMD instruction while they are off";
	case EC_SVE:
		return "SVE instruction while it is off";
	case EC_SME:
		return "SME instruction while it is off";
	case EC_PAUTH:
		return "pointer authentication is trapped";
	case EC_FPAC:
		return "pointer authentication failure";
	case EC_GCS:
		return "guarded control stack exception";
	case EC_BTI:
		return "branch target exception: no landing pad there";
	case EC_ILLEGAL_STATE:
		return "illegal execution state";
	case EC_SVC:
		return "system call instruction (SVC) with a number other "
		       "than 0, or where no system call can be made";
	case EC_HVC:
		return "hypervisor call instruction (HVC), which is off";
	case EC_SMC:
		return "secure monitor call instruction (SMC), which is off";
	case EC_SYSREG:
		return "system register or instruction that is not accessible";
	case EC_IABORT:
	case EC_IABORT_LOWER:
	case EC_DABORT:
	case EC_DABORT_LOWER:
		return abort_cause(esr, far, in_guard);
	case EC_PC_ALIGN:
		return "misaligned program counter";
	case EC_SP_ALIGN:
		return "misaligned stack pointer";
	case EC_FP_TRAPPED:
		return "floating-point exception";
	case EC_SERROR:
		return "SError";
	case EC_BREAKPOINT:
		return "hardware breakpoint";
	case EC_STEP:
		return "software step";
	case EC_WATCHPOINT:
		return "watchpoint";
	case EC_BRK:
		return brk_cause(esr);
	default:
		return "exception of unknown class";
	}
}

const char *arm64_trap_cause(unsigned int how, uint64_t esr, uint64_t far,
			     bool in_guard)
{
	switch (how) {
	case TRAP_SYNC:
		return sync_cause(esr, far, in_guard);
	case TRAP_IRQ:
		return "interrupt without a handler (IRQ)";
	case TRAP_FIQ:
		return "interrupt without a handler (FIQ)";
	case TRAP_SERROR:
		return "SError: a memory access failed some time ago";
	case TRAP_STACK_OVERFLOW:
		return "stack overflow: in a trap handler";
	default:
		return "exception from a lower exception level";
	}
}

bool arm64_trap_has_addr(unsigned int how, uint64_t esr)
{
	if (how != TRAP_SYNC && how != TRAP_STACK_OVERFLOW)
		return false;
	switch (ESR_EC(esr)) {
	case EC_IABORT:
	case EC_IABORT_LOWER:
	case EC_DABORT:
	case EC_DABORT_LOWER:
		/* FnV is defined for external aborts only. */
		return ESR_FSC(esr) != FSC_EXTERNAL || !(esr & ESR_FNV);
	case EC_PC_ALIGN:
	case EC_WATCHPOINT:
		return true;
	default:
		return false;
	}
}
