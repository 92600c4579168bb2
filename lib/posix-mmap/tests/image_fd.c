/* SPDX-License-Identifier: BSD-3-Clause */
/* Descriptors: what is wrong with each is told, as Linux does. */
#include "calls.h"

#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/file.h>

static void nothing(struct uk_file *file UK_UNUSED)
{
}

static const struct uk_file_ops ops = { .kind = "none", .release = nothing };

static long map_fd(int fd, long prot, long flags)
{
	return uk_syscall_r_mmap(0, PAGE, prot, flags, fd, 0);
}

UK_TEST(mmap_fd, no_kind_of_file_can_be_mapped_and_the_reason_is_told)
{
	const long private = UK_ABI_MAP_PRIVATE, shared = UK_ABI_MAP_SHARED;
	static struct uk_file in, out;
	int fd[2];

	uk_file_init(&in, &ops, true, false);
	uk_file_init(&out, &ops, false, true);
	fd[0] = uk_fd_open(&in, 0, false);
	fd[1] = uk_fd_open(&out, 0, false);
	UK_EXPECT_GE(fd[0], 0);
	UK_EXPECT_GE(fd[1], 0);

	UK_EXPECT_EQ(map_fd(fd[0], UK_ABI_PROT_READ, private), -ENODEV);
	UK_EXPECT_EQ(map_fd(fd[0], RW, private), -ENODEV);
	UK_EXPECT_EQ(map_fd(fd[0], UK_ABI_PROT_READ, 3), -ENODEV);
	UK_EXPECT_EQ(map_fd(fd[0], UK_ABI_PROT_READ,
			    private | UK_ABI_MAP_GROWSDOWN), -ENODEV);
	UK_EXPECT_EQ(map_fd(fd[0], RW, shared), -EACCES);
	UK_EXPECT_EQ(map_fd(fd[1], UK_ABI_PROT_READ, private), -EACCES);
	UK_EXPECT_EQ(map_fd(fd[0], UK_ABI_PROT_READ, 0), -EINVAL);
	UK_EXPECT_EQ(map_fd(fd[1], UK_ABI_PROT_READ, 0), -EINVAL);
	UK_EXPECT_EQ(map_fd(fd[0], UK_ABI_PROT_READ,
			    private | UK_ABI_MAP_HUGETLB), -EINVAL);
	UK_EXPECT_EQ(uk_fd_close(fd[0]), 0);
	UK_EXPECT_EQ(uk_fd_close(fd[1]), 0);
	UK_EXPECT_EQ(map_fd(fd[0], UK_ABI_PROT_READ, private), -EBADF);
	UK_EXPECT_EQ(map_fd(-1, UK_ABI_PROT_READ, private), -EBADF);
	UK_EXPECT_EQ(in.refs, 0);
	UK_EXPECT_EQ(out.refs, 0);
}
