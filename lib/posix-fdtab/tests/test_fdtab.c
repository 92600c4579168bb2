/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/fdtab.h>

#include <limits.h>
#include <stddef.h>

#include <uk/abi/fcntl.h>
#include <uk/errno.h>
#include <uk/syscall.h>
#include <uk/test.h>

#include "fdtab_fixture.h"

/* Numbers from here on are free in each test. */
#define BASE	100

static void open_at(struct plain *p, int fd)
{
	plain_init(p);
	UK_EXPECT_EQ(uk_fd_open(&p->file, (unsigned int)fd, false), fd);
}

UK_TEST(fdtab, the_lowest_free_number_from_a_minimum_on_is_given)
{
	struct plain p, q, r;

	open_at(&p, BASE);
	plain_init(&q);
	UK_EXPECT_EQ(uk_fd_open(&q.file, BASE, false), BASE + 1);
	UK_EXPECT_EQ(uk_fd_close(BASE), 0);
	UK_EXPECT_EQ(p.nreleases, 1);
	plain_init(&r);
	UK_EXPECT_EQ(uk_fd_open(&r.file, BASE, false), BASE);
	UK_EXPECT_EQ(uk_fd_close(BASE), 0);
	UK_EXPECT_EQ(uk_fd_close(BASE + 1), 0);
}

UK_TEST(fdtab, what_is_not_open_is_ebadf)
{
	const int none[] = { -1, BASE, INT_MAX, INT_MIN,
			     CONFIG_LIBPOSIX_FDTAB_MAX };

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(none); i++) {
		const long fd = none[i];

		UK_EXPECT_NULL(uk_fd_borrow(none[i]));
		UK_EXPECT_EQ(uk_syscall_r_close(fd), -EBADF);
		UK_EXPECT_EQ(uk_syscall_r_dup(fd), -EBADF);
		UK_EXPECT_EQ(uk_syscall_r_dup2(fd, BASE + 1), -EBADF);
		UK_EXPECT_EQ(uk_syscall_r_dup2(fd, fd), -EBADF);
		UK_EXPECT_EQ(uk_syscall_r_dup3(fd, BASE + 1, 0), -EBADF);
		for (long cmd = 0; cmd < 50; cmd++)
			UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, cmd, 0), -EBADF);
	}
}

UK_TEST(fdtab, numbers_end_at_the_limit_and_come_back_with_it)
{
	struct plain p, q;
	struct uk_file *file;

	open_at(&p, BASE);
	plain_init(&q);
	uk_fd_set_limit(BASE + 1);
	UK_EXPECT_EQ(uk_fd_open(&q.file, BASE, false), -EMFILE);
	UK_EXPECT_EQ(uk_fd_open(&q.file, BASE + 1, false), -EMFILE);
	UK_EXPECT_EQ(uk_syscall_r_dup2(BASE, BASE + 1), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(BASE, UK_ABI_F_DUPFD, BASE + 1),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(BASE, UK_ABI_F_DUPFD, BASE), -EMFILE);
	/* What is open above a new limit stays. */
	uk_fd_set_limit(BASE);
	file = uk_fd_borrow(BASE);
	UK_EXPECT(file == &p.file);
	uk_fd_return(BASE, file);
	uk_fd_set_limit(UINT_MAX);
	UK_EXPECT_EQ(uk_fd_limit(), CONFIG_LIBPOSIX_FDTAB_MAX);
	UK_EXPECT_EQ(uk_fd_open(&q.file, BASE, false), BASE + 1);
	UK_EXPECT_EQ(uk_fd_close(BASE + 1), 0);
	UK_EXPECT_EQ(uk_fd_close(BASE), 0);
	UK_EXPECT_EQ(q.nreleases, 1);
}

UK_TEST(fdtab, all_numbers_can_be_in_use)
{
	unsigned int n = 0;
	struct plain p;
	int fd, first = -1;

	plain_init(&p);
	for (;;) {
		uk_file_get(&p.file);
		fd = uk_fd_open(&p.file, BASE, false);
		if (fd < 0)
			break;
		if (first < 0)
			first = fd;
		n++;
	}
	uk_file_put(&p.file);
	UK_EXPECT_EQ(fd, -EMFILE);
	UK_EXPECT_EQ(first, BASE);
	UK_EXPECT_EQ(n, CONFIG_LIBPOSIX_FDTAB_MAX - BASE);
	UK_EXPECT_EQ(uk_syscall_r_close_range(BASE, UINT_MAX, 0), 0);
	UK_EXPECT_EQ(p.nreleases, 0);
	uk_file_put(&p.file);
	UK_EXPECT_EQ(p.nreleases, 1);
}

UK_TEST(fdtab, dup2_closes_what_was_there_and_to_itself_does_nothing)
{
	struct plain p, q;

	open_at(&p, BASE);
	open_at(&q, BASE + 1);
	UK_EXPECT_EQ(uk_syscall_r_dup2(BASE, BASE), BASE);
	UK_EXPECT_EQ(uk_syscall_r_dup2(BASE, BASE + 1), BASE + 1);
	UK_EXPECT_EQ(q.nreleases, 1);
	UK_EXPECT_EQ(uk_syscall_r_dup2(BASE, BASE + 7), BASE + 7);
	UK_EXPECT_EQ(uk_syscall_r_close(BASE), 0);
	UK_EXPECT_EQ(uk_syscall_r_close(BASE + 1), 0);
	UK_EXPECT_EQ(p.nreleases, 0);
	UK_EXPECT_EQ(uk_syscall_r_close(BASE + 7), 0);
	UK_EXPECT_EQ(p.nreleases, 1);
}

UK_TEST(fdtab, dup3_takes_cloexec_and_refuses_the_rest)
{
	struct plain p;

	open_at(&p, BASE);
	UK_EXPECT_EQ(uk_syscall_r_dup3(BASE, BASE, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_dup3(BASE, BASE + 1, 1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_dup3(BASE, BASE + 1, UK_ABI_O_CLOEXEC),
		     BASE + 1);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(BASE, UK_ABI_F_GETFD, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(BASE + 1, UK_ABI_F_GETFD, 0),
		     UK_ABI_FD_CLOEXEC);
	UK_EXPECT_EQ(uk_syscall_r_close_range(BASE, BASE + 1, 0), 0);
	UK_EXPECT_EQ(p.nreleases, 1);
}

UK_TEST(fdtab, cloexec_is_the_descriptors_and_flags_are_the_files)
{
	struct plain p;
	long fd;

	open_at(&p, BASE);
	fd = uk_syscall_r_fcntl(BASE, UK_ABI_F_DUPFD_CLOEXEC, BASE + 3);
	UK_EXPECT_EQ(fd, BASE + 3);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(BASE, UK_ABI_F_GETFD, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, UK_ABI_F_GETFD, 0), 1);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, UK_ABI_F_SETFD, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, UK_ABI_F_GETFD, 0), 0);

	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, UK_ABI_F_GETFL, 0),
		     UK_ABI_O_RDWR);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, UK_ABI_F_SETFL,
					~0l & ~UK_ABI_O_APPEND), 0);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(BASE, UK_ABI_F_GETFL, 0),
		     UK_ABI_O_RDWR | UK_ABI_O_NONBLOCK);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(BASE, UK_ABI_F_SETFL, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, UK_ABI_F_GETFL, 0),
		     UK_ABI_O_RDWR);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, 12345, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_close_range(BASE, BASE + 3, 0), 0);
	UK_EXPECT_EQ(p.nreleases, 1);
}

UK_TEST(fdtab, close_range_closes_or_marks_what_is_open)
{
	struct plain p;

	open_at(&p, BASE);
	UK_EXPECT_EQ(uk_syscall_r_close_range(BASE + 1, BASE, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_close_range(BASE, BASE, 8), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_close_range(
			BASE, UINT_MAX, UK_ABI_CLOSE_RANGE_CLOEXEC), 0);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(BASE, UK_ABI_F_GETFD, 0), 1);
	UK_EXPECT_EQ(uk_syscall_r_close_range(
			BASE, UINT_MAX, UK_ABI_CLOSE_RANGE_UNSHARE), 0);
	UK_EXPECT_EQ(p.nreleases, 1);
	/* A number that is given again is not marked. */
	open_at(&p, BASE);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(BASE, UK_ABI_F_GETFD, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_close(BASE), 0);
}
