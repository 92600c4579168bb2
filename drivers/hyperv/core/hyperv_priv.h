/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/bits/arch/cpuid.h>
#include <uk/compiler.h>
#include <uk/hyperv.h>

/*
 * find.c: is this Hyper-V? @cpuid is ukarch_cpuid(), or tells of another CPU.
 * Returns 0, or
 *   -ENODEV  no, or it says itself that it is not like Hyper-V
 */
UK_MUST_USE
int hyperv_find(struct ukarch_cpuid (*cpuid)(uint32_t leaf, uint32_t subleaf),
		struct uk_hyperv *hv);

/* Is that a rate, in Hz, that a CPU's counter or timer may have? */
bool hyperv_hz_makes_sense(uint64_t hz);

/* What a guest says that it is (TLFS, "Guest OS Identity"); never 0. */
uint64_t hyperv_guest_id(uint32_t version);

/*
 * crash.c: what the registers are to hold after a crash: the place, the stack,
 * the address that was accessed (0: none), and where in physical memory the
 * cause in words is, and its length. @control is what the control register
 * offers. Returns what to write there in the end; 0: nothing.
 */
#define HYPERV_NCRASH		5
#define HYPERV_CRASH_MESSAGE	(UINT64_C(1) << 62)
#define HYPERV_CRASH_NOTIFY	(UINT64_C(1) << 63)

/* For the cause; it does not cross a page. */
struct hyperv_text {
	char text[256];
} UK_ALIGNED(256);

struct uk_crash_info;

uint64_t hyperv_crash_values(const struct uk_crash_info *info,
			     uint64_t control, struct hyperv_text *text,
			     uint64_t values[HYPERV_NCRASH]);

/*
 * call.c: have @page, of breakpoints, made what calls the hypervisor, by its
 * register. Returns whether it did so.
 */
UK_MUST_USE
bool hyperv_call_on(uint64_t (*read)(uint32_t msr),
		    void (*write)(uint32_t msr, uint64_t val),
		    const volatile uint8_t *page);
