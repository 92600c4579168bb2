/* SPDX-License-Identifier: BSD-3-Clause */
/* <string.h> */
#include <stdlib.h>
#include <string.h>

#include <uk/test.h>

/* What the compiler knows it would do itself. */
static char words[] = "some text, and some more";
static char *volatile text = words;

UK_TEST(libc_strings, strings_are_measured_and_compared)
{
	UK_EXPECT_EQ(strlen(text), 24);
	UK_EXPECT_EQ(strnlen(text, 7), 7);
	UK_EXPECT_EQ(strcmp(text, "some text, and some more"), 0);
	UK_EXPECT_LT(strcmp(text, "some text, and some mors"), 0);
	UK_EXPECT_EQ(strncmp(text, "some other", 5), 0);
	UK_EXPECT_EQ(strcasecmp(text, "SOME text, AND some More"), 0);
	UK_EXPECT_GT(strverscmp("a10", "a9"), 0);
}

UK_TEST(libc_strings, strings_are_searched)
{
	UK_EXPECT_EQ(strchr(text, 't') - text, 5);
	UK_EXPECT_EQ(strrchr(text, 'm') - text, 20);
	UK_EXPECT_NULL(strchr(text, 'z'));
	UK_EXPECT_EQ(strstr(text, "some more") - text, 15);
	UK_EXPECT_NULL(strstr(text, "some less"));
	UK_EXPECT_EQ(strcspn(text, ","), 9);
	UK_EXPECT_EQ(strspn(text, "emos "), 5);
	UK_EXPECT_EQ((char *)memchr(text, 'x', 24) - text, 7);
	UK_EXPECT_EQ((char *)memmem(text, 24, "and", 3) - text, 11);
	UK_EXPECT_EQ((char *)memrchr(text, 's', 24) - text, 15);
}

/* Each length and each place in a word, with what is around it. */
UK_TEST(libc_strings, strings_end_where_they_end)
{
	char buf[80], copy[80];
	int good = 0;

	for (size_t at = 0; at < 16; at++) {
		for (size_t len = 0; len < 40; len++) {
			memset(buf, 'a', sizeof(buf));
			buf[at + len] = 0;
			memset(copy, 'b', sizeof(copy));
			strcpy(copy + 3, buf + at);
			good += strlen(buf + at) == len &&
				!strcmp(copy + 3, buf + at) &&
				copy[2] == 'b' && copy[len + 4] == 'b' &&
				strchr(buf + at, 0) == buf + at + len;
		}
	}
	UK_EXPECT_EQ(good, 16 * 40);
}

UK_TEST(libc_strings, strings_are_cut_and_joined)
{
	char buf[32] = "a,b;;c", small[4];
	char *rest = NULL, *dup;

	UK_EXPECT_STR_EQ(strtok_r(buf, ",;", &rest), "a");
	UK_EXPECT_STR_EQ(strtok_r(NULL, ",;", &rest), "b");
	UK_EXPECT_STR_EQ(strtok_r(NULL, ",;", &rest), "c");
	UK_EXPECT_NULL(strtok_r(NULL, ",;", &rest));
	strcpy(buf, "x y");
	UK_EXPECT_STR_EQ(strtok(buf, " "), "x");
	UK_EXPECT_STR_EQ(strtok(NULL, " "), "y");
	UK_EXPECT_EQ(strlcpy(small, text, sizeof(small)), 24);
	UK_EXPECT_STR_EQ(small, "som");
	strcpy(buf, "one");
	UK_EXPECT_STR_EQ(strncat(buf, "two", 2), "onetw");
	UK_EXPECT_STR_EQ(stpcpy(buf, "three") - 5, "three");
	dup = strndup(text, 4);
	UK_EXPECT_STR_EQ(dup, "some");
	free(dup);
}
