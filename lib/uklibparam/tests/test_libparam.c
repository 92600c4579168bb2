/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/libparam_parse.h>

#include <stddef.h>

#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

static int8_t s8v;
static uint8_t u8v;
static uint16_t u16v;
static int32_t s32v;
static int64_t s64v;
static uint64_t u64v;
static bool boolv;
static const char *strv;
static uint16_t arr[3];
static uint32_t narr;
static const char *strs[2];
static uint32_t nstrs;

#define PARAM(prefix_, name_, type_, var_)				\
	{ .prefix = prefix_, .name = name_, .help = "Help of " name_,	\
	  .var = var_, .type = UK_LIBPARAM_##type_ }

static const struct uk_libparam params[] = {
	PARAM("libone", "s8", s8, &s8v),
	PARAM("libone", "u8", u8, &u8v),
	PARAM("libone", "u16", u16, &u16v),
	PARAM("libone", "s32", s32, &s32v),
	PARAM("libone", "s64", s64, &s64v),
	PARAM("libone", "u64", u64, &u64v),
	{ .prefix = "two", .name = "flag", .help = "Help", .var = &boolv,
	  .type = UK_LIBPARAM_bool },
	PARAM("two", "text", str, &strv),
	{ .prefix = "two", .name = "nums", .help = "Numbers", .var = arr,
	  .count = &narr, .max = 3, .type = UK_LIBPARAM_u16 },
	{ .prefix = "two", .name = "strs", .help = "Strings", .var = strs,
	  .count = &nstrs, .max = 2, .type = UK_LIBPARAM_str },
	{ .prefix = "two", .name = "string", .help = "text", .var = &strv,
	  .type = UK_LIBPARAM_str, .alias = 1 },
};

static const struct uk_libparam_table table = {
	.first = params, .count = UK_ARRAY_SIZE(params),
};

#define MAX_WORDS	16

static char copies[MAX_WORDS][48];
static char *argv[MAX_WORDS + 1];
static int argc;

/* Parse the words at @words, up to NULL, after an argv[0]. */
static enum uk_libparam_result parse(const char *const *words)
{
	argc = 1;
	argv[0] = copies[0];
	(void)uk_strlcpy(copies[0], "app", sizeof(copies[0]));
	for (; *words; words++, argc++) {
		(void)uk_strlcpy(copies[argc], *words, sizeof(copies[0]));
		argv[argc] = copies[argc];
	}
	argv[argc] = NULL;
	return uk_libparam_parse(&table, &argc, argv);
}

#define PARSE(...)	parse((const char *const[]){ __VA_ARGS__, NULL })

UK_TEST(libparam, integers_take_decimal_hexadecimal_and_octal)
{
	UK_EXPECT_EQ(PARSE("one.u8=255", "one.s8=-128", "one.u16=0xffff",
			   "one.s32=-0x80000000", "one.s64=+010"),
		     UK_LIBPARAM_OK);
	UK_EXPECT_EQ(u8v, 255);
	UK_EXPECT_EQ(s8v, -128);
	UK_EXPECT_EQ(u16v, 0xffff);
	UK_EXPECT_EQ(s32v, INT32_MIN);
	UK_EXPECT_EQ(s64v, 8);
	UK_EXPECT_EQ(argc, 1);
	UK_EXPECT_NULL(argv[1]);

	UK_EXPECT_EQ(PARSE("one.s64=-9223372036854775808",
			   "one.u64=18446744073709551615", "one.s8=127"),
		     UK_LIBPARAM_OK);
	UK_EXPECT_EQ(s64v, INT64_MIN);
	UK_EXPECT_EQ(u64v, UINT64_MAX);
	UK_EXPECT_EQ(s8v, 127);
}

UK_TEST(libparam, values_beyond_the_type_are_refused)
{
	static const char *const bad[] = {
		"one.u8=256", "one.u8=-1", "one.s8=128", "one.s8=-129",
		"one.u16=65536", "one.s32=2147483648",
		"one.s64=9223372036854775808", "one.s64=-9223372036854775809",
		"one.u64=18446744073709551616",
		"one.u64=99999999999999999999999999", "one.u64=-1",
	};

	u8v = 42;
	for (size_t i = 0; i < UK_ARRAY_SIZE(bad); i++)
		UK_EXPECT_EQ(PARSE(bad[i]), UK_LIBPARAM_BAD);
	UK_EXPECT_EQ(u8v, 42);
	UK_EXPECT_EQ(PARSE("one.u8=-0"), UK_LIBPARAM_OK);
	UK_EXPECT_EQ(u8v, 0);
}

UK_TEST(libparam, what_is_no_number_is_refused)
{
	static const char *const bad[] = {
		"one.u8=", "one.u8=x", "one.u8=1x", "one.u8=0x", "one.u8=08",
		"one.u8=--1", "one.u8=+-1", "one.u8= 1", "one.u8=1 ",
		"one.u8=-", "one.u8", "one.u8=1.5",
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(bad); i++)
		UK_EXPECT_EQ(PARSE(bad[i]), UK_LIBPARAM_BAD);
}

UK_TEST(libparam, switches_take_ten_words)
{
	static const char *const on[] = {
		"two.flag=on", "two.flag=yes", "two.flag=true", "two.flag=y",
		"two.flag=1",
	};
	static const char *const off[] = {
		"two.flag=off", "two.flag=no", "two.flag=false", "two.flag=n",
		"two.flag=0",
	};
	static const char *const bad[] = {
		"two.flag=", "two.flag=2", "two.flag=ON", "two.flag=onn",
		"two.flag",
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(on); i++) {
		boolv = false;
		UK_EXPECT_EQ(PARSE(on[i]), UK_LIBPARAM_OK);
		UK_EXPECT(boolv);
		UK_EXPECT_EQ(PARSE(off[i]), UK_LIBPARAM_OK);
		UK_EXPECT(!boolv);
	}
	for (size_t i = 0; i < UK_ARRAY_SIZE(bad); i++)
		UK_EXPECT_EQ(PARSE(bad[i]), UK_LIBPARAM_BAD);
}

UK_TEST(libparam, text_is_everything_after_the_first_equals_sign)
{
	UK_EXPECT_EQ(PARSE("two.text=a=b,c.d=[ \xff"), UK_LIBPARAM_OK);
	UK_EXPECT_STR_EQ(strv, "a=b,c.d=[ \xff");
	UK_EXPECT_EQ(PARSE("two.text="), UK_LIBPARAM_OK);
	UK_EXPECT_STR_EQ(strv, "");
	UK_EXPECT_EQ(PARSE("two.text"), UK_LIBPARAM_BAD);
}

UK_TEST(libparam, the_last_value_counts)
{
	UK_EXPECT_EQ(PARSE("one.u8=1", "one.u8=2"), UK_LIBPARAM_OK);
	UK_EXPECT_EQ(u8v, 2);
}

UK_TEST(libparam, another_name_sets_the_same_variable)
{
	UK_EXPECT_EQ(PARSE("two.string=other"), UK_LIBPARAM_OK);
	UK_EXPECT_STR_EQ(strv, "other");
}

UK_TEST(libparam, lists_and_repeated_names_fill_an_array)
{
	narr = 2;
	UK_EXPECT_EQ(PARSE("two.nums=[", "1", "0x2", "]", "two.nums=3"),
		     UK_LIBPARAM_OK);
	UK_EXPECT_EQ(narr, 3);
	UK_EXPECT_EQ(arr[0], 1);
	UK_EXPECT_EQ(arr[1], 2);
	UK_EXPECT_EQ(arr[2], 3);

	UK_EXPECT_EQ(PARSE("one.u8=1"), UK_LIBPARAM_OK);
	UK_EXPECT_EQ(narr, 3);
	UK_EXPECT_EQ(PARSE("two.nums=[", "]"), UK_LIBPARAM_OK);
	UK_EXPECT_EQ(narr, 0);
	UK_EXPECT_EQ(PARSE("two.strs=[", "a b", "one.u8=3", "]"),
		     UK_LIBPARAM_OK);
	UK_EXPECT_EQ(nstrs, 2);
	UK_EXPECT_STR_EQ(strs[0], "a b");
	UK_EXPECT_STR_EQ(strs[1], "one.u8=3");
	UK_EXPECT_EQ(u8v, 1);
}

UK_TEST(libparam, a_list_that_is_wrong_is_refused)
{
	UK_EXPECT_EQ(PARSE("two.nums=[", "1", "2", "3", "4", "]"),
		     UK_LIBPARAM_BAD);
	UK_EXPECT_LE(narr, 3);
	UK_EXPECT_EQ(PARSE("two.nums=[", "1"), UK_LIBPARAM_BAD);
	UK_EXPECT_EQ(PARSE("two.nums=["), UK_LIBPARAM_BAD);
	UK_EXPECT_EQ(PARSE("two.nums=[", "1", "--", "]"), UK_LIBPARAM_BAD);
	UK_EXPECT_EQ(PARSE("two.nums=[", "x", "]"), UK_LIBPARAM_BAD);
	UK_EXPECT_EQ(PARSE("two.strs=[a", "b]"), UK_LIBPARAM_BAD);
	UK_EXPECT_EQ(PARSE("two.nums=70000"), UK_LIBPARAM_BAD);
	UK_EXPECT_EQ(narr & 0x80000000u, 0);
}

UK_TEST(libparam, an_unknown_name_of_a_known_library_is_refused)
{
	UK_EXPECT_EQ(PARSE("one.nosuch=1"), UK_LIBPARAM_BAD);
	UK_EXPECT_EQ(PARSE("one.=1"), UK_LIBPARAM_BAD);
	UK_EXPECT_EQ(PARSE("one."), UK_LIBPARAM_BAD);
	UK_EXPECT_EQ(PARSE("one.u8.x=1"), UK_LIBPARAM_BAD);
	UK_EXPECT_EQ(PARSE("one.nosuch", "--"), UK_LIBPARAM_BAD);
}

UK_TEST(libparam, without_dashes_other_words_are_arguments)
{
	UK_EXPECT_EQ(PARSE("x", "one.u8=7", "three.x=1", "lib.h", "libone.u8=9",
			   "=", ".", "one"), UK_LIBPARAM_OK);
	UK_EXPECT_EQ(u8v, 7);
	UK_EXPECT_EQ(argc, 8);
	UK_EXPECT_STR_EQ(argv[0], "app");
	UK_EXPECT_STR_EQ(argv[1], "x");
	UK_EXPECT_STR_EQ(argv[2], "three.x=1");
	UK_EXPECT_STR_EQ(argv[4], "libone.u8=9");
	UK_EXPECT_STR_EQ(argv[7], "one");
	UK_EXPECT_NULL(argv[8]);
}

UK_TEST(libparam, after_dashes_everything_is_an_argument)
{
	UK_EXPECT_EQ(PARSE("one.u8=1", "--", "one.u8=9", "--", "help"),
		     UK_LIBPARAM_OK);
	UK_EXPECT_EQ(u8v, 1);
	UK_EXPECT_EQ(argc, 4);
	UK_EXPECT_STR_EQ(argv[1], "one.u8=9");
	UK_EXPECT_STR_EQ(argv[2], "--");
	UK_EXPECT_STR_EQ(argv[3], "help");
	UK_EXPECT_EQ(PARSE("--"), UK_LIBPARAM_OK);
	UK_EXPECT_EQ(argc, 1);
	UK_EXPECT_NULL(argv[1]);
}

UK_TEST(libparam, before_dashes_what_nobody_takes_is_ignored_with_its_list)
{
	UK_EXPECT_EQ(PARSE("three.x=[", "one.u8=9", "]", "y", "one.u8=2", "--",
			   "z"), UK_LIBPARAM_OK);
	UK_EXPECT_EQ(u8v, 2);
	UK_EXPECT_EQ(argc, 2);
	UK_EXPECT_STR_EQ(argv[1], "z");
	UK_EXPECT_EQ(PARSE("three.x=[", "y", "--", "z"), UK_LIBPARAM_OK);
	UK_EXPECT_EQ(argc, 2);
}

UK_TEST(libparam, help_changes_nothing)
{
	u8v = 3;
	UK_EXPECT_EQ(PARSE("one.u8=9", "help", "--"), UK_LIBPARAM_HELP);
	UK_EXPECT_EQ(PARSE("help"), UK_LIBPARAM_HELP);
	UK_EXPECT_EQ(u8v, 3);
	UK_EXPECT_EQ(PARSE("help", "me"), UK_LIBPARAM_OK);
	UK_EXPECT_EQ(argc, 3);
}

UK_TEST(libparam, help_names_type_default_and_text)
{
	char buf[100];

	s8v = -5;
	(void)uk_libparam_describe(&params[0], buf, sizeof(buf));
	UK_EXPECT_STR_EQ(buf, "one.s8: s8, default -5: Help of s8");
	boolv = true;
	(void)uk_libparam_describe(&params[6], buf, sizeof(buf));
	UK_EXPECT_STR_EQ(buf, "two.flag: bool, default on: Help");
	strv = NULL;
	(void)uk_libparam_describe(&params[7], buf, sizeof(buf));
	UK_EXPECT_STR_EQ(buf, "two.text: str, default \"\": Help of text");
	narr = 2;
	arr[0] = 7;
	arr[1] = 65535;
	(void)uk_libparam_describe(&params[8], buf, sizeof(buf));
	UK_EXPECT_STR_EQ(buf,
			 "two.nums: u16[3], default [ 7 65535 ]: Numbers");
	(void)uk_libparam_describe(&params[10], buf, sizeof(buf));
	UK_EXPECT_STR_EQ(buf, "two.string: same as two.text");
}

UK_TEST(libparam, help_is_cut_to_its_buffer)
{
	char whole[100], buf[100];
	const int len = uk_libparam_describe(&params[8], whole, sizeof(whole));

	for (int size = 1; size < len; size++) {
		memset(buf, '#', sizeof(buf));
		UK_EXPECT_EQ(uk_libparam_describe(&params[8], buf,
						  (size_t)size), len);
		UK_EXPECT_EQ(buf[size - 1], '\0');
		UK_EXPECT_MEM_EQ(buf, whole, (size_t)size - 1);
		UK_EXPECT_EQ(buf[size], '#');
	}
	UK_EXPECT_EQ(uk_libparam_describe(&params[8], NULL, 0), len);
}

UK_TEST(libparam, what_is_allowed_is_told_for_each_type)
{
	UK_EXPECT_STR_EQ(uk_libparam_allowed(UK_LIBPARAM_u8), "0 to 255");
	UK_EXPECT_STR_EQ(uk_libparam_allowed(UK_LIBPARAM_s8), "-128 to 127");
	UK_EXPECT_STR_EQ(uk_libparam_allowed(UK_LIBPARAM_bool),
			 "on yes true y 1, off no false n 0");
}

/* The macros, through the image's own table. */
static uint32_t probe_num = 5;
static uint8_t probe_arr[2];
static uint32_t probe_narr;

UK_LIBPARAM(test_probe, u32, &probe_num, "For the test of the table");
UK_LIBPARAM_ALIAS(test_alias, test_probe, u32, &probe_num);
UK_LIBPARAM_ARRAY(test_array, u8, probe_arr, &probe_narr,
		  "For the test of the table");

UK_TEST(libparam, declared_parameters_are_in_the_image_table)
{
	const struct uk_libparam_table image = uk_libparam_image_table();
	char words[4][40] = {
		"app", "uklibparam.test_probe=9", "uklibparam.test_array=4",
		"uklibparam.test_alias=10",
	};
	char *av[] = { words[0], words[1], words[2], words[3], NULL };
	int ac = 3;

	UK_EXPECT_EQ(uk_libparam_parse(&image, &ac, av), UK_LIBPARAM_OK);
	UK_EXPECT_EQ(ac, 1);
	UK_EXPECT_EQ(probe_num, 9);
	UK_EXPECT_EQ(probe_narr, 1);
	UK_EXPECT_EQ(probe_arr[0], 4);

	ac = 2;
	av[1] = words[3];
	UK_EXPECT_EQ(uk_libparam_parse(&image, &ac, av), UK_LIBPARAM_OK);
	UK_EXPECT_EQ(probe_num, 10);
	probe_num = 5;
}
