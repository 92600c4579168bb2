/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages as they are, and as they should not be. */
#include <uk/pvclock.h>

#include <uk/errno.h>
#include <uk/test.h>

/* As KVM fills it for a counter of 3 GHz: half a tick, times 2/3. */
static const struct uk_pvclock_page at_3_ghz = {
	.version = 2,
	.tsc = 1000000,
	.ns = 500,
	.mul = 0xaaaaaaab,
	.shift = -1,
};

UK_TEST(pvpage, ticks_become_nanoseconds)
{
	struct uk_pvclock_page p = at_3_ghz;

	UK_EXPECT_EQ(uk_pvclock_ns(&p, 1000000), 500);
	UK_EXPECT_EQ(uk_pvclock_ns(&p, 1000000 + 3000), 1500);
	/* Fifty years; the factor is 1 in 10^10 too high. */
	UK_EXPECT_EQ(uk_pvclock_ns(&p, 1000000 + UINT64_C(4730400000000000000)),
		     UINT64_C(1576800000183564179));
	p.shift = 2;
	p.mul = 0x80000000;
	UK_EXPECT_EQ(uk_pvclock_ns(&p, 1000000 + 10), 520);
}

UK_TEST(pvpage, ticks_until_a_time_are_the_fewest)
{
	static const uint64_t times[] = {
		1, 2, 3, 999, 1000000, 123456789012, UINT64_C(1) << 50,
	};
	struct uk_pvclock_page p = at_3_ghz;

	for (int shift = -3; shift <= 3; shift++) {
		/* What a shift to the right drops is not counted. */
		const uint64_t grain = shift < 0 ? 1u << -shift : 1;

		p.shift = (int8_t)shift;
		for (unsigned int i = 0; i < 7; i++) {
			const uint64_t n = uk_pvclock_ticks(&p, times[i]);

			UK_EXPECT_GE(uk_pvclock_ns(&p, p.tsc + n),
				     p.ns + times[i]);
			UK_EXPECT_LT(uk_pvclock_ns(&p, p.tsc + n - grain),
				     p.ns + times[i]);
		}
	}
	UK_EXPECT_EQ(uk_pvclock_ticks(&at_3_ghz, 0), 0);
	/* As the factor is a little too high: see above. */
	UK_EXPECT_EQ(uk_pvclock_ticks(&at_3_ghz, 1000000000), 3000000000);
}

UK_TEST(pvpage, more_ticks_than_a_counter_has_are_cut_off)
{
	struct uk_pvclock_page p = at_3_ghz;

	UK_EXPECT_EQ(uk_pvclock_ticks(&p, UINT64_MAX), UK_PVCLOCK_MAX_TICKS);
	p.mul = 1;
	p.shift = 0;
	UK_EXPECT_EQ(uk_pvclock_ticks(&p, 1000), UINT64_C(1000) << 32);
	UK_EXPECT_EQ(uk_pvclock_ticks(&p, 1u << 30), UK_PVCLOCK_MAX_TICKS);
	p.shift = -31;
	UK_EXPECT_EQ(uk_pvclock_ticks(&p, 1), UK_PVCLOCK_MAX_TICKS);
	UK_EXPECT_EQ(uk_pvclock_ticks(&p, 0), 0);
	p.mul = UINT32_MAX;
	p.shift = 31;
	UK_EXPECT_EQ(uk_pvclock_ticks(&p, 1), 1);
	/* A hypervisor that has taken its page back. */
	p.mul = 0;
	UK_EXPECT_EQ(uk_pvclock_ticks(&p, 1000), 0);
}

UK_TEST(pvpage, a_counter_before_the_moment_is_at_the_moment)
{
	UK_EXPECT_EQ(uk_pvclock_ns(&at_3_ghz, 999999), 500);
	UK_EXPECT_EQ(uk_pvclock_ns(&at_3_ghz, 0), 500);
}

/* A page that is written to while it is read: by call, so much of @version. */
static struct {
	struct uk_pvclock_page page;
	uint8_t steps[4];
	unsigned int asked;
} live;

static uint64_t live_ticks(void)
{
	const uint8_t step = live.steps[live.asked++];

	live.page.version += step;
	live.page.ns += step * 1000u;
	return 1000000;
}

static uint64_t read_live(uint32_t version, uint8_t first, uint8_t second)
{
	live.page = at_3_ghz;
	live.page.version = version;
	live.steps[0] = first;
	live.steps[1] = second;
	live.asked = 0;
	return uk_pvclock_read(&live.page, live_ticks);
}

UK_TEST(pvpage, a_page_that_was_written_meanwhile_is_read_again)
{
	UK_EXPECT_EQ(read_live(2, 0, 0), 500);
	UK_EXPECT_EQ(live.asked, 1);
	UK_EXPECT_EQ(read_live(2, 2, 0), 2500);
	UK_EXPECT_EQ(live.asked, 2);
	/* The version wraps. */
	UK_EXPECT_EQ(read_live(UINT32_MAX - 1, 2, 0), 2500);
	UK_EXPECT_EQ(live.asked, 2);
}

UK_TEST(pvpage, a_page_that_is_being_written_is_not_believed)
{
	UK_EXPECT_EQ(read_live(3, 1, 0), 1500);
	UK_EXPECT_EQ(live.asked, 2);
	UK_EXPECT_EQ(read_live(3, 0, 1), 1500);
	UK_EXPECT_EQ(live.asked, 3);
}

UK_TEST(pvpage, a_page_that_makes_no_sense_is_refused)
{
	struct uk_pvclock_page p = at_3_ghz;

	UK_EXPECT_EQ(uk_pvclock_check(&p), 0);
	p.version = 0;
	UK_EXPECT_EQ(uk_pvclock_check(&p), -EIO);
	p.version = 7;
	UK_EXPECT_EQ(uk_pvclock_check(&p), -EIO);
	p = at_3_ghz;
	p.mul = 0;
	UK_EXPECT_EQ(uk_pvclock_check(&p), -EIO);
	p = at_3_ghz;
	p.shift = 32;
	UK_EXPECT_EQ(uk_pvclock_check(&p), -EIO);
	p.shift = -128;
	UK_EXPECT_EQ(uk_pvclock_check(&p), -EIO);
}

UK_TEST(pvpage, the_date_is_that_of_the_start_and_the_time_since)
{
	struct uk_pvclock_wall w = { .version = 2, .sec = 4000000000u,
				  .nsec = 999999999 };
	uint64_t ns = 0;

	UK_EXPECT_EQ(uk_pvclock_date(&w, 2, &ns), 0);
	UK_EXPECT_EQ(ns, UINT64_C(4000000001000000001));
	w.version = 3;
	UK_EXPECT_EQ(uk_pvclock_date(&w, 2, &ns), -EIO);
	w.version = 0;
	UK_EXPECT_EQ(uk_pvclock_date(&w, 2, &ns), -EIO);
	w = (struct uk_pvclock_wall){ .version = 2, .nsec = 5 };
	UK_EXPECT_EQ(uk_pvclock_date(&w, 2, &ns), -EIO);
	w = (struct uk_pvclock_wall){ .version = 2, .sec = 1,
				   .nsec = 1000000000 };
	UK_EXPECT_EQ(uk_pvclock_date(&w, 2, &ns), -EIO);
	UK_EXPECT_EQ(ns, UINT64_C(4000000001000000001));
}
