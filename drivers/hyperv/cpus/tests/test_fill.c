/* SPDX-License-Identifier: BSD-3-Clause */
/* Ranges of pages as the hypervisor wants them. */
#include "../cpus_priv.h"

#include <uk/hyperv.h>
#include <uk/test.h>

#define PAGE	UINT64_C(4096)

static struct hyperv_flush in;

UK_TEST(hyperv_fill, a_page_is_an_entry_with_none_that_follow)
{
	const struct uk_paging_range r = { 0x5000, 0x6000 };

	UK_EXPECT_EQ(hyperv_flush_fill(&in, 6, &r, 1),
		     UK_HYPERV_CALL_FLUSH_LIST | UINT64_C(1) << 32);
	UK_EXPECT_EQ(in.gva[0], 0x5000);
	UK_EXPECT_EQ(in.mask, 6);
	/* In whatever address space; the mask names the CPUs. */
	UK_EXPECT_EQ(in.flags, 2);
}

UK_TEST(hyperv_fill, a_range_is_an_entry_for_4096_pages)
{
	const struct uk_paging_range r[] = {
		{ 0x100000000, 0x100000000 + 4096 * PAGE },
		{ 0x200000000, 0x200000000 + 4097 * PAGE },
	};

	UK_EXPECT_EQ(hyperv_flush_fill(&in, 1, r, 2),
		     UK_HYPERV_CALL_FLUSH_LIST | UINT64_C(3) << 32);
	UK_EXPECT_EQ(in.gva[0], 0x100000fff);
	UK_EXPECT_EQ(in.gva[1], 0x200000fff);
	UK_EXPECT_EQ(in.gva[2], 0x200000000 + 4096 * PAGE);
}

UK_TEST(hyperv_fill, what_does_not_fit_in_the_list_is_a_flush_of_all)
{
	struct uk_paging_range r = {
		0x1000, 0x1000 + HYPERV_FLUSH_NGVAS * 4096 * PAGE,
	};

	UK_EXPECT_EQ(hyperv_flush_fill(&in, 1, &r, 1) >> 32,
		     HYPERV_FLUSH_NGVAS);
	r.end += PAGE;
	UK_EXPECT_EQ(hyperv_flush_fill(&in, 1, &r, 1),
		     UK_HYPERV_CALL_FLUSH_ALL);
	/* All of the high half, up to its last page. */
	r = (struct uk_paging_range){ 0xffff800000000000,
				      0xfffffffffffff000 };
	UK_EXPECT_EQ(hyperv_flush_fill(&in, 1, &r, 1),
		     UK_HYPERV_CALL_FLUSH_ALL);
	UK_EXPECT_EQ(in.mask, 1);
}

UK_TEST(hyperv_fill, the_input_does_not_cross_a_page)
{
	UK_EXPECT_EQ((uintptr_t)&in % sizeof(in), 0);
}
