/* SPDX-License-Identifier: BSD-3-Clause */
/* A channel 2 that counts when it is read, and one that is not there. */
#include "../pit_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

static struct {
	uint8_t gate;
	uint8_t mode;
	uint16_t count, latched;
	uint16_t step;		/* counts per latch */
	bool high;		/* the next byte is the upper one */
} chip;

static uint8_t chip_in(uint16_t port)
{
	if (port == PIT_GATE)
		return chip.gate;
	chip.high = !chip.high;
	return chip.high ? (uint8_t)chip.latched : chip.latched >> 8;
}

static void chip_out(uint16_t port, uint8_t val)
{
	if (port == PIT_GATE) {
		chip.gate = val;
	} else if (port == PIT_COMMAND && val == 0x80) {
		chip.latched = chip.count;
		chip.count = (uint16_t)(chip.count - chip.step);
	} else if (port == PIT_COMMAND) {
		chip.mode = val;
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

UK_TEST(timer_pit, a_channel_that_counts_is_taken_with_the_speaker_off)
{
	struct pit pit = { .io = &chip_io };

	chip.gate = 0xfe;
	chip.step = 7;
	UK_EXPECT_EQ(pit_start(&pit.clock), 0);
	UK_EXPECT_EQ(chip.gate, 0xfd);
	UK_EXPECT_EQ(chip.mode, 0xb4);
}

UK_TEST(timer_pit, a_machine_without_one_is_told_by_its_standing_still)
{
	struct pit pit = { .io = &nothing };

	UK_EXPECT_EQ(pit_start(&pit.clock), -ENODEV);
	chip.step = 0;
	pit.io = &chip_io;
	UK_EXPECT_EQ(pit_start(&pit.clock), -ENODEV);
}

UK_TEST(timer_pit, counts_go_up_also_across_the_end)
{
	struct pit pit = { .io = &chip_io };
	uint64_t before, now;

	chip.step = 1000;
	chip.count = 1500;
	before = pit_read(&pit.clock);
	for (unsigned int i = 0; i < 200; i++) {
		now = pit_read(&pit.clock);
		UK_EXPECT_EQ((uint16_t)(now - before), 1000);
		before = now;
	}
}
