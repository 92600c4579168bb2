/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/argparse.h>

#include <stddef.h>

#include <uk/errno.h>
#include <uk/string.h>
#include <uk/test.h>

#define MAX	6

static char line[80];
static char *argv[MAX + 1];

static int parse(const char *text)
{
	(void)uk_strlcpy(line, text, sizeof(line));
	return uk_argparse(line, argv, MAX);
}

UK_TEST(argparse, blanks_of_every_kind_separate_words)
{
	UK_EXPECT_EQ(parse(" a\tbc \n\v d\r\f"), 3);
	UK_EXPECT_STR_EQ(argv[0], "a");
	UK_EXPECT_STR_EQ(argv[1], "bc");
	UK_EXPECT_STR_EQ(argv[2], "d");
	UK_EXPECT_NULL(argv[3]);
}

UK_TEST(argparse, an_empty_line_has_no_word)
{
	UK_EXPECT_EQ(parse(""), 0);
	UK_EXPECT_NULL(argv[0]);
	UK_EXPECT_EQ(parse(" \t "), 0);
	UK_EXPECT_NULL(argv[0]);
}

UK_TEST(argparse, quotes_keep_blanks_and_pieces_join)
{
	UK_EXPECT_EQ(parse("'a b'c\"d  e\" f"), 2);
	UK_EXPECT_STR_EQ(argv[0], "a bcd  e");
	UK_EXPECT_STR_EQ(argv[1], "f");
}

UK_TEST(argparse, quotes_protect_each_other)
{
	UK_EXPECT_EQ(parse("\"it's\" '\"x\"'"), 2);
	UK_EXPECT_STR_EQ(argv[0], "it's");
	UK_EXPECT_STR_EQ(argv[1], "\"x\"");
}

UK_TEST(argparse, empty_quotes_are_an_empty_word)
{
	UK_EXPECT_EQ(parse("a '' \"\""), 3);
	UK_EXPECT_STR_EQ(argv[1], "");
	UK_EXPECT_STR_EQ(argv[2], "");
}

UK_TEST(argparse, backslash_outside_of_quotes_takes_the_next_as_it_is)
{
	UK_EXPECT_EQ(parse("a\\ b \\' \\\\ \\x"), 4);
	UK_EXPECT_STR_EQ(argv[0], "a b");
	UK_EXPECT_STR_EQ(argv[1], "'");
	UK_EXPECT_STR_EQ(argv[2], "\\");
	UK_EXPECT_STR_EQ(argv[3], "x");
}

UK_TEST(argparse, backslash_in_double_quotes_is_for_quote_and_itself)
{
	UK_EXPECT_EQ(parse("\"\\\"\\\\\\n\" '\\'"), 2);
	UK_EXPECT_STR_EQ(argv[0], "\"\\\\n");
	UK_EXPECT_STR_EQ(argv[1], "\\");
}

UK_TEST(argparse, backslash_at_the_end_is_a_backslash)
{
	UK_EXPECT_EQ(parse("a\\"), 1);
	UK_EXPECT_STR_EQ(argv[0], "a\\");
}

UK_TEST(argparse, high_bytes_are_ordinary)
{
	UK_EXPECT_EQ(parse("\x80\xff \xc3\xa4"), 2);
	UK_EXPECT_STR_EQ(argv[0], "\x80\xff");
	UK_EXPECT_STR_EQ(argv[1], "\xc3\xa4");
}

UK_TEST(argparse, an_open_quote_is_told_with_its_place)
{
	UK_EXPECT_EQ(parse("a b\"c d"), -EINVAL);
	UK_EXPECT_STR_EQ(argv[0], "\"c d");
	UK_EXPECT_EQ(parse("'"), -EINVAL);
	UK_EXPECT_STR_EQ(argv[0], "'");
	UK_EXPECT_EQ(parse("\"a\\"), -EINVAL);
	UK_EXPECT_EQ(parse("\"a\\\""), -EINVAL);
}

UK_TEST(argparse, too_many_words_are_told_with_the_first_one_left)
{
	UK_EXPECT_EQ(parse("1 2 3 4 5 6"), MAX);
	UK_EXPECT_NULL(argv[MAX]);
	UK_EXPECT_EQ(parse("1 2 3 4 5 6 "), MAX);
	UK_EXPECT_EQ(parse("1 2 3 4 5 6 seven 8"), -E2BIG);
	UK_EXPECT_STR_EQ(argv[0], "seven 8");
}

UK_TEST(argparse, room_for_no_word_is_room_for_an_empty_line)
{
	char *none[1] = { line };

	line[0] = '\0';
	UK_EXPECT_EQ(uk_argparse(line, none, 0), 0);
	UK_EXPECT_NULL(none[0]);
	(void)uk_strlcpy(line, "x", sizeof(line));
	UK_EXPECT_EQ(uk_argparse(line, none, 0), -E2BIG);
}
