/* SPDX-License-Identifier: BSD-3-Clause */
/* A hypervisor that gives a page of calls, and those that do not. */
#include "../hyperv_priv.h"

#include <uk/arch/paddr.h>
#include <uk/compiler.h>
#include <uk/test.h>

#define BREAKPOINT	0xcc
#define VMCALL		0x0f

static uint8_t page[UK_HYPERV_PAGE_SIZE] UK_ALIGNED(4096);

/* The register, and what a write does to it and to the page. */
static struct {
	uint64_t reg, keeps;
	uint8_t first;
} hv;

static uint64_t hv_read(uint32_t msr)
{
	return msr == UK_HYPERV_MSR_HYPERCALL ? hv.reg : 0;
}

static void hv_write(uint32_t msr, uint64_t val)
{
	if (msr != UK_HYPERV_MSR_HYPERCALL)
		return;
	hv.reg = val & hv.keeps;
	page[0] = hv.first;
}

static bool on(uint64_t keeps, uint8_t first)
{
	page[0] = BREAKPOINT;
	hv.keeps = keeps;
	hv.first = first;
	return hyperv_call_on(hv_read, hv_write, page);
}

UK_TEST(hyperv_call, a_page_that_is_filled_is_called)
{
	UK_EXPECT(on(UINT64_MAX, VMCALL));
	UK_EXPECT_EQ(hv.reg, ukarch_paddr_of(page) | UK_HYPERV_PAGE_ON);
}

UK_TEST(hyperv_call, a_page_that_is_denied_is_never_called)
{
	/* It stays off, as without the guest's id. */
	UK_EXPECT(!on(~UK_HYPERV_PAGE_ON, BREAKPOINT));
	UK_EXPECT(!on(0, BREAKPOINT));
	UK_EXPECT(!on(~UK_HYPERV_PAGE_ON, VMCALL));
	/* It is on, elsewhere; or says so, and left the page as it was. */
	UK_EXPECT(!on(~UINT64_C(0xfff000), VMCALL));
	UK_EXPECT(!on(UINT64_MAX, BREAKPOINT));
}
