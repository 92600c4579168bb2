/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * A call to firmware or the hypervisor (SMC Calling Convention 1.1, Arm DEN
 * 0028): function @fn with up to three arguments; the result is what comes
 * back in x0. Which of the two instructions works is not to be found out by
 * trying: it says so in the device tree or in ACPI tables.
 */

#define UKARCH_SMCCC_NOT_SUPPORTED	((int64_t)-1)

#define UKARCH_SMCCC_CALL_(insn)					\
	register uint64_t x0 __asm__("x0") = fn;			\
	register uint64_t x1 __asm__("x1") = a1;			\
	register uint64_t x2 __asm__("x2") = a2;			\
	register uint64_t x3 __asm__("x3") = a3;			\
									\
	__asm__ volatile(insn						\
		: "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)		\
		: : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11",	\
		    "x12", "x13", "x14", "x15", "x16", "x17", "memory");\
	return (int64_t)x0

static inline int64_t ukarch_smccc_hvc(uint32_t fn, uint64_t a1, uint64_t a2,
				       uint64_t a3)
{
	UKARCH_SMCCC_CALL_("hvc #0");
}

static inline int64_t ukarch_smccc_smc(uint32_t fn, uint64_t a1, uint64_t a2,
				       uint64_t a3)
{
	UKARCH_SMCCC_CALL_("smc #0");
}
