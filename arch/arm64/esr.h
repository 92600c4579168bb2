/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/arch/trap.h>

/* ESR_EL1, the syndrome of an exception (Arm ARM, D19.2.37). */

#define ESR_EC(esr)	((unsigned int)((esr) >> 26) & 63u)
#define ESR_FSC(esr)	((unsigned int)(esr) & 63u)	/* aborts: status */
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
	EC_SME			= 0x1d,
	EC_IABORT_LOWER		= 0x20,
	EC_IABORT		= 0x21,
	EC_PC_ALIGN		= 0x22,
	EC_DABORT_LOWER		= 0x24,
	EC_DABORT		= 0x25,
	EC_SP_ALIGN		= 0x26,
	EC_FP_TRAPPED		= 0x2c,
	EC_GCS			= 0x2d,
	EC_SERROR		= 0x2f,
	EC_BREAKPOINT		= 0x31,
	EC_STEP			= 0x33,
	EC_WATCHPOINT		= 0x35,
	EC_BRK			= 0x3c,
};

/* Fault status codes; the groups have the level in bits 1 and 0. */
enum {
	FSC_GROUP_SIZE		= 0,
	FSC_GROUP_TRANSLATION	= 1,
	FSC_GROUP_ACCESS_FLAG	= 2,
	FSC_GROUP_PERMISSION	= 3,

	FSC_EXTERNAL		= 0x10,
	FSC_TAG			= 0x11,
	FSC_ALIGNMENT		= 0x21,
};

#define FSC_GROUP(fsc)	((fsc) >> 2)

/* What an abort wanted. Cache maintenance says that it writes: it reads. */
static inline enum uk_trap_access esr_access(uint64_t esr)
{
	const unsigned int ec = ESR_EC(esr);

	if (ec == EC_IABORT || ec == EC_IABORT_LOWER)
		return UK_TRAP_EXEC;
	return (esr & ESR_WNR) && !(esr & ESR_CM) ? UK_TRAP_WRITE
						  : UK_TRAP_READ;
}
