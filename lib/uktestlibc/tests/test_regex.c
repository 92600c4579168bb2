/* SPDX-License-Identifier: BSD-3-Clause */
/* Patterns: regular expressions, and those of names. */
#include <fnmatch.h>
#include <sys/types.h>

#include <regex.h>

#include <uk/test.h>

UK_TEST(libc_regex, a_regular_expression_finds_its_parts)
{
	regmatch_t m[3];
	regex_t re;
	char why[64];

	UK_EXPECT_EQ(regcomp(&re, "([a-z]+)=([0-9]{2,})$", REG_EXTENDED), 0);
	UK_EXPECT_EQ(regexec(&re, "set abc=4711", 3, m, 0), 0);
	UK_EXPECT_EQ(m[1].rm_so, 4);
	UK_EXPECT_EQ(m[2].rm_so, 8);
	UK_EXPECT_EQ(m[2].rm_eo, 12);
	UK_EXPECT_EQ(regexec(&re, "abc=1", 3, m, 0), REG_NOMATCH);
	regfree(&re);
	UK_EXPECT_EQ(regcomp(&re, "(", REG_EXTENDED), REG_EPAREN);
	UK_EXPECT(regerror(REG_EPAREN, NULL, why, sizeof(why)) > 1);
	UK_EXPECT_EQ(fnmatch("*.[ch]", "a/b.c", 0), 0);
	UK_EXPECT_EQ(fnmatch("*.[ch]", "a/b.c", FNM_PATHNAME), FNM_NOMATCH);
}
