/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <uk/test.h>

UK_TEST(nolibc_scanf, integers_of_every_base_and_length)
{
	signed char c;
	short s;
	int d;
	unsigned int x, o;
	long l;
	size_t z;
	void *p;

	UK_EXPECT_EQ(sscanf("-5 300 +7 ff 17 -99 12 0xabc",
			    "%hhd%hd%d%x%o%ld%zu%p", &c, &s, &d, &x, &o, &l,
			    &z, &p), 8);
	UK_EXPECT_EQ(c, -5);
	UK_EXPECT_EQ(s, 300);
	UK_EXPECT_EQ(d, 7);
	UK_EXPECT_EQ(x, 255);
	UK_EXPECT_EQ(o, 15);
	UK_EXPECT_EQ(l, -99);
	UK_EXPECT_EQ(z, 12);
	UK_EXPECT_EQ(p, (void *)0xabcl);
	UK_EXPECT_EQ(sscanf("0x1f 017 10", "%i%i%i", &d, &x, &o), 3);
	UK_EXPECT_EQ(d + (int)x + (int)o, 31 + 15 + 10);
}

UK_TEST(nolibc_scanf, a_width_ends_a_number)
{
	int a = 0, b = 0;

	UK_EXPECT_EQ(sscanf("12345", "%2d%d", &a, &b), 2);
	UK_EXPECT_EQ(a, 12);
	UK_EXPECT_EQ(b, 345);
	UK_EXPECT_EQ(sscanf("0x", "%x", &a), 0);
	UK_EXPECT_EQ(sscanf("-", "%d", &a), 0);
}

UK_TEST(nolibc_scanf, words_sets_and_single_bytes)
{
	char a[8], b[8], c[3] = "";

	UK_EXPECT_EQ(sscanf("  hello-world!", "%5s-%[a-z]%c", a, b, c), 3);
	UK_EXPECT_STR_EQ(a, "hello");
	UK_EXPECT_STR_EQ(b, "world");
	UK_EXPECT_EQ(c[0], '!');
	UK_EXPECT_EQ(sscanf("a]b,c", "%[]ab]%[^\n]", a, b), 2);
	UK_EXPECT_STR_EQ(a, "a]b");
	UK_EXPECT_STR_EQ(b, ",c");
	UK_EXPECT_EQ(sscanf("x-z", "%[x-]", a), 1);
	UK_EXPECT_STR_EQ(a, "x-");
	UK_EXPECT_EQ(sscanf(" ab", "%2c", c), 1);
	UK_EXPECT_EQ(strncmp(c, " a", 2), 0);
	UK_EXPECT_EQ(sscanf("a", "%2c", c), 0);
}

UK_TEST(nolibc_scanf, suppressed_fields_are_read_and_not_counted)
{
	int d = 0, n = 0;

	UK_EXPECT_EQ(sscanf("1 two 3", "%*d%*s%d%n", &d, &n), 1);
	UK_EXPECT_EQ(d, 3);
	UK_EXPECT_EQ(n, 7);
}

UK_TEST(nolibc_scanf, the_result_tells_mismatch_from_the_end_of_input)
{
	int d;

	UK_EXPECT_EQ(sscanf("x", "%d", &d), 0);
	UK_EXPECT_EQ(sscanf("", "%d", &d), EOF);
	UK_EXPECT_EQ(sscanf("   ", "%d", &d), EOF);
	UK_EXPECT_EQ(sscanf("1", "%d%d", &d, &d), 1);
	UK_EXPECT_EQ(sscanf("1,2", "%d;%d", &d, &d), 1);
	UK_EXPECT_EQ(sscanf("5%", "%d%%", &d), 1);
	UK_EXPECT_EQ(sscanf("", "x"), EOF);
	UK_EXPECT_EQ(sscanf("", " "), 0);
}

UK_TEST(nolibc_scanf, what_is_given_back_to_a_stream_is_read_first)
{
	char line[16];
	int a = 0;

	UK_EXPECT_EQ(ungetc('7', stdin), '7');
	UK_EXPECT_EQ(ungetc('8', stdin), EOF);
	UK_EXPECT_EQ(fscanf(stdin, "%1d", &a), 1);
	UK_EXPECT_EQ(a, 7);
	UK_EXPECT_EQ(ungetc('\n', stdin), '\n');
	UK_EXPECT_NOT_NULL(fgets(line, sizeof(line), stdin));
	UK_EXPECT_STR_EQ(line, "\n");
	UK_EXPECT_EQ(ungetc(EOF, stdin), EOF);
	UK_EXPECT_NULL(fgets(line, 0, stdin));
	UK_EXPECT_NOT_NULL(fgets(line, 1, stdin));
	UK_EXPECT_STR_EQ(line, "");
}

UK_TEST(nolibc_scanf, numbers_beyond_the_type_become_its_limit)
{
	long l = 0;
	unsigned long ul = 0;

	UK_EXPECT_EQ(sscanf("99999999999999999999 -99999999999999999999",
			    "%ld%*d", &l), 1);
	UK_EXPECT_EQ(l, LONG_MAX);
	UK_EXPECT_EQ(sscanf("-99999999999999999999", "%ld", &l), 1);
	UK_EXPECT_EQ(l, LONG_MIN);
	UK_EXPECT_EQ(sscanf("99999999999999999999", "%lu", &ul), 1);
	UK_EXPECT_EQ(ul, ULONG_MAX);
}
