/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/string.h>

#include <uk/errno.h>
#include <uk/test.h>

/* The number in all of @str, or 77 with the error in *@rc. */
static uint64_t num(const char *str, unsigned int base, int *rc)
{
	uint64_t val = 77;

	*rc = uk_strtou64(str, uk_strlen(str), base, &val);
	return val;
}

static void expect(const char *str, unsigned int base, uint64_t want)
{
	int rc;

	UK_EXPECT_EQ(num(str, base, &rc), want);
	UK_EXPECT_EQ(rc, 0);
}

static void refuse(const char *str, unsigned int base, int want)
{
	int rc;

	UK_EXPECT_EQ(num(str, base, &rc), 77);
	UK_EXPECT_EQ(rc, want);
}

UK_TEST(ukstring, numbers_are_read_in_the_base_given)
{
	expect("0", 10, 0);
	expect("18446744073709551615", 10, UINT64_MAX);
	expect("ffffffffffffffff", 16, UINT64_MAX);
	expect("FFffFFff", 16, 0xffffffff);
	expect("zz", 36, 35 * 36 + 35);
	expect("0010", 10, 10);
	expect("777", 8, 0777);
	expect("0b11", 16, 0xb11);
	expect("000000000000000000000000000000001", 2, 1);
}

UK_TEST(ukstring, base_0_is_told_by_the_prefix)
{
	expect("0x1F", 0, 0x1f);
	expect("0X1f", 0, 0x1f);
	expect("0b101", 0, 5);
	expect("0755", 0, 0755);
	expect("0", 0, 0);
	expect("90", 0, 90);
	expect("0x10", 16, 16);
	expect("0b10", 2, 2);
}

UK_TEST(ukstring, what_is_no_number_is_refused_and_leaves_the_value)
{
	refuse("", 0, -EINVAL);
	refuse("", 10, -EINVAL);
	refuse("x", 0, -EINVAL);
	refuse("0x", 0, -EINVAL);
	refuse("0xg", 16, -EINVAL);
	refuse("08", 0, -EINVAL);
	refuse("12a", 10, -EINVAL);
	refuse(" 1", 10, -EINVAL);
	refuse("1 ", 10, -EINVAL);
	refuse("-1", 10, -EINVAL);
	refuse("+1", 10, -EINVAL);
	refuse("@", 16, -EINVAL);
	refuse("`", 16, -EINVAL);
	refuse("[", 36, -EINVAL);
}

UK_TEST(ukstring, a_number_above_64_bits_is_out_of_range)
{
	refuse("18446744073709551616", 10, -ERANGE);
	refuse("0x10000000000000000", 0, -ERANGE);
	refuse("36893488147419103233", 10, -ERANGE);
	refuse("99999999999999999999999999999999999999", 10, -ERANGE);
	refuse("99999999999999999999999999999999999999x", 10, -EINVAL);
}

UK_TEST(ukstring, a_number_at_the_head_ends_at_the_first_other_byte)
{
	uint64_t val = 0;
	size_t used = 0;

	UK_EXPECT_EQ(uk_strtou64_head("42,7", 4, 10, &val, &used), 0);
	UK_EXPECT_EQ(val, 42);
	UK_EXPECT_EQ(used, 2);
	UK_EXPECT_EQ(uk_strtou64_head("1234", 2, 10, &val, &used), 0);
	UK_EXPECT_EQ(val, 12);
	UK_EXPECT_EQ(uk_strtou64_head("0xzz", 4, 0, &val, &used), 0);
	UK_EXPECT_EQ(val, 0);
	UK_EXPECT_EQ(used, 1);
	UK_EXPECT_EQ(uk_strtou64_head(",", 1, 10, &val, &used), -EINVAL);
	UK_EXPECT_EQ(uk_strtou64_head("99999999999999999999;", 21, 10, &val,
				      &used), -ERANGE);
	UK_EXPECT_EQ(used, 20);
}
