/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The page of calls as this image has it, on any machine: where Hyper-V has not
 * filled it, it is breakpoints.
 */
#include "../hyperv_priv.h"

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/string.h>
#include <uk/test.h>

extern const uint8_t hyperv_page[UK_HYPERV_PAGE_SIZE];

static void write_page(void *arg UK_UNUSED)
{
	*(volatile uint8_t *)(uintptr_t)hyperv_page = hyperv_page[0];
}

static void run_page(void *arg UK_UNUSED)
{
	__asm__ volatile("call hyperv_page" : : : "memory");
}

UK_TEST(hyperv_page, the_page_of_calls_is_one_page)
{
	UK_EXPECT_EQ((uintptr_t)hyperv_page % UK_HYPERV_PAGE_SIZE, 0);
}

UK_TEST(hyperv_page, the_page_of_calls_is_not_written_by_the_image)
{
	UK_EXPECT_CRASH(write_page, NULL);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: write to a read-only page");
}

UK_TEST(hyperv_page, the_page_of_calls_is_executable)
{
	if (hyperv_page[0] != 0xcc)
		UK_TEST_SKIP("Hyper-V is here, and has filled it");
	UK_EXPECT_CRASH(run_page, NULL);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(), "breakpoint (int3)");
}
