/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include <uk/test.h>

UK_TEST(musl_text, iconv_converts_and_tells_what_it_cannot)
{
	char in[] = "gr\xc3\xbc\xc3\x9f", out[32];
	char *from = in, *to = out;
	size_t left = strlen(in), room = sizeof(out);
	iconv_t cd = iconv_open("UTF-16LE", "UTF-8");

	if (!UK_EXPECT_NE(cd, (iconv_t)-1))
		return;
	UK_EXPECT_EQ(iconv(cd, &from, &left, &to, &room), 0);
	UK_EXPECT_MEM_EQ(out, "g\0r\0\xfc\0\xdf\0", 8);
	iconv_close(cd);

	cd = iconv_open("UTF-8", "UTF-8");
	from = (char[]){ "\xff" };
	left = 1;
	UK_EXPECT_EQ(iconv(cd, &from, &left, &to, &room), (size_t)-1);
	UK_EXPECT_EQ(errno, EILSEQ);
	iconv_close(cd);
	UK_EXPECT_EQ(iconv_open("no-such-set", "UTF-8"), (iconv_t)-1);
	UK_EXPECT_EQ(errno, EINVAL);
}
