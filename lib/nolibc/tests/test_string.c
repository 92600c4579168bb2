/* SPDX-License-Identifier: BSD-3-Clause */
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <uk/test.h>

UK_TEST(nolibc_string, lengths_stop_at_nul_or_the_limit)
{
	UK_EXPECT_EQ(strlen(""), 0);
	UK_EXPECT_EQ(strlen("abc"), 3);
	UK_EXPECT_EQ(strnlen("abc", 2), 2);
	UK_EXPECT_EQ(strnlen("abc", 9), 3);
	UK_EXPECT_EQ(strnlen(NULL, 0), 0);
}

UK_TEST(nolibc_string, copies_end_and_pad_as_each_function_says)
{
	char buf[12];

	UK_EXPECT_EQ(stpcpy(buf, "abc"), buf + 3);
	UK_EXPECT_STR_EQ(strcat(buf, "def"), "abcdef");
	UK_EXPECT_STR_EQ(strncat(buf, "ghi", 2), "abcdefgh");
	memset(buf, 'x', sizeof(buf));
	strncpy(buf, "ab", 5);
	UK_EXPECT_MEM_EQ(buf, "ab\0\0\0x", 6);
	UK_EXPECT_EQ(stpncpy(buf, "abcdef", 3), buf + 3);
	UK_EXPECT_MEM_EQ(buf, "abc\0\0x", 6);
	UK_EXPECT_EQ(strlcpy(buf, "abcdef", 4), 6);
	UK_EXPECT_STR_EQ(buf, "abc");
	UK_EXPECT_EQ(strlcpy(buf, "abc", 0), 3);
	UK_EXPECT_EQ(strlcat(buf, "defgh", 6), 8);
	UK_EXPECT_STR_EQ(buf, "abcde");
	UK_EXPECT_EQ(strlcat(buf, "x", 3), 4);
	UK_EXPECT_EQ(memccpy(buf, "12345", '3', 5), buf + 3);
	UK_EXPECT_NULL(memccpy(buf, "12345", '9', 5));
	UK_EXPECT_EQ(mempcpy(buf, "xy", 2), buf + 2);
}

UK_TEST(nolibc_string, comparison_is_by_unsigned_bytes)
{
	UK_EXPECT_EQ(strcmp("abc", "abc"), 0);
	UK_EXPECT_LT(strcmp("abc", "abd"), 0);
	UK_EXPECT_LT(strcmp("ab", "abc"), 0);
	UK_EXPECT_GT(strcmp("\x80", "\x7f"), 0);
	UK_EXPECT_EQ(strncmp("abcx", "abcy", 3), 0);
	UK_EXPECT_EQ(strncmp("ab", "ab\0x", 4), 0);
	UK_EXPECT_GT(strncmp("\xff", "a", 1), 0);
	UK_EXPECT_EQ(strncmp("a", "b", 0), 0);
	UK_EXPECT_EQ(strcasecmp("HeLLo", "hEllO"), 0);
	UK_EXPECT_LT(strcasecmp("a_", "aA"), 0);
	UK_EXPECT_EQ(strncasecmp("ABx", "aby", 2), 0);
	UK_EXPECT_EQ(strcoll("a", "b"), strcmp("a", "b"));
}

UK_TEST(nolibc_string, searches_find_first_last_and_nothing)
{
	const char *str = "hello";

	UK_EXPECT_EQ(strchr(str, 'l'), str + 2);
	UK_EXPECT_EQ(strrchr(str, 'l'), str + 3);
	UK_EXPECT_EQ(strchr(str, '\0'), str + 5);
	UK_EXPECT_EQ(strrchr(str, '\0'), str + 5);
	UK_EXPECT_NULL(strchr(str, 'x'));
	UK_EXPECT_NULL(strrchr(str, 'x'));
	UK_EXPECT_EQ(strchrnul(str, 'x'), str + 5);
	UK_EXPECT_EQ(memchr(str, 'o', 5), str + 4);
	UK_EXPECT_NULL(memchr(str, 'o', 4));
	UK_EXPECT_EQ(memrchr(str, 'h', 5), str);
	UK_EXPECT_EQ(memchr("a\xff", 0x1ff, 2) != NULL, 1);
	UK_EXPECT_EQ(strcasestr(str, "LL"), str + 2);
	UK_EXPECT_NULL(strcasestr(str, "LLL"));
}

/* What strstr() has to find, the slow way. */
static const char *find_plain(const char *hay, const char *needle)
{
	for (;; hay++) {
		if (strncmp(hay, needle, strlen(needle)) == 0)
			return hay;
		if (!*hay)
			return NULL;
	}
}

UK_TEST(nolibc_string, strstr_agrees_with_a_plain_search_on_all_short_words)
{
	unsigned int bad = 0;

	/* Bits of h and n below a leading one are letters. */
	for (unsigned int h = 1; h < 1u << 9; h++) {
		char hay[10] = "", needle[10] = "";

		for (unsigned int i = h, at = 0; i > 1; i >>= 1)
			hay[at++] = (char)('a' + (i & 1));
		for (unsigned int n = 1; n < 1u << 6; n++) {
			unsigned int at = 0;

			for (unsigned int i = n; i > 1; i >>= 1)
				needle[at++] = (char)('a' + (i & 1));
			needle[at] = '\0';
			bad += strstr(hay, needle) != find_plain(hay, needle);
		}
	}
	UK_EXPECT_EQ(bad, 0);
}

UK_TEST(nolibc_string, memmem_is_linear_where_a_plain_search_is_not)
{
	static char hay[20000], needle[10000];

	memset(hay, 'a', sizeof(hay));
	memset(needle, 'a', sizeof(needle));
	needle[5000] = 'b';
	UK_EXPECT_NULL(memmem(hay, sizeof(hay), needle, sizeof(needle)));
	hay[14999] = 'b';
	UK_EXPECT_EQ(memmem(hay, sizeof(hay), needle, sizeof(needle)),
		     hay + 9999);
	UK_EXPECT_EQ(memmem(hay, 5, needle, 0), hay);
	UK_EXPECT_NULL(memmem(hay, 5, needle, 6));
}

UK_TEST(nolibc_string, words_are_cut_out_of_a_string)
{
	char list[] = ",,a,;b,", *state, *rest, fields[] = "x::y";

	UK_EXPECT_STR_EQ(strtok_r(list, ",;", &state), "a");
	UK_EXPECT_STR_EQ(strtok_r(NULL, ",;", &state), "b");
	UK_EXPECT_NULL(strtok_r(NULL, ",;", &state));
	UK_EXPECT_NULL(strtok_r(NULL, ",;", &state));
	rest = fields;
	UK_EXPECT_STR_EQ(strsep(&rest, ":"), "x");
	UK_EXPECT_STR_EQ(strsep(&rest, ":"), "");
	UK_EXPECT_STR_EQ(strsep(&rest, ":"), "y");
	UK_EXPECT_NULL(strsep(&rest, ":"));
	UK_EXPECT_EQ(strspn("aabc", "ab"), 3);
	UK_EXPECT_EQ(strcspn("aabc", "c"), 3);
	UK_EXPECT_STR_EQ(strpbrk("key=val", "=:"), "=val");
	UK_EXPECT_NULL(strpbrk("key", "=:"));
}

UK_TEST(nolibc_string, copies_on_the_heap_are_whole_or_as_long_as_asked)
{
	char *all = strdup("abc"), *some = strndup("abc", 2);

	UK_EXPECT_STR_EQ(all, "abc");
	UK_EXPECT_STR_EQ(some, "ab");
	free(all);
	free(some);
}

UK_TEST(nolibc_string, errors_have_texts_and_unknown_ones_say_their_number)
{
	char buf[8];

	UK_EXPECT_STR_EQ(strerror(0), "Success");
	UK_EXPECT_STR_EQ(strerror(ENOENT), "No such file or directory");
	UK_EXPECT_STR_EQ(strerror(ENOSYS), "Function not implemented");
	UK_EXPECT_STR_EQ(strerror(12345), "Unknown error 12345");
	UK_EXPECT_EQ(strerror_r(ENOMEM, buf, sizeof(buf)), ERANGE);
	UK_EXPECT_STR_EQ(buf, "Cannot ");
	UK_EXPECT_EQ(strerror_r(-1, buf, sizeof(buf)), EINVAL);
}

UK_TEST(nolibc_string, the_lowest_bit_set_is_counted_from_one)
{
	UK_EXPECT_EQ(ffs(0), 0);
	UK_EXPECT_EQ(ffs(1), 1);
	UK_EXPECT_EQ(ffsl(1l << 40), 41);
	UK_EXPECT_EQ(ffsll(-1), 1);
}

/* How many values of a byte, and EOF, are in a class. */
static int class_count(int (*is)(int))
{
	int n = 0;

	for (int c = -1; c < 256; c++)
		n += is(c) != 0;
	return n;
}

UK_TEST(nolibc_string, character_classes_have_the_members_of_the_c_locale)
{
	UK_EXPECT_EQ(class_count(isdigit), 10);
	UK_EXPECT_EQ(class_count(isupper), 26);
	UK_EXPECT_EQ(class_count(islower), 26);
	UK_EXPECT_EQ(class_count(isalpha), 52);
	UK_EXPECT_EQ(class_count(isalnum), 62);
	UK_EXPECT_EQ(class_count(isxdigit), 22);
	UK_EXPECT_EQ(class_count(isspace), 6);
	UK_EXPECT_EQ(class_count(isblank), 2);
	UK_EXPECT_EQ(class_count(iscntrl), 33);
	UK_EXPECT_EQ(class_count(isgraph), 94);
	UK_EXPECT_EQ(class_count(isprint), 95);
	UK_EXPECT_EQ(class_count(ispunct), 32);
	UK_EXPECT(isdigit('0') && isdigit('9') && !isdigit('/'));
	UK_EXPECT(isxdigit('f') && isxdigit('F') && !isxdigit('g'));
	UK_EXPECT(isspace('\v') && iscntrl(127) && !isprint(127));
	for (int c = -1; c < 256; c++) {
		if (!isupper(c))
			UK_EXPECT_EQ(tolower(c), c);
		if (!islower(c))
			UK_EXPECT_EQ(toupper(c), c);
	}
	UK_EXPECT_EQ(tolower('Q'), 'q');
	UK_EXPECT_EQ(toupper('z'), 'Z');
}
