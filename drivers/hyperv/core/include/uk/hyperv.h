/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * Hyper-V, or a hypervisor that plays it (Hypervisor Top Level Functional
 * Specification, "TLFS": the sections are named here): what it offers, its
 * registers and its calls. For drivers of what it offers.
 *
 * Nothing is assumed: each register and each call has a bit in CPUID, and one
 * that is not offered is a general protection fault. So ask for the bit first.
 */

/* CPUID 0x40000003, eax: what this partition may use. */
#define UK_HYPERV_COUNTER	(1u << 1)	/* reference counter */
#define UK_HYPERV_SYNIC		(1u << 2)
#define UK_HYPERV_STIMER	(1u << 3)	/* synthetic timers */
#define UK_HYPERV_HYPERCALL	(1u << 5)	/* and the guest's id */
#define UK_HYPERV_VP_INDEX	(1u << 6)
#define UK_HYPERV_RESET		(1u << 7)
#define UK_HYPERV_TSC_PAGE	(1u << 9)
#define UK_HYPERV_FREQUENCIES	(1u << 11)

/* The same leaf, edx. */
#define UK_HYPERV_FREQUENCIES_THERE	(1u << 8)
#define UK_HYPERV_CRASH			(1u << 10)
#define UK_HYPERV_STIMER_DIRECT		(1u << 19)

/* CPUID 0x40000004, eax: what the hypervisor would rather have. */
#define UK_HYPERV_HINT_FLUSH	(1u << 2)	/* other CPUs' TLBs, by call */
#define UK_HYPERV_HINT_IPI	(1u << 10)	/* by call */
#define UK_HYPERV_HINT_SETS	(1u << 11)	/* calls with sets of CPUs */

/* Registers (TLFS, "Feature and Interface Discovery" and what it leads to). */
#define UK_HYPERV_MSR_GUEST_OS_ID	0x40000000u
#define UK_HYPERV_MSR_HYPERCALL		0x40000001u
#define UK_HYPERV_MSR_VP_INDEX		0x40000002u
#define UK_HYPERV_MSR_RESET		0x40000003u
#define UK_HYPERV_MSR_COUNTER		0x40000020u	/* 100 ns */
#define UK_HYPERV_MSR_TSC_PAGE		0x40000021u
#define UK_HYPERV_MSR_TSC_HZ		0x40000022u
#define UK_HYPERV_MSR_APIC_HZ		0x40000023u
#define UK_HYPERV_MSR_SCONTROL		0x40000080u
#define UK_HYPERV_MSR_SIMP		0x40000083u
#define UK_HYPERV_MSR_EOM		0x40000084u
#define UK_HYPERV_MSR_SINT		0x40000090u	/* plus 0 to 15 */
#define UK_HYPERV_MSR_STIMER_CONFIG	0x400000b0u	/* plus 2 * 0 to 3 */
#define UK_HYPERV_MSR_STIMER_COUNT	0x400000b1u
#define UK_HYPERV_MSR_CRASH		0x40000100u	/* plus 0 to 4 */
#define UK_HYPERV_MSR_CRASH_CONTROL	0x40000105u

/* Of registers that hold a page's address: it is in force. */
#define UK_HYPERV_PAGE_ON	UINT64_C(1)
#define UK_HYPERV_PAGE_SIZE	4096u

struct uk_hyperv {
	uint32_t features;	/* UK_HYPERV_COUNTER … */
	uint32_t more;		/* UK_HYPERV_FREQUENCIES_THERE … */
	uint32_t hints;		/* UK_HYPERV_HINT_… */
	uint32_t build;		/* of the hypervisor; 0: not told */
	uint16_t major, minor;
};

/*
 * The hypervisor that this machine is of; NULL: it is not Hyper-V. Looked for
 * by the first call, which is made by the boot CPU. Context: any.
 */
const struct uk_hyperv *uk_hyperv_get(void);

/*
 * The rate in Hz that register @msr tells, UK_HYPERV_MSR_TSC_HZ or …APIC_HZ; 0:
 * none is told, or one that cannot be, which is logged. Context: boot.
 */
uint64_t uk_hyperv_hz(uint32_t msr);

/*
 * Calls, in images with drivers that make some. @control is the call's code,
 * and how it is called; @in and @out are physical addresses that do not cross a
 * page, or with UK_HYPERV_CALL_FAST the input itself. Returns the hypervisor's
 * result, of which UK_HYPERV_CALL_STATUS() is 0 if it did as it was told.
 * Context: any, once uk_hyperv_can_call(), which it is from stage CPU on.
 */
#define UK_HYPERV_CALL_FLUSH_ALL	0x0002u
#define UK_HYPERV_CALL_FLUSH_LIST	0x0003u
#define UK_HYPERV_CALL_IPI		0x000bu
#define UK_HYPERV_CALL_FLUSH_ALL_SET	0x0013u
#define UK_HYPERV_CALL_FLUSH_LIST_SET	0x0014u
#define UK_HYPERV_CALL_IPI_SET		0x0015u
#define UK_HYPERV_CALL_FAST		(UINT64_C(1) << 16)
#define UK_HYPERV_CALL_BANKS(n)		((uint64_t)(n) << 17) /* of a set */
#define UK_HYPERV_CALL_REPS(n)		((uint64_t)(n) << 32)
#define UK_HYPERV_CALL_STATUS(result)	((uint16_t)(result))

bool uk_hyperv_can_call(void);
uint64_t uk_hyperv_call(uint64_t control, uint64_t in, uint64_t out);
