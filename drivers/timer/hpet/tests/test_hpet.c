/* SPDX-License-Identifier: BSD-3-Clause */
/* Registers that a machine may show, in memory. */
#include "../hpet_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

static uint64_t regs[HPET_LEN / 8];

static int start_with(uint64_t capabilities, struct hpet *hpet)
{
	for (unsigned int i = 0; i < HPET_LEN / 8; i++)
		regs[i] = 0;
	regs[0] = capabilities;
	*hpet = (struct hpet){ .regs = regs };
	return hpet_start(hpet);
}

UK_TEST(timer_hpet, a_period_that_cannot_be_is_refused)
{
	struct hpet hpet;

	/* Not there; no revision; a period of 0; more than 100 ns. */
	UK_EXPECT_EQ(start_with(UINT64_MAX, &hpet), -EIO);
	UK_EXPECT_EQ(start_with(UINT64_C(0x0098968000002000), &hpet), -EIO);
	UK_EXPECT_EQ(start_with(UINT64_C(0x0000000000002001), &hpet), -EIO);
	UK_EXPECT_EQ(start_with(UINT64_C(0x05f5e10100002001), &hpet), -EIO);
}

UK_TEST(timer_hpet, a_counter_that_stands_still_is_refused)
{
	struct hpet hpet;

	/* QEMU's: 10 ns, 64 bits. */
	UK_EXPECT_EQ(start_with(UINT64_C(0x0098968080862201), &hpet), -EIO);
	UK_EXPECT_EQ(hpet.clock.hz, 100000000);
	UK_EXPECT_EQ(hpet.clock.bits, 64);
	/* It was switched on, and does not take the PIT's interrupt. */
	UK_EXPECT_EQ(regs[2], 1);
}

UK_TEST(timer_hpet, of_a_counter_of_32_bits_no_more_is_read)
{
	struct hpet hpet;

	(void)start_with(UINT64_C(0x0098968080860201), &hpet);
	UK_EXPECT_EQ(hpet.clock.bits, 32);
	regs[0xf0 / 8] = UINT64_C(0xdead00000012);
	UK_EXPECT_EQ(hpet_read(&hpet.clock), 0x12);
	hpet.clock.bits = 64;
	UK_EXPECT_EQ(hpet_read(&hpet.clock), UINT64_C(0xdead00000012));
}
