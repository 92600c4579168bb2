/* SPDX-License-Identifier: BSD-3-Clause */
/* What frames say of themselves, and what is made of it. */
#include "../gic_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

#define NIRQS	288u

UK_TEST(gic_v2m, a_frame_has_the_lines_it_says_it_has)
{
	struct gic_v2m v2m = { .nframes = 0 };
	struct uk_msi_msg msg;

	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0x8020000, 80, 64, NIRQS), 0);
	UK_EXPECT_EQ(v2m.first, 80);
	UK_EXPECT_EQ(v2m.end, 144);
	gic_v2m_compose(&v2m, 143, &msg);
	UK_EXPECT_EQ(msg.addr, 0x8020040);
	UK_EXPECT_EQ(msg.data, 143);
}

UK_TEST(gic_v2m, lines_that_the_distributor_does_not_have_are_refused)
{
	struct gic_v2m v2m = { .nframes = 0 };

	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 80, 0, NIRQS), -ENODEV);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 31, 1, NIRQS), -ERANGE);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 0, 64, NIRQS), -ERANGE);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 287, 2, NIRQS), -ERANGE);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 288, 1, NIRQS), -ERANGE);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 1019, 2, 1024), -ERANGE);
	/* As a tree may have it. */
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 80, UINT32_MAX, NIRQS), -ERANGE);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, UINT32_MAX, 80, NIRQS), -ERANGE);
	UK_EXPECT_EQ(v2m.nframes, 0);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 287, 1, NIRQS), 0);
}

UK_TEST(gic_v2m, frames_that_follow_each_other_are_one_range)
{
	struct gic_v2m v2m = { .nframes = 0 };
	struct uk_msi_msg msg;

	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0x2000, 128, 32, NIRQS), 0);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0x3000, 160, 8, NIRQS), 0);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0x1000, 96, 32, NIRQS), 0);
	UK_EXPECT_EQ(v2m.first, 96);
	UK_EXPECT_EQ(v2m.end, 168);
	for (unsigned int irq = 96; irq < 168; irq++) {
		gic_v2m_compose(&v2m, irq, &msg);
		UK_EXPECT_EQ(msg.addr, (irq - 64) / 32 * 0x1000 + 0x40);
		UK_EXPECT_EQ(msg.data, irq);
	}
}

UK_TEST(gic_v2m, frames_apart_or_across_a_block_are_left_out)
{
	struct gic_v2m v2m = { .nframes = 0 };

	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 100, 8, NIRQS), 0);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 108, 8, NIRQS), -EDOM);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 92, 8, NIRQS), -EDOM);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 128, 32, NIRQS), -EDOM);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 100, 8, NIRQS), -EDOM);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 96, 64, NIRQS), -EDOM);
	UK_EXPECT_EQ(v2m.first, 100);
	UK_EXPECT_EQ(v2m.end, 108);
	UK_EXPECT_EQ(v2m.nframes, 1);
}

UK_TEST(gic_v2m, more_frames_than_there_is_room_for_are_left_out)
{
	struct gic_v2m v2m = { .nframes = 0 };

	for (unsigned int i = 0; i < GIC_V2M_NFRAMES; i++)
		UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 64 + 32 * i, 32, 1020), 0);
	UK_EXPECT_EQ(gic_v2m_add(&v2m, 0, 320, 32, 1020), -ENOSPC);
	UK_EXPECT_EQ(v2m.end, 320);
}
