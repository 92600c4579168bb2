/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include <uk/test.h>

UK_TEST(libc_stdio, snprintf_formats_numbers_and_text)
{
	char buf[128];

	UK_EXPECT_EQ(snprintf(buf, sizeof(buf), "%d %#x %5s|%-5s|%c %lld %zu",
			      -42, 255u, "ab", "cd", 'x', 1ll << 40,
			      (size_t)7), 38);
	UK_EXPECT_STR_EQ(buf, "-42 0xff    ab|cd   |x 1099511627776 7");
	snprintf(buf, sizeof(buf), "%hhd %hu %jd %td %p", 300, 65537, 5l, 6l,
		 (void *)0x1000);
	UK_EXPECT_STR_EQ(buf, "44 1 5 6 0x1000");
}

UK_TEST(libc_stdio, snprintf_formats_floating_point_exactly)
{
	char buf[128];

	snprintf(buf, sizeof(buf), "%.17g %e %.3f %a %Lg", 0.1, 12345.678,
		 2.0 / 3, 1.5, 1e300L);
	UK_EXPECT_STR_EQ(buf, "0.10000000000000001 1.234568e+04 0.667 "
			 "0x1.8p+0 1e+300");
	snprintf(buf, sizeof(buf), "%g %G %.1f", 1.0 / 0.0, -1.0 / 0.0, -0.0);
	UK_EXPECT_STR_EQ(buf, "inf -INF -0.0");
}

UK_TEST(libc_stdio, snprintf_says_how_much_it_would_have_written)
{
	char buf[4] = "";

	UK_EXPECT_EQ(snprintf(buf, sizeof(buf), "%s", "longer"), 6);
	UK_EXPECT_STR_EQ(buf, "lon");
	UK_EXPECT_EQ(snprintf(NULL, 0, "%1000d", 1), 1000);
}

UK_TEST(libc_stdio, sscanf_takes_apart_what_printf_made)
{
	double f = 0;
	long double lf = 0;
	long long ll = 0;
	int n = 0, at = 0;
	char word[8] = "";

	UK_EXPECT_EQ(sscanf("17 12.5e-2 words", "%d %lf %5[a-z]", &n, &f, word),
		     3);
	UK_EXPECT_EQ(n, 17);
	UK_EXPECT(f == 0.125);
	UK_EXPECT_STR_EQ(word, "words");
	UK_EXPECT_EQ(sscanf("-1099511627776 2.5|", "%lld %Lf%n", &ll, &lf, &at),
		     2);
	UK_EXPECT_EQ(ll, -(1ll << 40));
	UK_EXPECT(lf == 2.5L);
	UK_EXPECT_EQ(at, 18);
	UK_EXPECT_EQ(sscanf("x", "%d", &n), 0);
	UK_EXPECT_EQ(sscanf("", "%d", &n), EOF);
}

UK_TEST(libc_stdio, a_memory_stream_is_a_file)
{
	char *text = NULL;
	size_t len = 0;
	FILE *const f = open_memstream(&text, &len);

	if (!UK_EXPECT_NOT_NULL(f))
		return;
	for (int i = 0; i < 1000; i++)
		fprintf(f, "%d,", i);
	UK_EXPECT_EQ(fflush(f), 0);
	UK_EXPECT_EQ(len, 3890);
	UK_EXPECT_EQ(fclose(f), 0);
	UK_EXPECT_MEM_EQ(text, "0,1,2,3", 7);
	UK_EXPECT_STR_EQ(text + 3886, "999,");
	free(text);
}

UK_TEST(libc_stdio, reading_a_memory_stream_ends_at_its_end)
{
	char in[] = "first\nsecond", line[16];
	FILE *const f = fmemopen(in, strlen(in), "r");

	if (!UK_EXPECT_NOT_NULL(f))
		return;
	UK_EXPECT_STR_EQ(fgets(line, sizeof(line), f), "first\n");
	UK_EXPECT_EQ(fgetc(f), 's');
	UK_EXPECT_EQ(ungetc('S', f), 'S');
	UK_EXPECT_STR_EQ(fgets(line, sizeof(line), f), "Second");
	UK_EXPECT_NULL(fgets(line, sizeof(line), f));
	UK_EXPECT(feof(f) && !ferror(f));
	fclose(f);
}

UK_TEST(libc_stdio, wide_text_is_printed_in_utf8)
{
	char buf[32];
	wchar_t wide[16];

	UK_EXPECT_EQ(snprintf(buf, sizeof(buf), "%lc|%ls", (wint_t)0x41,
			      L"bc"), 4);
	UK_EXPECT_STR_EQ(buf, "A|bc");
	UK_EXPECT_EQ(swprintf(wide, 16, L"%d-%ls", 7, L"xy"), 4);
	UK_EXPECT(wcscmp(wide, L"7-xy") == 0);
}

/* No file layer in the image: the call is not provided, or finds nothing. */
UK_TEST(libc_stdio, a_file_that_is_not_there_does_not_open)
{
	struct stat st;

	errno = 0;
	UK_EXPECT_NULL(fopen("/no/such/file", "r"));
	UK_EXPECT(errno == ENOSYS || errno == ENOENT);
	errno = 0;
	UK_EXPECT_EQ(open("/no/such/file", O_RDONLY), -1);
	UK_EXPECT(errno == ENOSYS || errno == ENOENT);
	errno = 0;
	UK_EXPECT_EQ(stat("/no/such/file", &st), -1);
	UK_EXPECT(errno == ENOSYS || errno == ENOENT);
	errno = 0;
	UK_EXPECT_EQ(remove("/no/such/file"), -1);
	UK_EXPECT(errno == ENOSYS || errno == ENOENT);
	errno = 0;
	UK_EXPECT_NULL(tmpfile());
	UK_EXPECT_NE(errno, 0);
}

UK_TEST(libc_stdio, a_call_that_fails_sets_errno)
{
	errno = 0;
	UK_EXPECT_EQ(write(-1, "x", 1), -1);
	UK_EXPECT_EQ(errno, EBADF);
	errno = 0;
	UK_EXPECT_EQ(read(1000, &errno, 1), -1);
	UK_EXPECT_EQ(errno, EBADF);
	errno = 0;
	UK_EXPECT_EQ(isatty(-1), 0);
	UK_EXPECT(errno == EBADF || errno == ENOSYS);
}

UK_TEST(libc_stdio, a_line_on_stdout_is_whole)
{
	UK_EXPECT_EQ(printf("# %s %d\n", "printed by libc:", 1), 21);
	UK_EXPECT_GE(puts("# puts"), 0);
	UK_EXPECT_EQ(fflush(stdout), 0);
	UK_EXPECT_EQ(__fpending(stdout), 0);
}
