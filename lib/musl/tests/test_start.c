/* SPDX-License-Identifier: BSD-3-Clause */
/* What the program finds when it begins, and the calls that need nobody. */
#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>
#include <unistd.h>

#include <uk/arch/cpu.h>
#include <uk/config.h>
#include <uk/test.h>

extern char **environ;

UK_TEST(musl_start, the_auxiliary_vector_tells_of_the_machine)
{
	UK_EXPECT_EQ(getauxval(AT_PAGESZ), UKARCH_PAGE_SIZE);
	UK_EXPECT_EQ(sysconf(_SC_PAGESIZE), UKARCH_PAGE_SIZE);
	UK_EXPECT_EQ(getauxval(AT_SECURE), 0);
	UK_EXPECT_NE(getauxval(AT_HWCAP), 0);
	errno = 0;
	UK_EXPECT_EQ(getauxval(9999), 0);
	UK_EXPECT_EQ(errno, ENOENT);
}

UK_TEST(musl_start, random_bytes_are_given_where_there_are_some)
{
	static const char zeros[16];
	const void *const bytes = (void *)getauxval(AT_RANDOM);

	UK_EXPECT_EQ(!!bytes, UK_IS_ENABLED(CONFIG_LIBUKRANDOM));
	if (bytes)
		UK_EXPECT(memcmp(bytes, zeros, sizeof(zeros)) != 0);
}

static int see_segment(struct dl_phdr_info *info, size_t len, void *arg)
{
	int *const seen = arg;

	(void)len;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const uintptr_t begin = info->dlpi_addr +
					info->dlpi_phdr[i].p_vaddr;

		if (info->dlpi_phdr[i].p_type == PT_LOAD &&
		    (uintptr_t)see_segment >= begin &&
		    (uintptr_t)see_segment < begin + info->dlpi_phdr[i].p_memsz)
			(*seen)++;
	}
	return 0;
}

UK_TEST(musl_start, the_image_has_a_program_header)
{
	int seen = 0;

	UK_EXPECT_EQ(dl_iterate_phdr(see_segment, &seen), 0);
	UK_EXPECT_EQ(seen, 1);
}

UK_TEST(musl_start, time_is_told_or_refused_but_not_invented)
{
	struct timespec ts = { -1, -1 };

	/* A clock that musl cannot have is EINVAL to it. */
	errno = 0;
	if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
		UK_EXPECT(errno == ENOSYS || errno == EINVAL);
	else
		UK_EXPECT(ts.tv_sec >= 0 && ts.tv_nsec < 1000000000);
}

/* 500 is no call of either architecture; the table is asked at run time. */
UK_TEST(musl_start, a_call_that_is_none_is_enosys)
{
	errno = 0;
	UK_EXPECT_EQ(syscall(500L), -1);
	UK_EXPECT_EQ(errno, ENOSYS);
}
