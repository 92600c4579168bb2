/* SPDX-License-Identifier: BSD-3-Clause */
/* Registers in memory: what is written is read, and nothing ticks. */
#include "../pl031_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

#include "model.h"

UK_TEST(pl031_chip, it_is_known_by_its_identification)
{
	struct pl031 c = model_begin();

	model.regs[PL031_IMSC / 4] = ALARM;
	UK_EXPECT_EQ(pl031_start(&c), 0);
	UK_EXPECT_EQ(model.regs[PL031_IMSC / 4], 0);
	UK_EXPECT_EQ(model.regs[PL031_ICR / 4], ALARM);

	/* Another revision and configuration is one, too. */
	model.regs[PL031_ID / 4 + 2] = 0xf4;
	model.regs[PL031_ID / 4 + 3] = 0x55;
	UK_EXPECT_EQ(pl031_start(&c), 0);
}

UK_TEST(pl031_chip, another_device_at_its_address_is_left_alone)
{
	for (unsigned int i = 0; i < 8; i++) {
		struct pl031 c = model_begin();

		if (i == 3)	/* its configuration */
			continue;
		model.regs[PL031_ID / 4 + i] ^= 0x02;
		model.regs[PL031_IMSC / 4] = ALARM;
		UK_EXPECT_EQ(pl031_start(&c), -ENODEV);
		UK_EXPECT_EQ(model.regs[PL031_IMSC / 4], ALARM);
	}
}

UK_TEST(pl031_chip, the_time_is_what_it_counts_up_to_2106)
{
	struct pl031 c = model_begin();
	uint64_t seconds = 0;

	UK_EXPECT_EQ(pl031_get_time(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(seconds, MODEL_TIME);
	model.regs[PL031_DR / 4] = UINT32_MAX;
	UK_EXPECT_EQ(pl031_get_time(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(seconds, UINT32_MAX);
	UK_EXPECT_EQ(pl031_set_time(&c.rtc, (uint64_t)UINT32_MAX + 1),
		     -ERANGE);
	UK_EXPECT_EQ(model.regs[PL031_LR / 4], 0);
}

UK_TEST(pl031_chip, one_that_does_not_run_has_no_date_until_it_is_set)
{
	struct pl031 c = model_begin();
	uint64_t seconds = 7;

	model.regs[PL031_CR / 4] = 0;
	UK_EXPECT_EQ(pl031_get_time(&c.rtc, &seconds), -EINVAL);
	UK_EXPECT_EQ(seconds, 7);
	UK_EXPECT_EQ(pl031_set_time(&c.rtc, MODEL_TIME), 0);
	UK_EXPECT_EQ(model.regs[PL031_CR / 4], CR_START);
	UK_EXPECT_EQ(model.regs[PL031_LR / 4], MODEL_TIME);
	UK_EXPECT_EQ(pl031_get_time(&c.rtc, &seconds), 0);
}

UK_TEST(pl031_chip, one_that_cannot_be_set_says_so)
{
	struct pl031 c = model_begin();

	/* DR stays what it is. */
	UK_EXPECT_EQ(pl031_set_time(&c.rtc, MODEL_TIME + 1), -EIO);
	UK_EXPECT_EQ(pl031_set_time(&c.rtc, MODEL_TIME - 100), -EIO);
	UK_EXPECT_EQ(pl031_set_time(&c.rtc, MODEL_TIME), 0);
}
