/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/string.h>

#include <uk/test.h>

UK_TEST(ukstring, lengths_stop_at_the_nul_or_at_the_limit)
{
	UK_EXPECT_EQ(uk_strlen(""), 0);
	UK_EXPECT_EQ(uk_strlen("kiln"), 4);
	UK_EXPECT_EQ(uk_strnlen("kiln", 3), 3);
	UK_EXPECT_EQ(uk_strnlen("kiln", 4), 4);
	UK_EXPECT_EQ(uk_strnlen("kiln", 99), 4);
	UK_EXPECT_EQ(uk_strnlen(NULL, 0), 0);
}

UK_TEST(ukstring, strings_are_ordered_as_unsigned_bytes)
{
	UK_EXPECT_EQ(uk_strcmp("a", "a"), 0);
	UK_EXPECT_LT(uk_strcmp("a", "b"), 0);
	UK_EXPECT_LT(uk_strcmp("a", "ab"), 0);
	UK_EXPECT_GT(uk_strcmp("ab", "a"), 0);
	UK_EXPECT_GT(uk_strcmp("\xff", "a"), 0);
	UK_EXPECT_EQ(uk_strcmp("", ""), 0);
}

UK_TEST(ukstring, a_bounded_comparison_ends_at_its_bound_or_the_nul)
{
	UK_EXPECT_EQ(uk_strncmp("abc", "abd", 2), 0);
	UK_EXPECT_LT(uk_strncmp("abc", "abd", 3), 0);
	UK_EXPECT_EQ(uk_strncmp("ab\0x", "ab\0y", 4), 0);
	UK_EXPECT_LT(uk_strncmp("ab", "abc", 9), 0);
	UK_EXPECT_EQ(uk_strncmp("a", "b", 0), 0);
}

UK_TEST(ukstring, equality_of_words_and_prefixes)
{
	UK_EXPECT(uk_streq("on", "on"));
	UK_EXPECT(!uk_streq("on", "onn"));
	UK_EXPECT(uk_streq_n("onward", 2, "on"));
	UK_EXPECT(!uk_streq_n("onward", 3, "on"));
	UK_EXPECT(!uk_streq_n("onward", 2, "onw"));
	UK_EXPECT(uk_streq_n("x", 0, ""));
	UK_EXPECT(!uk_streq_n("x", 0, "x"));
	UK_EXPECT(uk_strprefix("level", "lev"));
	UK_EXPECT(uk_strprefix("level", ""));
	UK_EXPECT(!uk_strprefix("le", "lev"));
}

UK_TEST(ukstring, searches_find_the_first_the_last_and_the_end)
{
	static const char s[] = "a.b.c";

	UK_EXPECT_EQ(uk_strchr(s, '.'), s + 1);
	UK_EXPECT_EQ(uk_strrchr(s, '.'), s + 3);
	UK_EXPECT_EQ(uk_strchr(s, '\0'), s + 5);
	UK_EXPECT_EQ(uk_strrchr(s, '\0'), s + 5);
	UK_EXPECT_NULL(uk_strchr(s, 'x'));
	UK_EXPECT_NULL(uk_strrchr(s, 'x'));
	UK_EXPECT_EQ(uk_memchr(s, 'c', 5), s + 4);
	UK_EXPECT_NULL(uk_memchr(s, 'c', 4));
	UK_EXPECT_EQ(uk_memchr("\x80", 0x180, 1) != NULL, true);
}

UK_TEST(ukstring, strlcpy_always_ends_what_it_cut)
{
	char buf[5] = "####";

	UK_EXPECT_EQ(uk_strlcpy(buf, "kiln!", sizeof(buf)), 5);
	UK_EXPECT_STR_EQ(buf, "kiln");
	UK_EXPECT_EQ(uk_strlcpy(buf, "ab", sizeof(buf)), 2);
	UK_EXPECT_STR_EQ(buf, "ab");
	UK_EXPECT_EQ(buf[4], '\0');
	UK_EXPECT_EQ(uk_strlcpy(buf, "xyz", 1), 3);
	UK_EXPECT_STR_EQ(buf, "");
	buf[0] = '#';
	UK_EXPECT_EQ(uk_strlcpy(buf, "xyz", 0), 3);
	UK_EXPECT_EQ(buf[0], '#');
}

UK_TEST(ukstring, a_byte_is_found_at_each_place_of_any_length)
{
	unsigned char mem[40];

	for (size_t at = 0; at < 24; at++) {
		/* Neighbours that differ in one bit, and one behind the end. */
		for (size_t i = 0; i < sizeof(mem); i++)
			mem[i] = i % 2 ? 0x81 : 0x7f;
		mem[at + 8] = 0x80;
		mem[36] = 0x80;
		for (size_t from = 0; from <= 8; from++) {
			const size_t len = at + 8 - from;

			UK_EXPECT_NULL(uk_memchr(mem + from, 0x80, len));
			UK_EXPECT_EQ(uk_memchr(mem + from, 0x80, len + 1),
				     mem + at + 8);
			UK_EXPECT_EQ(uk_memchr(mem + from, 0x80, 36 - from),
				     mem + at + 8);
		}
	}
}
