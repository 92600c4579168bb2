/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An exception in words, by its syndrome (Arm ARM, ESR_EL1). No formatting:
 * the texts are constant, so this works however little else still does. Where
 * the fault is the same as on x86_64, so are the words.
 */
#include "trap_priv.h"

#include <stddef.h>

#define ESR_EC(esr)	((unsigned int)((esr) >> 26) & 63u)
#define ESR_FSC(esr)	((unsigned int)(esr) & 63u)
#define ESR_WNR		(1u << 6)	/* data abort: a write */
#define ESR_CM		(1u << 8)	/* … by cache maintenance */
#define ESR_FNV		(1u << 10)	/* aborts: FAR is not valid */

enum {
	EC_UNKNOWN		= 0x00,
	EC_WFX			= 0x01,
	EC_FP			= 0x07,
	EC_PAUTH		= 0x09,
	EC_BTI			= 0x0d,
	EC_ILLEGAL_STATE	= 0x0e,
	EC_SVC			= 0x15,
	EC_HVC			= 0x16,
	EC_SMC			= 0x17,
	EC_SYSREG		= 0x18,
	EC_SVE			= 0x19,
	EC_FPAC			= 0x1c,
	EC_IABORT_LOWER		= 0x20,
	EC_IABORT		= 0x21,
	EC_PC_ALIGN		= 0x22,
	EC_DABORT_LOWER		= 0x24,
	EC_DABORT		= 0x25,
	EC_SP_ALIGN		= 0x26,
	EC_SERROR		= 0x2f,
	EC_BREAKPOINT		= 0x31,
	EC_STEP			= 0x33,
	EC_WATCHPOINT		= 0x35,
	EC_BRK			= 0x3c,
};

/* What data and instruction aborts have in common; NULL: nothing fits. */
static const char *memory_cause(unsigned int fsc)
{
	switch (fsc) {
	case 0x10:
		return "external abort: nothing answers at that address";
	case 0x11:
		return "memory tag check fault";
	case 0x13: case 0x14: case 0x15: case 0x16: case 0x17:
		return "external abort on a page table walk";
	case 0x18:
		return "memory parity or ECC error";
	case 0x1b: case 0x1c: case 0x1d: case 0x1e: case 0x1f:
		return "memory parity or ECC error on a page table walk";
	case 0x21:
		return "alignment fault";
	case 0x30:
		return "TLB conflict: two entries for one address";
	case 0x34: case 0x35:
		return "exclusive or atomic access to memory that cannot do it";
	}
	switch (fsc >> 2) {
	case 0:
		return "page fault: address size fault in a page table";
	case 2:
		return "page fault: access flag is clear";
	}
	return NULL;
}

enum access {
	READ,
	WRITE,
	EXEC,
};

/* Below it an address is taken for a NULL pointer plus an offset. */
#define NULL_AREA	0x10000u

static const char *unmapped_cause(enum access access, uint64_t far)
{
	static const char *const null_text[] = {
	[READ] = "page fault: read near address 0, through a NULL pointer",
	[WRITE] = "page fault: write near address 0, through a NULL pointer",
	[EXEC] = "page fault: jump near address 0, through a NULL pointer",
	};
	static const char *const text[] = {
	[READ] = "page fault: read of unmapped memory",
	[WRITE] = "page fault: write to unmapped memory",
	[EXEC] = "page fault: execution of unmapped memory",
	};

	return far < NULL_AREA ? null_text[access] : text[access];
}

static const char *data_cause(uint64_t esr, uint64_t far, bool in_guard)
{
	const unsigned int fsc = ESR_FSC(esr);
	const bool write = (esr & ESR_WNR) && !(esr & ESR_CM);
	const char *cause = memory_cause(fsc);

	if (cause)
		return cause;
	if (fsc >> 2 == 1 && in_guard)
		return "stack overflow: the page below a stack was accessed";
	if (fsc >> 2 == 1)
		return unmapped_cause(write ? WRITE : READ, far);
	if (fsc >> 2 == 3)
		return write ? "page fault: write to a read-only page"
			     : "page fault: read that the page's rights forbid";
	return "data abort of unknown kind";
}

static const char *fetch_cause(uint64_t esr, uint64_t far)
{
	const unsigned int fsc = ESR_FSC(esr);
	const char *cause = memory_cause(fsc);

	if (cause)
		return cause;
	if (fsc >> 2 == 1)
		return unmapped_cause(EXEC, far);
	if (fsc >> 2 == 3)
		return "page fault: execution of a no-execute page";
	return "instruction abort of unknown kind";
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
	case EC_PAUTH:
		return "pointer authentication is trapped";
	case EC_FPAC:
		return "pointer authentication failure";
	case EC_BTI:
		return "branch target exception: no landing pad there";
	case EC_ILLEGAL_STATE:
		return "illegal execution state";
	case EC_SVC:
		return "system call instruction (SVC), which nobody handles";
	case EC_HVC:
		return "hypervisor call instruction (HVC), which is off";
	case EC_SMC:
		return "secure monitor call instruction (SMC), which is off";
	case EC_SYSREG:
		return "system register or instruction that is not accessible";
	case EC_IABORT:
	case EC_IABORT_LOWER:
		return fetch_cause(esr, far);
	case EC_DABORT:
	case EC_DABORT_LOWER:
		return data_cause(esr, far, in_guard);
	case EC_PC_ALIGN:
		return "misaligned program counter";
	case EC_SP_ALIGN:
		return "misaligned stack pointer";
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
		return ESR_FSC(esr) != 0x10 || !(esr & ESR_FNV);
	case EC_PC_ALIGN:
	case EC_WATCHPOINT:
		return true;
	default:
		return false;
	}
}
