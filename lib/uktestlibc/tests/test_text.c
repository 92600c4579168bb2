/* SPDX-License-Identifier: BSD-3-Clause */
/* Text: locale, numbers, sorting, options; and jumps. */
#include <errno.h>
#include <getopt.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <search.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include <uk/test.h>

UK_TEST(libc_text, the_locale_speaks_utf8)
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

static int by_value(const void *a, const void *b)
{
	return *(const int *)a < *(const int *)b ? -1 :
	       *(const int *)a > *(const int *)b;
}

UK_TEST(libc_text, qsort_and_bsearch_agree)
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

UK_TEST(libc_text, strtod_reads_the_nearest_number_and_tells_the_range)
{
	char *end;

	UK_EXPECT(strtod("3.1415926535897931", NULL) == 0x1.921fb54442d18p+1);
	UK_EXPECT(strtod("4.9e-324", NULL) == 0x1p-1074);
	errno = 0;
	UK_EXPECT(strtod("1e999", NULL) == __builtin_inf());
	UK_EXPECT_EQ(errno, ERANGE);
	UK_EXPECT(strtold("0x1.8p3tail", &end) == 12.0L);
	UK_EXPECT_STR_EQ(end, "tail");
	UK_EXPECT(strtold("-0.1", NULL) == -0.1L);
	UK_EXPECT(strtold("1e-4940", NULL) == 1e-4940L);
	UK_EXPECT(strtold("-inf", NULL) == -__builtin_infl());
	UK_EXPECT(__builtin_isnan(strtold("nan", NULL)));
	errno = 0;
	UK_EXPECT(strtold("1e5000", NULL) == __builtin_infl());
	UK_EXPECT_EQ(errno, ERANGE);
}

UK_TEST(libc_text, getopt_takes_short_and_long_options)
{
	static const struct option longs[] = {
		{ "size", required_argument, NULL, 's' }, { 0 },
	};
	static char words[4][16] = { "prog", "-v", "rest", "--size=12" };
	char *argv[] = { words[0], words[1], words[2], words[3], NULL };
	int seen = 0, opt;

	/* So both begin anew. */
	optind = 0;
	while ((opt = getopt_long(4, argv, "vs:", longs, NULL)) != -1) {
		if (opt == 's')
			UK_EXPECT_STR_EQ(optarg, "12");
		seen++;
	}
	UK_EXPECT_EQ(seen, 2);
	UK_EXPECT_STR_EQ(argv[optind], "rest");
}

UK_TEST(libc_text, a_calendar_date_survives_the_way_there_and_back)
{
	const time_t then = 1000000000;
	struct tm tm;
	char text[64];

	UK_EXPECT_NOT_NULL(gmtime_r(&then, &tm));
	UK_EXPECT_EQ(strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %a", &tm),
		     23);
	UK_EXPECT_STR_EQ(text, "2001-09-09 01:46:40 Sun");
	/* Where no zone is told of, local time is this one. */
	UK_EXPECT_EQ(mktime(&tm), then);
	UK_EXPECT_STR_EQ(asctime(&tm), "Sun Sep  9 01:46:40 2001\n");
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

UK_TEST(libc_text, longjmp_comes_back_to_setjmp_with_its_value)
{
	int came;

	steps = 0;
	came = setjmp(home);
	if (came == 0)
		leap(10);
	UK_EXPECT_EQ(came, 7);
	UK_EXPECT_EQ(steps, 11);
}

UK_TEST(libc_text, a_time_zone_is_the_environments)
{
	const time_t then = 1000000000;
	struct tm tm;

	UK_EXPECT_EQ(setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1), 0);
	tzset();
	UK_EXPECT_NOT_NULL(localtime_r(&then, &tm));
	UK_EXPECT_EQ(tm.tm_hour, 3);
	UK_EXPECT_EQ(tm.tm_isdst, 1);
	UK_EXPECT_EQ(mktime(&tm), then);
	UK_EXPECT_EQ(setenv("TZ", "UTC0", 1), 0);
	tzset();
	UK_EXPECT_NOT_NULL(localtime_r(&then, &tm));
	UK_EXPECT_EQ(tm.tm_hour, 1);
}

UK_TEST(libc_text, strptime_reads_what_strftime_writes)
{
	struct tm tm = { 0 };

	UK_EXPECT_NOT_NULL(strptime("2001-09-09 01:46:40", "%Y-%m-%d %T", &tm));
	UK_EXPECT_EQ(tm.tm_year, 101);
	UK_EXPECT_EQ(tm.tm_sec, 40);
	UK_EXPECT_NULL(strptime("2001-nn-09", "%Y-%m-%d", &tm));
}

UK_TEST(libc_text, whole_numbers_are_read_with_their_range)
{
	char *end;

	UK_EXPECT_EQ(strtol("-0x7fz", &end, 0), -127);
	UK_EXPECT_STR_EQ(end, "z");
	errno = 0;
	UK_EXPECT_EQ(strtol("9223372036854775808", NULL, 10), LONG_MAX);
	UK_EXPECT_EQ(errno, ERANGE);
	UK_EXPECT_EQ(strtoull("18446744073709551615", NULL, 10), ULLONG_MAX);
	UK_EXPECT_EQ(strtol("077", NULL, 0), 63);
	UK_EXPECT_EQ(atoi(" 42 "), 42);
}

UK_TEST(libc_text, rand_goes_the_same_way_from_the_same_seed)
{
	int a, b;

	srand(7);
	a = rand();
	b = rand();
	srand(7);
	UK_EXPECT_EQ(rand(), a);
	UK_EXPECT_EQ(rand(), b);
	UK_EXPECT_NE(a, b);
}

UK_TEST(libc_text, trees_and_tables_find_what_is_in_them)
{
	static char one[] = "one", two[] = "two", data[] = "some";
	ENTRY entry = { .key = strdup(one), .data = data }, *found;

	UK_EXPECT_NE(hcreate(10), 0);
	UK_EXPECT_NOT_NULL(hsearch(entry, ENTER));
	found = hsearch((ENTRY){ .key = one }, FIND);
	if (UK_EXPECT_NOT_NULL(found))
		UK_EXPECT_EQ(found->data, data);
	UK_EXPECT_NULL(hsearch((ENTRY){ .key = two }, FIND));
	hdestroy();
}
