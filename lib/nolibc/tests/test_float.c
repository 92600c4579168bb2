/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Expected texts and values are those of another libc (glibc 2.36), written
 * down once. support/tests/hosted/glibc compares far more, at random.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uk/test.h>

static const struct {
	const char *fmt;
	double val;
	const char *text;
} printed[] = {
	{ "%f", 0x0p+0, "0.000000" },
	{ "%.0e", 0x0p+0, "0e+00" },
	{ "%.17g", 0x0p+0, "0" },
	{ "%-12.1e|", 0x0p+0, "0.0e+00     |" },
	{ "% g", 0x0p+0, " 0" },
	{ "%.0f", -0x0p+0, "-0" },
	{ "%.17e", -0x0p+0, "-0.00000000000000000e+00" },
	{ "%a", -0x0p+0, "-0x0p+0" },
	{ "%#.0f", -0x0p+0, "-0." },
	{ "%.3f", 0x1p+0, "1.000" },
	{ "%g", 0x1p+0, "1" },
	{ "%.2a", 0x1p+0, "0x1.00p+0" },
	{ "%G", 0x1p+0, "1" },
	{ "%e", 0x1.999999999999ap-4, "1.000000e-01" },
	{ "%.3g", 0x1.999999999999ap-4, "0.1" },
	{ "%+012.3f", 0x1.999999999999ap-4, "+0000000.100" },
	{ "%A", 0x1.999999999999ap-4, "0X1.999999999999AP-4" },
	{ "%f", 0x1p-1, "0.500000" },
	{ "%.0e", 0x1p-1, "5e-01" },
	{ "%.17g", 0x1p-1, "0.5" },
	{ "%-12.1e|", 0x1p-1, "5.0e-01     |" },
	{ "% g", 0x1p-1, " 0.5" },
	{ "%.0f", 0x1.8p+0, "2" },
	{ "%.17e", 0x1.8p+0, "1.50000000000000000e+00" },
	{ "%a", 0x1.8p+0, "0x1.8p+0" },
	{ "%#.0f", 0x1.8p+0, "2." },
	{ "%.3f", 0x1.4p+1, "2.500" },
	{ "%g", 0x1.4p+1, "2.5" },
	{ "%.2a", 0x1.4p+1, "0x1.40p+1" },
	{ "%G", 0x1.4p+1, "2.5" },
	{ "%e", 0x1.d6f34548p+26, "1.234568e+08" },
	{ "%.3g", 0x1.d6f34548p+26, "1.23e+08" },
	{ "%+012.3f", 0x1.d6f34548p+26, "+123456789.125" },
	{ "%A", 0x1.d6f34548p+26, "0X1.D6F34548P+26" },
	{ "%f", 0x1.0f0cf064dd592p+73, "10000000000000000000000.000000" },
	{ "%.0e", 0x1.0f0cf064dd592p+73, "1e+22" },
	{ "%.17g", 0x1.0f0cf064dd592p+73, "1e+22" },
	{ "%-12.1e|", 0x1.0f0cf064dd592p+73, "1.0e+22     |" },
	{ "% g", 0x1.0f0cf064dd592p+73, " 1e+22" },
	{ "%.0f", 0x1.52d02c7e14af6p+76, "99999999999999991611392" },
	{ "%.17e", 0x1.52d02c7e14af6p+76, "9.99999999999999916e+22" },
	{ "%a", 0x1.52d02c7e14af6p+76, "0x1.52d02c7e14af6p+76" },
	{ "%#.0f", 0x1.52d02c7e14af6p+76, "99999999999999991611392." },
	{ "%.3f", 0x1.3fd70a3d70a3dp+3, "9.995" },
	{ "%g", 0x1.3fd70a3d70a3dp+3, "9.995" },
	{ "%.2a", 0x1.3fd70a3d70a3dp+3, "0x1.40p+3" },
	{ "%G", 0x1.3fd70a3d70a3dp+3, "9.995" },
	{ "%e", 0x1.a36e2eb1c432dp-14, "1.000000e-04" },
	{ "%.3g", 0x1.a36e2eb1c432dp-14, "0.0001" },
	{ "%+012.3f", 0x1.a36e2eb1c432dp-14, "+0000000.000" },
	{ "%A", 0x1.a36e2eb1c432dp-14, "0X1.A36E2EB1C432DP-14" },
	{ "%f", 0x1.9e0fcaf9380fcp-17, "0.000012" },
	{ "%.0e", 0x1.9e0fcaf9380fcp-17, "1e-05" },
	{ "%.17g", 0x1.9e0fcaf9380fcp-17, "1.234e-05" },
	{ "%-12.1e|", 0x1.9e0fcaf9380fcp-17, "1.2e-05     |" },
	{ "% g", 0x1.9e0fcaf9380fcp-17, " 1.234e-05" },
	{ "%.0f", 0x1.869ff33333333p+16, "100000" },
	{ "%.17e", 0x1.869ff33333333p+16, "9.99999499999999971e+04" },
	{ "%a", 0x1.869ff33333333p+16, "0x1.869ff33333333p+16" },
	{ "%#.0f", 0x1.869ff33333333p+16, "100000." },
	{ "%.3f", 0x0.0000000000001p-1022, "0.000" },
	{ "%g", 0x0.0000000000001p-1022, "4.94066e-324" },
	{ "%G", 0x0.0000000000001p-1022, "4.94066E-324" },
	{ "%e", 0x1p-1022, "2.225074e-308" },
	{ "%.3g", 0x1p-1022, "2.23e-308" },
	{ "%+012.3f", 0x1p-1022, "+0000000.000" },
	{ "%.0e", 0x1.fffffffffffffp+1023, "2e+308" },
	{ "%.17g", 0x1.fffffffffffffp+1023, "1.7976931348623157e+308" },
	{ "%-12.1e|", 0x1.fffffffffffffp+1023, "1.8e+308    |" },
	{ "% g", 0x1.fffffffffffffp+1023, " 1.79769e+308" },
	{ "%.0f", 0x1.921fb54442d18p+1, "3" },
	{ "%.17e", 0x1.921fb54442d18p+1, "3.14159265358979312e+00" },
	{ "%a", 0x1.921fb54442d18p+1, "0x1.921fb54442d18p+1" },
	{ "%#.0f", 0x1.921fb54442d18p+1, "3." },
};

UK_TEST(nolibc_float, printf_of_double_gives_the_digits_known)
{
	char buf[400];

	for (size_t i = 0; i < sizeof(printed) / sizeof(printed[0]); i++) {
		const int len = snprintf(buf, sizeof(buf), printed[i].fmt,
					 printed[i].val);

		UK_EXPECT_STR_EQ(buf, printed[i].text);
		UK_EXPECT_EQ(len, strlen(printed[i].text));
	}
}

UK_TEST(nolibc_float, infinity_and_nan_are_words_padded_with_blanks)
{
	char buf[40];

	snprintf(buf, sizeof(buf), "%f|%08.2f|%-6e|%+G", __builtin_inf(),
		 -__builtin_inf(), __builtin_inf(), __builtin_inf());
	UK_EXPECT_STR_EQ(buf, "inf|    -inf|inf   |+INF");
	snprintf(buf, sizeof(buf), "%5f|%A", __builtin_nan(""),
		 __builtin_nan(""));
	UK_EXPECT_STR_EQ(buf, "  nan|NAN");
}

UK_TEST(nolibc_float, flag_hash_keeps_the_zeros_when_rounding_adds_a_digit)
{
	char buf[40];

	snprintf(buf, sizeof(buf), "%#.2g %#.3g %#g", 99.9, 1.0, 0.5);
	UK_EXPECT_STR_EQ(buf, "1.0e+02 1.00 0.500000");
}

UK_TEST(nolibc_float, the_largest_and_the_smallest_double_print_exactly)
{
	static char buf[1200];
	int len;

	len = snprintf(buf, sizeof(buf), "%f", 0x1.fffffffffffffp+1023);
	UK_EXPECT_EQ(len, 316);
	UK_EXPECT_EQ(strncmp(buf, "17976931348623157081452742373170", 32), 0);
	UK_EXPECT_STR_EQ(buf + 300, "124858368.000000");
	len = snprintf(buf, sizeof(buf), "%.1074f", 0x1p-1074);
	UK_EXPECT_EQ(len, 1076);
	UK_EXPECT_EQ(strspn(buf + 2, "0"), 323);
	UK_EXPECT_EQ(strncmp(buf + 325, "494065645841246544176568792868", 30),
		     0);
	UK_EXPECT_STR_EQ(buf + 1066, "3447265625");
}

UK_TEST(nolibc_float, a_precision_beyond_all_digits_is_filled_with_zeros)
{
	static char buf[3000];

	UK_EXPECT_EQ(snprintf(buf, sizeof(buf), "%.2000f", 0.5), 2002);
	UK_EXPECT_EQ(strspn(buf + 3, "0"), 1999);
	UK_EXPECT_EQ(snprintf(buf, sizeof(buf), "%.40a", 1.5), 47);
	UK_EXPECT_STR_EQ(buf + 37, "0000000p+0");
	UK_EXPECT_EQ(snprintf(NULL, 0, "%.1000000f", 0.1), 1000002);
}

/* A function of its own, or the compiler warns. */
__attribute__((noinline))
static int length(const char *fmt, double val)
{
	return snprintf(NULL, 0, fmt, val);
}

UK_TEST(nolibc_float, a_text_longer_than_int_is_an_error)
{
	errno = 0;
	UK_EXPECT_EQ(length("%.2147483647f", 1.0), -1);
	UK_EXPECT_EQ(errno, EOVERFLOW);
	UK_EXPECT_EQ(length("%#.2147483647g", 1e-4), -1);
	UK_EXPECT_EQ(length("%.2147483647a", 1.0), -1);
	UK_EXPECT_EQ(length("%.2147483647e", 1.0), -1);
}

UK_TEST(nolibc_float, long_double_prints_with_its_own_range)
{
	char buf[64];

	snprintf(buf, sizeof(buf), "%.4Lf %Lg %.10Le", 0.25l, 1e4000l,
		 -3e-4000l);
	UK_EXPECT_STR_EQ(buf, "0.2500 1e+4000 -3.0000000000e-4000");
	snprintf(buf, sizeof(buf), "%La %.1La", 1.5l, 0x1.08p-16400l);
	UK_EXPECT_STR_EQ(buf, "0x1.8p+0 0x1.0p-16400");
}

static const struct {
	const char *str;
	double val;
	int err;
	unsigned int rest;	/* bytes not taken */
} read[] = {
	{ "0", 0, 0, 0 },
	{ "1", 1, 0, 0 },
	{ " \t\n12.5x", 12.5, 0, 1 },
	{ "+.5", .5, 0, 0 },
	{ "5.", 5, 0, 0 },
	{ "1e3", 1000, 0, 0 },
	{ "1e+", 1, 0, 2 },
	{ "1e", 1, 0, 1 },
	{ "0.1", 0x1.999999999999ap-4, 0, 0 },
	{ "1e23", 0x1.52d02c7e14af6p+76, 0, 0 },
	{ "9007199254740993", 0x1p+53, 0, 0 },
	{ "9007199254740993.0000000000000000000000001", 0x1.0000000000001p+53,
	  0, 0 },
	{ "9007199254740995", 0x1.0000000000002p+53, 0, 0 },
	{ "2.2250738585072011e-308", 0x0.fffffffffffffp-1022, ERANGE, 0 },
	{ "2.2250738585072012e-308", 0x1p-1022, 0, 0 },
	{ "4.9406564584124654e-324", 0x1p-1074, ERANGE, 0 },
	{ "2.4703282292062327e-324", 0, ERANGE, 0 },
	{ "2.4703282292062328e-324", 0x1p-1074, ERANGE, 0 },
	{ "1.7976931348623157e308", 0x1.fffffffffffffp+1023, 0, 0 },
	{ "1.7976931348623158e308", 0x1.fffffffffffffp+1023, 0, 0 },
	{ "1.7976931348623159e308", __builtin_inf(), ERANGE, 0 },
	{ "1e400", __builtin_inf(), ERANGE, 0 },
	{ "-1e99999999999999999999", -__builtin_inf(), ERANGE, 0 },
	{ "1e-99999999999999999999", 0, ERANGE, 0 },
	{ "0e99999999999999999999", 0, 0, 0 },
	{ "0x1.8p1", 3, 0, 0 },
	{ "0x", 0, 0, 1 },
	{ "0x.p1", 0, 0, 4 },
	{ "0x1p-1074", 0x1p-1074, 0, 0 },
	{ "0x1.00000000000008p0", 1, 0, 0 },
	{ "0x1.000000000000080000000000000000000000000000000001p0",
	  0x1.0000000000001p0, 0, 0 },
	{ "inf", __builtin_inf(), 0, 0 },
	{ "-INFINITYx", -__builtin_inf(), 0, 1 },
	{ "infinit", __builtin_inf(), 0, 4 },
	{ "", 0, 0, 0 },
	{ "  x", 0, 0, 3 },
	{ "+-1", 0, 0, 3 },
	{ ".", 0, 0, 1 },
	{ ".e1", 0, 0, 3 },
};

UK_TEST(nolibc_float, strtod_rounds_exactly_and_says_what_it_took)
{
	for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++) {
		char *end;
		double val;

		errno = 0;
		val = strtod(read[i].str, &end);
		UK_EXPECT(memcmp(&val, &read[i].val, sizeof(val)) == 0);
		UK_EXPECT_EQ(errno, read[i].err);
		UK_EXPECT_EQ(strlen(end), read[i].rest);
	}
}

UK_TEST(nolibc_float, strtod_reads_nan_with_and_without_letters)
{
	char *end;

	UK_EXPECT(strtod("nan(12_x)!", &end) != strtod("nan", NULL));
	UK_EXPECT_STR_EQ(end, "!");
	strtod("NAN(-)", &end);
	UK_EXPECT_STR_EQ(end, "(-)");
	UK_EXPECT(strtod("-nan", NULL) != 0);
}

UK_TEST(nolibc_float, a_digit_after_hundreds_of_others_still_decides)
{
	static char str[1200];
	char *end;

	/* 1 + 2^-53 in full, between 1 and the next value. */
	strcpy(str, "1.00000000000000011102230246251565404236316680908203125");
	UK_EXPECT(strtod(str, NULL) == 1);
	memset(str + strlen(str), '0', 1000);
	UK_EXPECT(strtod(str, NULL) == 1);
	strcpy(str + strlen(str), "1");
	UK_EXPECT(strtod(str, &end) == 0x1.0000000000001p0);
	UK_EXPECT_EQ(*end, 0);
}

UK_TEST(nolibc_float, many_zeros_and_an_exponent_cancel_out)
{
	static char str[3100];

	memset(str, '0', 3000);
	str[1] = '.';
	strcpy(str + 3000, "1e3000");
	UK_EXPECT(strtod(str, NULL) == 10);
	str[0] = '1';
	memset(str + 1, '0', 2999);
	strcpy(str + 3000, "e-2999");
	UK_EXPECT(strtod(str, NULL) == 1);
}

UK_TEST(nolibc_float, strtof_and_strtold_round_for_their_own_type)
{
	errno = 0;
	UK_EXPECT(strtof("16777217", NULL) == 0x1p24f);
	UK_EXPECT(strtof("16777217.00000000000000000000000001", NULL) ==
		  0x1.000002p24f);
	UK_EXPECT_EQ(errno, 0);
	UK_EXPECT(strtof("3.5e38", NULL) == __builtin_inff());
	UK_EXPECT_EQ(errno, ERANGE);
	UK_EXPECT(strtold("0.1", NULL) == 0.1l);
	UK_EXPECT(strtold("1.23456789012345678901234567890123e-4900", NULL) ==
		  1.23456789012345678901234567890123e-4900l);
	UK_EXPECT(atof("-2.5") == -2.5);
}

UK_TEST(nolibc_float, scanf_stores_each_type_of_floating_point)
{
	float f = 0;
	double d = 0;
	long double l = 0;

	UK_EXPECT_EQ(sscanf("1.5 -2.5e2x.125", "%f%lfx%Lf", &f, &d, &l), 3);
	UK_EXPECT(f == 1.5f && d == -250 && l == .125l);
	UK_EXPECT_EQ(sscanf("123.5", "%3lf%f", &d, &f), 2);
	UK_EXPECT(d == 123 && f == .5f);
	UK_EXPECT_EQ(sscanf("1e+x", "%lf", &d), 0);
	UK_EXPECT_EQ(sscanf("", "%lf", &d), EOF);
}

UK_TEST(nolibc_float, print_and_read_are_inverse_for_random_doubles)
{
	unsigned int seed = 7;
	char buf[40];

	for (int i = 0; i < 2000; i++) {
		uint64_t bits = (uint64_t)rand_r(&seed) << 33 ^
				(uint64_t)rand_r(&seed) << 11 ^
				(uint64_t)rand_r(&seed);
		double val, back;

		if ((bits >> 52 & 0x7ff) == 0x7ff)
			continue;
		memcpy(&val, &bits, sizeof(val));
		snprintf(buf, sizeof(buf), "%.17g", val);
		back = strtod(buf, NULL);
		if (memcmp(&val, &back, sizeof(val)) != 0)
			UK_EXPECT_STR_EQ(buf, "a number that comes back");
		snprintf(buf, sizeof(buf), "%a", val);
		back = strtod(buf, NULL);
		if (memcmp(&val, &back, sizeof(val)) != 0)
			UK_EXPECT_STR_EQ(buf, "a number that comes back");
	}
}
