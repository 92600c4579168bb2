/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * uktest tested by itself: runs over small tables of their own report into a
 * buffer, and the cases of this file look at what was reported.
 */
#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/crash.h>
#include <uk/string.h>
#include <uk/test.h>

#include "../uktest_priv.h"

static char report[2048];
static size_t report_len;

static void to_report(const char *text, size_t len)
{
	const size_t room = sizeof(report) - 1 - report_len;

	if (len > room)
		len = room;
	memcpy(report + report_len, text, len);
	report_len += len;
	report[report_len] = '\0';
}

static bool reported(const char *text)
{
	for (const char *p = report; *p; p++) {
		if (uk_strprefix(p, text))
			return true;
	}
	return false;
}

static unsigned int run(const struct uk_test_case *tests, size_t n,
			const char *filter)
{
	const struct uktest_conf conf = {
		.filter = filter,
		.out = to_report,
	};

	report_len = 0;
	report[0] = '\0';
	return uktest_run(tests, tests + n, &conf);
}

static unsigned int run_one(void (*fn)(void))
{
	const struct uk_test_case test = {
		.suite = "inner", .name = "it_is_so", .fn = fn,
	};

	return run(&test, 1, "");
}

static void passes(void)
{
	UK_EXPECT(true);
}

static void compares(void)
{
	const int minus = -1;
	const uint64_t big = UINT64_MAX;

	UK_EXPECT_EQ(minus, big);
	UK_EXPECT_EQ((unsigned char)200, 200L);
}

static void compares_order(void)
{
	UK_EXPECT_LT(-1, 1u);
	UK_EXPECT_LE(5, 5);
	UK_EXPECT_GT(UINT64_MAX, -1);
	UK_EXPECT_GE(INT64_MIN, INT64_MIN);
	UK_EXPECT_NE((char)'a', 'b');
	UK_EXPECT_GT(INT64_MIN, INT64_MAX);
}

static void differing_strings(void)
{
	UK_EXPECT_STR_EQ("same", "same");
	UK_EXPECT_STR_EQ(NULL, NULL);
	UK_EXPECT_STR_EQ("tab\there", "tab");
}

static void differing_bytes(void)
{
	static const char a[] = "0123456789", b[] = "01234x6789";

	UK_EXPECT_MEM_EQ(a, b, 5);
	UK_EXPECT_MEM_EQ(a, b, 10);
}

static void skips(void)
{
	UK_TEST_SKIP("no such device");
}

static void crash(void *arg)
{
	uk_crash("%s", (const char *)arg);
}

static void crashes(void)
{
	crash((void *)(uintptr_t)"inside");
}

static void nothing(void *arg)
{
	(void)arg;
}

static void expects_a_crash_in_vain(void)
{
	UK_EXPECT_CRASH(nothing, NULL);
}

UK_TEST(uktest, a_case_that_holds_is_reported_ok)
{
	UK_EXPECT_EQ(run_one(passes), 0);
	UK_EXPECT_STR_EQ(report, "1..1\n# run inner.it_is_so\n"
				 "ok 1 - inner: it is so\n");
}

UK_TEST(uktest, a_failed_comparison_prints_both_values)
{
	UK_EXPECT_EQ(run_one(compares), 1);
	UK_EXPECT(reported("expected minus == big\n"));
	UK_EXPECT(reported("minus is -1\n"));
	UK_EXPECT(reported("big is 18446744073709551615 "
			   "(0xffffffffffffffff)\n"));
	UK_EXPECT(!reported("200"));
	UK_EXPECT(reported("not ok 1 - inner: it is so\n"));
}

UK_TEST(uktest, integers_compare_by_value_not_by_conversion)
{
	UK_EXPECT_EQ(run_one(compares_order), 1);
	UK_EXPECT(reported("expected INT64_MIN > INT64_MAX\n"));
	UK_EXPECT(!reported(" < "));
	UK_EXPECT(!reported(" <= "));
	UK_EXPECT(!reported(" >= "));
	UK_EXPECT(!reported(" != "));
}

UK_TEST(uktest, differing_strings_are_shown_on_one_line)
{
	UK_EXPECT_EQ(run_one(differing_strings), 1);
	UK_EXPECT(reported("\"tab\\x09here\"\n"));
	UK_EXPECT(reported("\"tab\"\n"));
}

UK_TEST(uktest, differing_memory_is_shown_from_the_first_difference)
{
	UK_EXPECT_EQ(run_one(differing_bytes), 1);
	UK_EXPECT(reported("byte 5: 35 36 37 38 39\n"));
	UK_EXPECT(reported("byte 5: 78 36 37 38 39\n"));
}

UK_TEST(uktest, a_skipped_case_says_why_and_is_no_failure)
{
	UK_EXPECT_EQ(run_one(skips), 0);
	UK_EXPECT(reported("ok 1 - inner: it is so # SKIP no such device\n"));
}

UK_TEST(uktest, a_crash_fails_its_case_and_the_next_one_runs)
{
	const struct uk_test_case tests[] = {
		{ .suite = "inner", .name = "one", .fn = crashes },
		{ .suite = "inner", .name = "two", .fn = passes },
	};

	UK_EXPECT_EQ(run(tests, 2, ""), 1);
	UK_EXPECT(reported("#   crashed: inside\nnot ok 1 - inner: one\n"));
	UK_EXPECT(reported("ok 2 - inner: two\n"));
}

UK_TEST(uktest, an_expected_crash_tells_its_cause)
{
	char cause[] = "on purpose";

	UK_EXPECT_CRASH(crash, cause);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(), "on purpose");
}

UK_TEST(uktest, a_crash_that_does_not_come_is_a_failure)
{
	UK_EXPECT_EQ(run_one(expects_a_crash_in_vain), 1);
	UK_EXPECT(reported("expected nothing(NULL) crashes\n"));
}

UK_TEST(uktest, no_case_at_all_is_a_failure)
{
	const struct uk_test_case none = { .suite = "none" };

	UK_EXPECT_EQ(run(&none, 0, ""), 1);
	UK_EXPECT(reported("Bail out!"));
	UK_EXPECT_EQ(run_one(passes), 0);
}

UK_TEST(uktest, the_filter_picks_suites_and_names)
{
	const struct uk_test_case test = {
		.suite = "idpool", .name = "lowest_goes_first",
	};

	UK_EXPECT(uktest_selected("", &test));
	UK_EXPECT(uktest_selected("idpool", &test));
	UK_EXPECT(uktest_selected("id*", &test));
	UK_EXPECT(uktest_selected("idpool.lowest_goes_first", &test));
	UK_EXPECT(uktest_selected("idpool.*goes*", &test));
	UK_EXPECT(uktest_selected("?dpool.*t", &test));
	UK_EXPECT(uktest_selected("other,idpool.low*", &test));

	UK_EXPECT(!uktest_selected("idpoo", &test));
	UK_EXPECT(!uktest_selected("idpools", &test));
	UK_EXPECT(!uktest_selected("idpool.lowest", &test));
	UK_EXPECT(!uktest_selected("*.x*", &test));
	UK_EXPECT(!uktest_selected("other,idpool.high*", &test));
}

/* Not in a run of all: it is there to be stopped by a limit. */
UK_TEST(on_demand, a_case_that_takes_half_a_second)
{
	const uint64_t hz = ukarch_ticks_hz();
	const uint64_t since = ukarch_ticks();

	/* Where the rate is unknown: no counter of today's is faster. */
	while (ukarch_ticks() - since < (hz ? hz / 2 : UINT64_C(3000000000)))
		;
	UK_EXPECT(true);
}

UK_TEST(uktest, a_case_on_demand_runs_only_when_a_filter_picks_it)
{
	const struct uk_test_case tests[] = {
		{ .suite = "on_demand", .name = "slow", .fn = passes },
		{ .suite = "usual", .name = "fast", .fn = passes },
	};

	UK_EXPECT_EQ(run(tests, 2, ""), 0);
	UK_EXPECT(!reported("slow"));
	UK_EXPECT(reported("# run usual.fast\n"));
	UK_EXPECT_EQ(run(tests, 2, "on_demand"), 0);
	UK_EXPECT(reported("1..1\n# run on_demand.slow\n"));
}
