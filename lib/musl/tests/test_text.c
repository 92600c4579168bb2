/* SPDX-License-Identifier: BSD-3-Clause */
/* Text: locale, numbers, sorting, options. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include <uk/test.h>

UK_TEST(musl_text, the_locale_speaks_utf8)
{
	wchar_t wc = 0;

	UK_EXPECT_NOT_NULL(setlocale(LC_ALL, "C.UTF-8"));
	UK_EXPECT_STR_EQ(nl_langinfo(CODESET), "UTF-8");
	UK_EXPECT_EQ(mbtowc(&wc, "\xe2\x82\xac", 3), 3);
	UK_EXPECT_EQ(wc, 0x20ac);
	UK_EXPECT_EQ(towupper(0xe4), 0xc4);
	UK_EXPECT(iswalpha(0x3b1));
	UK_EXPECT_STR_EQ(setlocale(LC_ALL, "C"), "C");
}

UK_TEST(musl_text, each_thread_may_have_a_locale)
{
	locale_t l = newlocale(LC_ALL_MASK, "C", 0);

	if (!UK_EXPECT_NOT_NULL(l))
		return;
	UK_EXPECT_EQ(toupper_l('a', l), 'A');
	UK_EXPECT_EQ(uselocale(l), LC_GLOBAL_LOCALE);
	UK_EXPECT_EQ(uselocale(LC_GLOBAL_LOCALE), l);
	freelocale(l);
}

static int by_value(const void *a, const void *b)
{
	return *(const int *)a < *(const int *)b ? -1 :
	       *(const int *)a > *(const int *)b;
}

UK_TEST(musl_text, qsort_and_bsearch_agree)
{
	int v[500], key = 250;
	int *found;

	for (int i = 0; i < 500; i++)
		v[i] = i * 7919 % 500;
	qsort(v, 500, sizeof(v[0]), by_value);
	for (int i = 1; i < 500; i++)
		UK_EXPECT_LE(v[i - 1], v[i]);
	found = bsearch(&key, v, 500, sizeof(v[0]), by_value);
	if (UK_EXPECT_NOT_NULL(found))
		UK_EXPECT_EQ(*found, 250);
}

UK_TEST(musl_text, strtod_reads_the_nearest_number_and_tells_the_range)
{
	char *end;

	UK_EXPECT(strtod("3.1415926535897931", NULL) == 0x1.921fb54442d18p+1);
	UK_EXPECT(strtod("4.9e-324", NULL) == 0x1p-1074);
	errno = 0;
	UK_EXPECT(strtod("1e999", NULL) == __builtin_inf());
	UK_EXPECT_EQ(errno, ERANGE);
	UK_EXPECT(strtold("0x1.8p3tail", &end) == 12.0L);
	UK_EXPECT_STR_EQ(end, "tail");
}

UK_TEST(musl_text, getopt_takes_short_and_long_options)
{
	static const struct option longs[] = {
		{ "size", required_argument, NULL, 's' }, { 0 },
	};
	static char words[4][16] = { "prog", "-v", "rest", "--size=12" };
	char *argv[] = { words[0], words[1], words[2], words[3], NULL };
	int seen = 0, opt;

	optind = 1;
	while ((opt = getopt_long(4, argv, "vs:", longs, NULL)) != -1) {
		if (opt == 's')
			UK_EXPECT_STR_EQ(optarg, "12");
		seen++;
	}
	UK_EXPECT_EQ(seen, 2);
	UK_EXPECT_STR_EQ(argv[optind], "rest");
}

UK_TEST(musl_text, a_calendar_date_survives_the_way_there_and_back)
{
	const time_t then = 1000000000;
	struct tm tm;
	char text[64];

	UK_EXPECT_NOT_NULL(gmtime_r(&then, &tm));
	UK_EXPECT_EQ(strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %a", &tm),
		     23);
	UK_EXPECT_STR_EQ(text, "2001-09-09 01:46:40 Sun");
	UK_EXPECT_EQ(timegm(&tm), then);
}

static jmp_buf home;
static volatile int steps;

__attribute__((__noinline__)) static void leap(int n)
{
	steps++;
	if (n == 0)
		longjmp(home, 7);
	leap(n - 1);
	steps = -1;
}

UK_TEST(musl_text, longjmp_comes_back_to_setjmp_with_its_value)
{
	int came;

	steps = 0;
	came = setjmp(home);
	if (came == 0)
		leap(10);
	UK_EXPECT_EQ(came, 7);
	UK_EXPECT_EQ(steps, 11);
}
