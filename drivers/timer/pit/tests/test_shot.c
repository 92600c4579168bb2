/* SPDX-License-Identifier: BSD-3-Clause */
/* A channel 0 as the data sheet has mode 0, which counts when it is read. */
#include "../pit_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

static struct {
	uint16_t count, latched;
	uint16_t step;		/* counts per latch */
	bool runs, low_written, high_read;
	unsigned int loads;
} chip;

static uint8_t chip_in(uint16_t port)
{
	if (port != PIT_CHANNEL0)
		return 0xff;
	chip.high_read = !chip.high_read;
	return chip.high_read ? (uint8_t)chip.latched : chip.latched >> 8;
}

static void chip_out(uint16_t port, uint8_t val)
{
	if (port == PIT_COMMAND && val == 0x30) {
		chip.runs = false;
		chip.low_written = false;
	} else if (port == PIT_COMMAND && val == 0x00) {
		if (chip.runs)
			chip.count = (uint16_t)(chip.count - chip.step);
		chip.latched = chip.count;
	} else if (port == PIT_CHANNEL0 && !chip.low_written) {
		chip.count = val;
		chip.low_written = true;
		chip.runs = false;
	} else if (port == PIT_CHANNEL0) {
		chip.count |= (uint16_t)(val << 8);
		chip.low_written = false;
		chip.runs = true;
		chip.loads++;
	}
}

static uint8_t nothing_in(uint16_t port UK_UNUSED)
{
	return 0xff;
}

static void nothing_out(uint16_t port UK_UNUSED, uint8_t val UK_UNUSED)
{
}

static const struct pit_io chip_io = { .in = chip_in, .out = chip_out };
static const struct pit_io nothing = { .in = nothing_in, .out = nothing_out };

UK_TEST(pit_shot, a_channel_that_counts_is_taken_and_stopped)
{
	chip.step = 3;
	UK_EXPECT_EQ(pit_shot_start(&chip_io), 0);
	UK_EXPECT(!chip.runs);
}

UK_TEST(pit_shot, a_machine_without_one_is_told_by_its_standing_still)
{
	UK_EXPECT_EQ(pit_shot_start(&nothing), -ENODEV);
	chip.step = 0;
	UK_EXPECT_EQ(pit_shot_start(&chip_io), -ENODEV);
}

UK_TEST(pit_shot, a_count_is_two_bytes_again_and_again)
{
	chip.step = 3;
	UK_EXPECT_EQ(pit_shot_start(&chip_io), 0);
	chip.loads = 0;
	for (unsigned int i = 1; i <= 0xffff; i += 257) {
		pit_shot_set(&chip_io, (uint16_t)i);
		UK_EXPECT_EQ(chip.count, i);
		UK_EXPECT(chip.runs);
	}
	UK_EXPECT_EQ(chip.loads, 255);
}

UK_TEST(pit_shot, times_are_counts_that_are_never_late)
{
	UK_EXPECT_EQ(pit_shot_counts(0), 1);
	UK_EXPECT_EQ(pit_shot_counts(838), 1);
	UK_EXPECT_EQ(pit_shot_counts(1677), 2);
	UK_EXPECT_EQ(pit_shot_counts(1000000), 1193);
	UK_EXPECT_EQ(pit_shot_counts(54925000), 65535);
	UK_EXPECT_EQ(pit_shot_counts(54924000), 65534);
	UK_EXPECT_EQ(pit_shot_counts(UINT64_MAX), 65535);
}
