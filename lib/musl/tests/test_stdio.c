/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uk/test.h>

UK_TEST(musl_stdio, a_memory_stream_goes_back)
{
	char *text = NULL;
	size_t len = 0;
	FILE *const f = open_memstream(&text, &len);

	if (!UK_EXPECT_NOT_NULL(f))
		return;
	UK_EXPECT_GE(fputs("0,1,2,3", f), 0);
	UK_EXPECT_EQ(fseek(f, 0, SEEK_SET), 0);
	UK_EXPECT_GE(fputs("zero", f), 0);
	UK_EXPECT_EQ(fclose(f), 0);
	UK_EXPECT_MEM_EQ(text, "zero2,3", 7);
	free(text);
}

UK_TEST(musl_stdio, sscanf_reads_hexadecimal_floating_point)
{
	double f = 0;

	UK_EXPECT_EQ(sscanf("0x1p-3", "%lf", &f), 1);
	UK_EXPECT(f == 0.125);
}

UK_TEST(musl_stdio, errors_have_words)
{
	UK_EXPECT_STR_EQ(strerror(EBADF), "Bad file descriptor");
}
