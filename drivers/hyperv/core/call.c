/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Calls of the hypervisor. It fills a page of the image with what it takes to
 * call it on this machine (TLFS, "Hypercall Interface"); that it did so is
 * looked at, as it may refuse by leaving the register or the page as it was.
 */
#include "hyperv_priv.h"

#include <stdbool.h>
#include <stddef.h>

#include <uk/arch/paddr.h>
#include <uk/bits/arch/msr.h>
#include <uk/init.h>
#include <uk/print.h>

extern const uint8_t hyperv_page[UK_HYPERV_PAGE_SIZE];

#define BREAKPOINT	0xcc

/* Written by the boot CPU, before there are others. */
static bool can_call;

bool uk_hyperv_can_call(void)
{
	return can_call;
}

bool hyperv_call_on(uint64_t (*read)(uint32_t msr),
		    void (*write)(uint32_t msr, uint64_t val),
		    const volatile uint8_t *page)
{
	const uint64_t paddr = ukarch_paddr_of(page);

	write(UK_HYPERV_MSR_HYPERCALL, paddr | UK_HYPERV_PAGE_ON);
	return read(UK_HYPERV_MSR_HYPERCALL) == (paddr | UK_HYPERV_PAGE_ON) &&
	       *page != BREAKPOINT;
}

/* Inputs in rcx, rdx and r8, the result in rax; the others of the ABI's. */
uint64_t uk_hyperv_call(uint64_t control, uint64_t in, uint64_t out)
{
	register uint64_t r8 __asm__("r8") = out;
	uint64_t result;

	__asm__ volatile("call hyperv_page"
			 : "=a"(result), "+c"(control), "+d"(in), "+r"(r8)
			 : : "r9", "r10", "r11", "cc", "memory");
	return result;
}

static int call_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	const struct uk_hyperv *const hv = uk_hyperv_get();

	if (!hv || !(hv->features & UK_HYPERV_HYPERCALL))
		return 0;
	can_call = hyperv_call_on(ukarch_msr_read, ukarch_msr_write,
				  hyperv_page);
	if (!can_call)
		uk_pr_warn("Hyper-V: the hypercall page is denied: no calls");
	return 0;
}

UK_INIT(CPU, call_init, NULL);
