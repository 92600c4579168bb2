/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/fmt.h>

#include <limits.h>
#include <stdint.h>

#include <uk/errno.h>
#include <uk/string.h>
#include <uk/test.h>

static char buf[128];

/*
 * Format, and check the text and the length. Not UK_PRINTF: what is odd on
 * purpose is tested too.
 */
static void expect(const char *want, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = uk_vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	UK_EXPECT_STR_EQ(buf, want);
	UK_EXPECT_EQ(len, (int)uk_strlen(want));
}

/* Only the result, of formatting to nowhere. */
static int result(const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = uk_vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	return len;
}

UK_TEST(ukfmt, plain_text_passes_unchanged)
{
	expect("", "");
	expect("kiln", "kiln");
	expect("100%", "100%%");
	expect("%a%", "%%a%%");
	expect("a1b2c", "a%db%dc", 1, 2);
}

UK_TEST(ukfmt, decimal_integers_of_every_length)
{
	expect("0", "%d", 0);
	expect("-2147483648", "%d", INT_MIN);
	expect("2147483647", "%i", INT_MAX);
	expect("4294967295", "%u", UINT_MAX);
	expect("-9223372036854775808", "%ld", LONG_MIN);
	expect("9223372036854775807", "%lld", LLONG_MAX);
	expect("18446744073709551615", "%llu", ULLONG_MAX);
	expect("18446744073709551615", "%ju", UINTMAX_MAX);
	expect("18446744073709551615", "%zu", SIZE_MAX);
	expect("-1", "%zd", (size_t)-1);
	expect("-1", "%td", (ptrdiff_t)-1);
	expect("-1", "%hd", 0xffff);
	expect("-1", "%hhd", 0xff);
	expect("255", "%hhu", -1);
	expect("65535", "%hu", -1);
}

UK_TEST(ukfmt, octal_and_hexadecimal_with_their_alternate_form)
{
	expect("777", "%o", 0777);
	expect("0777", "%#o", 0777);
	expect("0", "%#o", 0);
	expect("0", "%#.0o", 0);
	expect("00777", "%#.5o", 0777);
	expect("1777777777777777777777", "%lo", ULONG_MAX);
	expect("01777777777777777777777", "%#lo", ULONG_MAX);
	expect("beef", "%x", 0xbeef);
	expect("BEEF", "%X", 0xbeef);
	expect("0xbeef", "%#x", 0xbeef);
	expect("0XBEEF", "%#X", 0xbeef);
	expect("0", "%#x", 0);
	expect("0x000000beef", "%#012x", 0xbeef);
	expect("ffffffffffffffff", "%lx", ULONG_MAX);
}

UK_TEST(ukfmt, width_and_flags_place_the_number)
{
	expect("   42", "%5d", 42);
	expect("42   ", "%-5d", 42);
	expect("00042", "%05d", 42);
	expect("-0042", "%05d", -42);
	expect("42   ", "%-05d", 42);
	expect("+42", "%+d", 42);
	expect("-42", "%+d", -42);
	expect(" 42", "% d", 42);
	expect("+42", "% +d", 42);
	expect("+0042", "%+05d", 42);
	expect("42", "%+u", 42);
	expect("1234567", "%'d", 1234567);
	expect("123456", "%3d", 123456);
}

UK_TEST(ukfmt, precision_is_the_least_number_of_digits)
{
	expect("00042", "%.5d", 42);
	expect("-00042", "%.5d", -42);
	expect("   00042", "%8.5d", 42);
	expect("00042   ", "%-8.5d", 42);
	expect("   00042", "%08.5d", 42);
	expect("   42", "%05.0d", 42);
	expect("", "%.0d", 0);
	expect("", "%.d", 0);
	expect("  ", "%2.0x", 0);
	expect("+", "%+.0d", 0);
	expect("1", "%.0d", 1);
	expect("0x00ff", "%#.4x", 255);
	expect("0000000000000000000000000000000000000001", "%.40d", 1);
}

UK_TEST(ukfmt, width_and_precision_may_be_arguments)
{
	expect("   42", "%*d", 5, 42);
	expect("42   ", "%*d", -5, 42);
	expect("  042", "%*.*d", 5, 3, 42);
	expect("42", "%.*d", -1, 42);
	expect("00042", "%0*d", 5, 42);
	expect("ki", "%.*s", 2, "kiln");
	expect("kiln", "%.*s", -2, "kiln");
}

UK_TEST(ukfmt, strings_characters_and_pointers)
{
	static const char no_nul[3] = { 'a', 'b', 'c' };

	expect("kiln", "%s", "kiln");
	expect("  kiln", "%6s", "kiln");
	expect("kiln  ", "%-6s", "kiln");
	expect("  kiln", "%06s", "kiln");
	expect("", "%s", "");
	expect("   ", "%3s", "");
	expect("abc", "%.3s", no_nul);
	expect("", "%.0s", "kiln");
	expect("", "%.s", "kiln");
	expect("(null)", "%s", (char *)NULL);
	expect("x", "%c", 'x');
	expect("  x", "%3c", 'x');
	expect("x  ", "%-3c", 'x');
	expect("0x0", "%p", (void *)NULL);
	expect("0xffffffff80100000", "%p", (void *)0xffffffff80100000);
	expect("      0x10", "%10p", (void *)16);
}

UK_TEST(ukfmt, a_nul_character_is_text_like_any_other)
{
	UK_EXPECT_EQ(uk_snprintf(buf, sizeof(buf), "a%cb", '\0'), 3);
	UK_EXPECT_MEM_EQ(buf, "a\0b", 4);
}

UK_TEST(ukfmt, a_short_buffer_gets_the_head_and_the_result_the_length)
{
	char small[4] = "###";

	UK_EXPECT_EQ(uk_snprintf(small, sizeof(small), "%d", 12345), 5);
	UK_EXPECT_STR_EQ(small, "123");
	UK_EXPECT_EQ(uk_snprintf(small, 1, "%s", "abc"), 3);
	UK_EXPECT_STR_EQ(small, "");
	small[0] = '#';
	UK_EXPECT_EQ(uk_snprintf(small, 0, "%s", "abc"), 3);
	UK_EXPECT_EQ(small[0], '#');
	UK_EXPECT_EQ(uk_snprintf(NULL, 0, "%100d", 1), 100);
	UK_EXPECT_EQ(uk_snprintf(small, sizeof(small), "%s", "abc"), 3);
	UK_EXPECT_STR_EQ(small, "abc");
}

UK_TEST(ukfmt, what_it_does_not_know_is_refused)
{
	static const char *const bad[] = {
		"%", "%5", "%.", "%l", "%-", "%n", "%hhn", "%f", "%Lf", "%a",
		"%ls", "%lc", "%Ld", "%k", "%!", "%lk", "% ", "%l%", "%S",
	};
	int place = 0;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		UK_EXPECT_EQ(result(bad[i], &place), -EINVAL);
	UK_EXPECT_EQ(place, 0);
}

UK_TEST(ukfmt, what_came_before_an_error_is_in_the_buffer)
{
	const char *odd = "cd%k";

	buf[0] = '#';
	UK_EXPECT_EQ(uk_snprintf(buf, sizeof(buf), odd, 0), -EINVAL);
	UK_EXPECT_STR_EQ(buf, "cd");
}

UK_TEST(ukfmt, a_result_above_int_max_is_an_overflow)
{
	UK_EXPECT_EQ(result("%2147483648d", 1), -EOVERFLOW);
	UK_EXPECT_EQ(result("%99999999999999999999d", 1), -EOVERFLOW);
	UK_EXPECT_EQ(result("%.2147483648d", 1), -EOVERFLOW);
	UK_EXPECT_EQ(result("%*d", INT_MIN, 1), -EOVERFLOW);
	UK_EXPECT_EQ(result("x%2147483647d", 1), -EOVERFLOW);
	UK_EXPECT_EQ(result("x%.2147483647d", 1), -EOVERFLOW);
	UK_EXPECT_EQ(result("%.2147483647d", -1), -EOVERFLOW);
	UK_EXPECT_EQ(result("%9s%2147483639s", "x", "y"), -EOVERFLOW);
}

/* Counts calls of put and ends the formatting at the third. */
struct counter {
	struct uk_fmt_out out;
	int calls;
};

static int count(struct uk_fmt_out *out, const char *text, size_t len)
{
	struct counter *c = (struct counter *)(void *)out;

	(void)text;
	UK_EXPECT_NE(len, 0);
	return ++c->calls == 3 ? -EIO : 0;
}

static int run_counter(struct counter *c, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = uk_vfmt(&c->out, fmt, &ap, NULL);
	va_end(ap);
	return rc;
}

UK_TEST(ukfmt, an_error_of_the_output_ends_the_formatting)
{
	struct counter c = { .out = { .put = count } };

	UK_EXPECT_EQ(run_counter(&c, "a%sb%sc%sd", "x", "y", "z"), -EIO);
	UK_EXPECT_EQ(c.calls, 3);
}

UK_TEST(ukfmt, plain_runs_and_plain_numbers_cost_one_call_each)
{
	struct counter c = { .out = { .put = count } };

	UK_EXPECT_EQ(run_counter(&c, "some long text %d", 123456), 21);
	UK_EXPECT_EQ(c.calls, 2);
}
