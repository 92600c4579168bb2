/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uk/test.h>

UK_TEST(newlib_stdio, the_forms_for_whole_numbers_know_no_others)
{
	char buf[32];

	UK_EXPECT_EQ(sniprintf(buf, sizeof(buf), "%d %s %x", 1, "a", 10), 5);
	UK_EXPECT_STR_EQ(buf, "1 a a");
}

UK_TEST(newlib_stdio, asprintf_makes_the_room_it_needs)
{
	char *text = NULL;

	UK_EXPECT_EQ(asprintf(&text, "%2000d", 7), 2000);
	if (UK_EXPECT_NOT_NULL(text))
		UK_EXPECT(text[0] == ' ' && text[1999] == '7');
	free(text);
}

UK_TEST(newlib_stdio, getline_makes_its_line_longer)
{
	static char in[600];
	char *line = NULL;
	size_t room = 0;
	FILE *f;

	memset(in, 'a', sizeof(in) - 1);
	in[500] = '\n';
	f = fmemopen(in, sizeof(in) - 1, "r");
	if (!UK_EXPECT_NOT_NULL(f))
		return;
	UK_EXPECT_EQ(__getline(&line, &room, f), 501);
	UK_EXPECT_EQ(__getline(&line, &room, f), 98);
	UK_EXPECT_EQ(__getline(&line, &room, f), -1);
	free(line);
	fclose(f);
}

static struct {
	char text[64];
	size_t len;
	int closed;
	int fails;
} sink;

static ssize_t sink_write(void *cookie, const char *buf, size_t len)
{
	if (sink.fails) {
		errno = ENOSPC;
		return -1;
	}
	UK_EXPECT_EQ(cookie, &sink);
	memcpy(sink.text + sink.len, buf, len);
	sink.len += len;
	return (ssize_t)len;
}

static int sink_close(void *cookie)
{
	(void)cookie;
	sink.closed++;
	return 0;
}

static FILE *open_sink(void)
{
	const cookie_io_functions_t fns = {
		.write = sink_write,
		.close = sink_close,
	};

	memset(&sink, 0, sizeof(sink));
	return fopencookie(&sink, "w", fns);
}

UK_TEST(newlib_stdio, a_stream_writes_when_its_buffer_says_so)
{
	FILE *const f = open_sink();

	if (!UK_EXPECT_NOT_NULL(f))
		return;
	UK_EXPECT_EQ(setvbuf(f, NULL, _IOLBF, 0), 0);
	fputs("half", f);
	UK_EXPECT_EQ(sink.len, 0);
	fputs(" a line\nand", f);
	UK_EXPECT_GE(sink.len, 12);
	UK_EXPECT_EQ(fflush(f), 0);
	UK_EXPECT_MEM_EQ(sink.text, "half a line\nand", 15);
	UK_EXPECT_EQ(setvbuf(f, NULL, _IONBF, 0), 0);
	fputc('!', f);
	UK_EXPECT_EQ(sink.len, 16);
	UK_EXPECT_EQ(fclose(f), 0);
	UK_EXPECT_EQ(sink.closed, 1);
}

UK_TEST(newlib_stdio, what_cannot_be_written_is_an_error)
{
	FILE *const f = open_sink();

	if (!UK_EXPECT_NOT_NULL(f))
		return;
	sink.fails = 1;
	fputs("lost", f);
	errno = 0;
	UK_EXPECT_EQ(fflush(f), EOF);
	UK_EXPECT_EQ(errno, ENOSPC);
	UK_EXPECT(ferror(f));
	clearerr(f);
	UK_EXPECT(!ferror(f));
	sink.fails = 0;
	fclose(f);
}

UK_TEST(newlib_stdio, many_streams_are_open_at_once)
{
	static FILE *f[50];
	static char in[50][2];
	int good = 0;

	for (int i = 0; i < 50; i++) {
		in[i][0] = (char)('0' + i);
		f[i] = fmemopen(in[i], 1, "r");
		UK_EXPECT_NOT_NULL(f[i]);
	}
	for (int i = 0; i < 50; i++)
		if (f[i])
			good += fgetc(f[i]) == '0' + i;
	UK_EXPECT_EQ(good, 50);
	for (int i = 0; i < 50; i++)
		if (f[i])
			UK_EXPECT_EQ(fclose(f[i]), 0);
}

/* The numbers are those of the calls, not newlib's own. */
UK_TEST(newlib_stdio, errors_and_flags_have_the_numbers_of_the_calls)
{
	UK_EXPECT_EQ(ENOSYS, 38);
	UK_EXPECT_EQ(ETIMEDOUT, 110);
	UK_EXPECT_EQ(EILSEQ, 84);
	UK_EXPECT_EQ(O_CREAT, 0100);
	UK_EXPECT_EQ(O_NONBLOCK, 04000);
	UK_EXPECT_EQ(O_CLOEXEC, 02000000);
	UK_EXPECT_STR_EQ(strerror(ENOSYS), "Function not implemented");
	UK_EXPECT_STR_EQ(strerror(EOVERFLOW),
			 "Value too large for defined data type");
}

UK_TEST(newlib_stdio, descriptors_are_duplicated_where_there_is_a_table)
{
	int fds[2];
	char c = 0;

	errno = 0;
	if (pipe(fds) != 0) {
		UK_EXPECT_EQ(errno, ENOSYS);
		UK_TEST_SKIP("no pipe in the image");
	}
	UK_EXPECT_EQ(write(fds[1], "x", 1), 1);
	UK_EXPECT_EQ(dup2(fds[0], fds[0]), fds[0]);
	UK_EXPECT_EQ(dup2(fds[0], 50), 50);
	UK_EXPECT_EQ(read(50, &c, 1), 1);
	UK_EXPECT_EQ(c, 'x');
	UK_EXPECT_EQ(close(50), 0);
	errno = 0;
	UK_EXPECT_EQ(dup2(50, 50), -1);
	UK_EXPECT_EQ(errno, EBADF);
	UK_EXPECT_EQ(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	UK_EXPECT(fcntl(fds[0], F_GETFL) & O_NONBLOCK);
	errno = 0;
	UK_EXPECT_EQ(read(fds[0], &c, 1), -1);
	UK_EXPECT_EQ(errno, EAGAIN);
	errno = 0;
	UK_EXPECT_EQ(lseek(fds[0], 0, SEEK_SET), -1);
	UK_EXPECT_EQ(errno, ESPIPE);
	UK_EXPECT_EQ(close(dup(fds[0])), 0);
	close(fds[0]);
	close(fds[1]);
}

UK_TEST(newlib_stdio, a_stream_on_a_descriptor_reads_and_writes_it)
{
	char line[16];
	int fds[2];
	FILE *in, *out;

	if (pipe(fds) != 0)
		UK_TEST_SKIP("no pipe in the image");
	in = fdopen(fds[0], "r");
	out = fdopen(fds[1], "w");
	if (!UK_EXPECT(in && out))
		return;
	UK_EXPECT_EQ(fileno(in), fds[0]);
	fprintf(out, "line %d\n", 1);
	UK_EXPECT_EQ(fflush(out), 0);
	UK_EXPECT_STR_EQ(fgets(line, sizeof(line), in), "line 1\n");
	UK_EXPECT_EQ(fclose(out), 0);
	UK_EXPECT_EQ(fgetc(in), EOF);
	UK_EXPECT(feof(in));
	UK_EXPECT_EQ(fclose(in), 0);
}

UK_TEST(newlib_stdio, errors_have_words)
{
	UK_EXPECT_STR_EQ(strerror(EBADF), "Bad file number");
}
