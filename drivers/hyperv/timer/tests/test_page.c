/* SPDX-License-Identifier: BSD-3-Clause */
/* Reference TSC pages as they are, and as they should not be. */
#include "../timer_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

/* 2.5 GHz: 1 unit is 250 ticks, rounded up. */
#define SCALE_2500_MHZ	(UINT64_MAX / 250 + 1)

static const struct hyperv_page good = {
	.sequence = 7,
	.scale = SCALE_2500_MHZ,
	.offset = 1000,
};

/* A hypervisor that writes its page while it is read, @times times. */
static struct {
	struct hyperv_page page;
	unsigned int times, ticks_asked, counter_asked;
	uint64_t tsc;
} live;

static uint64_t live_ticks(void)
{
	live.ticks_asked++;
	if (live.times > 0) {
		live.times--;
		live.page.sequence++;
		live.page.offset += 10;
	}
	return live.tsc;
}

static uint64_t live_counter(void)
{
	live.counter_asked++;
	return 99;
}

static uint64_t read_live(uint32_t sequence, uint64_t tsc, unsigned int times)
{
	live.page = good;
	live.page.sequence = sequence;
	live.tsc = tsc;
	live.times = times;
	live.ticks_asked = 0;
	live.counter_asked = 0;
	return hyperv_time(&live.page, live_ticks, live_counter);
}

UK_TEST(hyperv_page, ticks_become_units_of_100_ns)
{
	UK_EXPECT_EQ(read_live(7, 0, 0), 1000);
	UK_EXPECT_EQ(read_live(7, 249, 0), 1000);
	UK_EXPECT_EQ(read_live(7, 250, 0), 1001);
	/* An hour; and a century, where the scale's rounding shows. */
	UK_EXPECT_EQ(read_live(7, UINT64_C(9000000000000), 0), 36000001000);
	UK_EXPECT_EQ(read_live(7, UINT64_C(7889400000000000000), 0),
		     UINT64_C(31557600000001000));
	UK_EXPECT_EQ(live.counter_asked, 0);
}

UK_TEST(hyperv_page, the_offset_may_be_negative)
{
	live.page = good;
	live.page.offset = (uint64_t)-500;
	live.tsc = 250 * 501;
	live.times = 0;
	UK_EXPECT_EQ(hyperv_time(&live.page, live_ticks, live_counter), 1);
}

UK_TEST(hyperv_page, a_page_with_sequence_0_leaves_it_to_the_register)
{
	UK_EXPECT_EQ(read_live(0, 250, 0), 99);
	UK_EXPECT_EQ(live.ticks_asked, 0);
	UK_EXPECT_EQ(live.counter_asked, 1);
	/* It becomes so while it is read: the sequence wraps to "none". */
	UK_EXPECT_EQ(read_live(UINT32_MAX, 250, 1), 99);
	UK_EXPECT_EQ(live.ticks_asked, 1);
}

UK_TEST(hyperv_page, a_page_that_was_written_meanwhile_is_read_again)
{
	UK_EXPECT_EQ(read_live(7, 250, 1), 1011);
	UK_EXPECT_EQ(live.ticks_asked, 2);
	UK_EXPECT_EQ(read_live(7, 250, 3), 1031);
	UK_EXPECT_EQ(live.ticks_asked, 4);
	UK_EXPECT_EQ(live.counter_asked, 0);
}

UK_TEST(hyperv_page, one_that_is_written_all_the_time_is_not_waited_for)
{
	UK_EXPECT_EQ(read_live(7, 250, 1000000), 99);
	UK_EXPECT_EQ(live.ticks_asked, HYPERV_TRIES);
}

UK_TEST(hyperv_page, a_page_that_makes_no_sense_is_refused)
{
	struct hyperv_page p = good;

	UK_EXPECT_EQ(hyperv_page_check(&p), 0);
	p.sequence = 0;
	UK_EXPECT_EQ(hyperv_page_check(&p), -EAGAIN);
	p = good;
	p.scale = 0;
	UK_EXPECT_EQ(hyperv_page_check(&p), -ERANGE);
	/* 10 GHz is the most, 20 are too much. */
	p.scale = UINT64_MAX / 1000;
	UK_EXPECT_EQ(hyperv_page_check(&p), 0);
	p.scale = UINT64_MAX / 2000;
	UK_EXPECT_EQ(hyperv_page_check(&p), -ERANGE);
	/* 10 MHz are the least that a page can say. */
	p.scale = UINT64_MAX;
	UK_EXPECT_EQ(hyperv_page_check(&p), 0);
}

UK_TEST(hyperv_page, it_has_to_agree_with_the_register)
{
	UK_EXPECT(hyperv_page_agrees(1000000, 1000005, 1000010));
	UK_EXPECT(hyperv_page_agrees(1000000, 999999, 1000010));
	UK_EXPECT(hyperv_page_agrees(1000000, 1000011, 1000010));
	UK_EXPECT(!hyperv_page_agrees(1000000, 900000, 1000010));
	UK_EXPECT(!hyperv_page_agrees(1000000, 1100000, 1000010));
	/* Just after the start of a partition. */
	UK_EXPECT(hyperv_page_agrees(3, 5, 9));
	UK_EXPECT(!hyperv_page_agrees(3, (uint64_t)-20000, 9));
}

UK_TEST(hyperv_page, ticks_until_a_time_are_never_too_few)
{
	static const uint64_t times[] = {
		0, 1, 99, 100, 101, 1000, 123456, 1000000000,
		UINT64_C(3600000000000), UINT64_C(315360000000000000),
	};

	for (unsigned int i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		const uint64_t n = hyperv_page_ticks(&good, times[i]);
		const uint64_t units = (times[i] + 99) / 100;

		UK_EXPECT_GE(n, units * 250);
		/* Two units, and 1 in 10^8. */
		UK_EXPECT_LE(n, units * 250 + 500 + units * 250 / 100000000);
	}
}

UK_TEST(hyperv_page, more_ticks_than_a_counter_has_are_cut_off)
{
	struct hyperv_page p = good;

	UK_EXPECT_LE(hyperv_page_ticks(&p, UINT64_MAX), HYPERV_MAX_TICKS);
	p.scale = UINT64_MAX / 1000;
	UK_EXPECT_EQ(hyperv_page_ticks(&p, UINT64_MAX), HYPERV_MAX_TICKS);
	p.scale = UINT64_MAX;
	UK_EXPECT_LE(hyperv_page_ticks(&p, 1000), 13);
	/* A hypervisor that has taken its page back. */
	p.scale = 0;
	UK_EXPECT_EQ(hyperv_page_ticks(&p, 1000), 0);
}
