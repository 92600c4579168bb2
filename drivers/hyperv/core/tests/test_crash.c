/* SPDX-License-Identifier: BSD-3-Clause */
/* Crashes of all kinds, for hypervisors that take more of them or less. */
#include "../hyperv_priv.h"

#include <uk/arch/paddr.h>
#include <uk/arch/regs.h>
#include <uk/crash_hook.h>
#include <uk/test.h>

#define BOTH	(HYPERV_CRASH_MESSAGE | HYPERV_CRASH_NOTIFY)

static struct hyperv_text text;
static struct ukarch_regs regs;
static uint64_t values[HYPERV_NCRASH];

static uint64_t crash(const char *cause, uint64_t control, int has_addr)
{
	const struct uk_crash_info info = {
		.cause = cause, .regs = &regs, .addr = 0x1234,
		.has_addr = has_addr,
	};

	ukarch_regs_capture(&regs);
	return hyperv_crash_values(&info, control, &text, values);
}

UK_TEST(hyperv_crash, place_stack_address_and_cause_are_told)
{
	UK_EXPECT_EQ(crash("page fault", BOTH, 1), BOTH);
	UK_EXPECT_EQ(values[0], ukarch_regs_ip(&regs));
	UK_EXPECT_EQ(values[1], ukarch_regs_sp(&regs));
	UK_EXPECT_EQ(values[2], 0x1234);
	UK_EXPECT_EQ(values[3], ukarch_paddr_of(&text));
	UK_EXPECT_EQ(values[4], 10);
	UK_EXPECT_MEM_EQ(text.text, "page fault", 10);
	UK_EXPECT_EQ(crash("assertion failed", BOTH, 0), BOTH);
	UK_EXPECT_EQ(values[2], 0);
	UK_EXPECT_EQ(values[4], 16);
}

UK_TEST(hyperv_crash, a_cause_that_is_too_long_is_cut_off)
{
	char cause[sizeof(text.text) + 20];

	for (unsigned int i = 0; i < sizeof(cause) - 1; i++)
		cause[i] = 'a';
	cause[sizeof(cause) - 1] = '\0';
	(void)crash(cause, BOTH, 0);
	UK_EXPECT_EQ(values[4], sizeof(text.text));
}

UK_TEST(hyperv_crash, only_what_the_hypervisor_takes_is_told)
{
	UK_EXPECT_EQ(crash("x", HYPERV_CRASH_NOTIFY, 1), HYPERV_CRASH_NOTIFY);
	UK_EXPECT_EQ(values[3], 0);
	UK_EXPECT_EQ(values[4], 0);
	UK_EXPECT_EQ(crash("x", 0, 1), 0);
	/* What the other bits mean is not ours to ask for. */
	UK_EXPECT_EQ(crash("x", UINT64_MAX, 1), BOTH);
}

UK_TEST(hyperv_crash, the_text_is_in_one_page)
{
	UK_EXPECT_LE(((uintptr_t)&text & 4095) + sizeof(text), 4096);
}
