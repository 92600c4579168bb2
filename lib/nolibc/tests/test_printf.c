/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uk/test.h>

static char buf[256];

/* What fmt and arguments give, in buf. */
#define PRINT(...)	snprintf(buf, sizeof(buf), __VA_ARGS__)

UK_TEST(nolibc_printf, lengths_take_their_type_from_the_arguments)
{
	PRINT("%hhd %hd %d %ld %lld", 0x1ff, 0x1ffff, -1, LONG_MIN, LLONG_MAX);
	UK_EXPECT_STR_EQ(buf, "-1 -1 -1 -9223372036854775808 "
			      "9223372036854775807");
	PRINT("%zu %zd %ju %td", SIZE_MAX, (size_t)-1, UINTMAX_MAX,
	      (ptrdiff_t)-5);
	UK_EXPECT_STR_EQ(buf, "18446744073709551615 -1 18446744073709551615 "
			      "-5");
	PRINT("%" PRIu8 " %" PRId16 " %" PRIx32 " %" PRIo64 " %" PRIdMAX,
	      (uint8_t)255, (int16_t)-2, UINT32_MAX, UINT64_C(8), INTMAX_MIN);
	UK_EXPECT_STR_EQ(buf, "255 -2 ffffffff 10 -9223372036854775808");
}

UK_TEST(nolibc_printf, flags_width_and_precision_combine_as_in_c)
{
	PRINT("[%5d][%-5d][%05d][%+d][% d][%.3d][%8.3d][%-8.3d]", 42, 42, 42,
	      42, 42, 42, 42, 42);
	UK_EXPECT_STR_EQ(buf, "[   42][42   ][00042][+42][ 42][042]"
			      "[     042][042     ]");
	PRINT("[%#x][%#o][%#X][%#x][%.0d][%#.0o][%8.3x]", 255, 8, 255, 0, 0,
	      0, 255);
	UK_EXPECT_STR_EQ(buf, "[0xff][010][0XFF][0][][0][     0ff]");
	PRINT("[%*d][%*d][%.*d][%.*d]", 4, 1, -4, 2, 3, 3, -3, 4);
	UK_EXPECT_STR_EQ(buf, "[   1][2   ][003][4]");
}

UK_TEST(nolibc_printf, strings_characters_and_pointers)
{
	PRINT("[%s][%5s][%-5s][%.2s][%c][%3c][%%]", "abc", "abc", "abc",
	      "abc", 'x', 'y');
	UK_EXPECT_STR_EQ(buf, "[abc][  abc][abc  ][ab][x][  y][%]");
	PRINT("%p", (void *)0x1234abcdl);
	UK_EXPECT_STR_EQ(buf, "0x1234abcd");
}

UK_TEST(nolibc_printf, the_text_is_cut_and_its_full_length_returned)
{
	char small[6];

	UK_EXPECT_EQ(snprintf(small, sizeof(small), "%s", "abcdefgh"), 8);
	UK_EXPECT_STR_EQ(small, "abcde");
	UK_EXPECT_EQ(snprintf(NULL, 0, "%d", 12345), 5);
	UK_EXPECT_EQ(snprintf(small, 1, "xyz"), 3);
	UK_EXPECT_STR_EQ(small, "");
	UK_EXPECT_EQ(sprintf(buf, "%d-%s", 7, "x"), 3);
	UK_EXPECT_STR_EQ(buf, "7-x");
}

/* Not known when compiling, so no warning. */
static const char *volatile percent_n = "%n";
static const char *volatile percent_ls = "%ls";
static const char *volatile percent_end = "abc%";

UK_TEST(nolibc_printf, writing_to_memory_by_percent_n_is_refused)
{
	int n = -7;

	errno = 0;
	UK_EXPECT_EQ(snprintf(buf, sizeof(buf), percent_n, &n), -1);
	UK_EXPECT_EQ(errno, EINVAL);
	UK_EXPECT_EQ(n, -7);
}

UK_TEST(nolibc_printf, conversions_that_do_not_exist_are_an_error)
{
	UK_EXPECT_EQ(snprintf(buf, sizeof(buf), percent_ls, NULL), -1);
	UK_EXPECT_EQ(snprintf(buf, sizeof(buf), percent_end), -1);
	UK_EXPECT_STR_EQ(buf, "abc");
}

UK_TEST(nolibc_printf, output_streams_write_or_say_why_not)
{
	UK_EXPECT_EQ(fprintf(stderr, "# %s\n", "on stderr"), 12);
	UK_EXPECT_EQ(printf("# %s\n", "on stdout"), 12);
	UK_EXPECT_EQ(fflush(NULL), 0);
	UK_EXPECT_EQ(dprintf(1, "# %d\n", 1), 4);
	errno = 0;
	UK_EXPECT_EQ(dprintf(99, "x"), -1);
	UK_EXPECT_EQ(errno, EBADF);
	errno = 0;
	UK_EXPECT_EQ(fprintf(stdin, "x"), -1);
	UK_EXPECT_EQ(errno, EBADF);
	UK_EXPECT(ferror(stdin));
	clearerr(stdin);
	UK_EXPECT(!ferror(stdin));
	UK_EXPECT_EQ(fgetc(stdout), EOF);
	UK_EXPECT(ferror(stdout));
	clearerr(stdout);
}

UK_TEST(nolibc_printf, puts_and_fwrite_count_what_they_wrote)
{
	UK_EXPECT(puts("# puts") >= 0);
	UK_EXPECT(fputs("# fputs\n", stdout) >= 0);
	UK_EXPECT_EQ(putchar('#'), '#');
	UK_EXPECT_EQ(putc('\n', stdout), '\n');
	UK_EXPECT_EQ(fwrite("# fwrite\n", 3, 3, stdout), 3);
	UK_EXPECT_EQ(fwrite("x", 0, 9, stdout), 0);
	UK_EXPECT_EQ(fwrite("x", SIZE_MAX, 2, stdout), 0);
	UK_EXPECT(ferror(stdout));
	clearerr(stdout);
	fflush(stdout);
}

UK_TEST(nolibc_printf, a_text_longer_than_the_buffer_arrives_in_order)
{
	static char text[2 * BUFSIZ + 2];

	memset(text, '-', sizeof(text) - 2);
	text[0] = '#';
	text[sizeof(text) - 2] = '\n';
	UK_EXPECT_EQ(printf("# begin %.3s", "..."), 11);
	UK_EXPECT_EQ(setvbuf(stdout, NULL, _IOFBF, 0), 0);
	UK_EXPECT_EQ(puts(" end"), 0);
	UK_EXPECT(fputs(text, stdout) >= 0);
	UK_EXPECT_EQ(setvbuf(stdout, NULL, _IOLBF, 0), 0);
	UK_EXPECT_EQ(setvbuf(stdout, NULL, 7, 0), -1);
}

UK_TEST(nolibc_printf, asprintf_gives_a_block_of_the_right_size)
{
	char *str = NULL;

	UK_EXPECT_EQ(asprintf(&str, "%s-%d", "block", 12), 8);
	UK_EXPECT_STR_EQ(str, "block-12");
	free(str);
	UK_EXPECT_EQ(asprintf(&str, percent_n, NULL), -1);
	UK_EXPECT_NULL(str);
}
