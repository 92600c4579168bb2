/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * eventfd2 and pipe2 are called by number: so what provides them may have its
 * own cases use this.
 */
#include <uk/test_fd.h>

#include <uk/abi/fcntl.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/io.h>
#include <uk/test.h>

static long transfer(int fd, void *buf, size_t len,
		     ptrdiff_t (*how)(struct uk_file *, struct uk_io *,
				      int64_t))
{
	struct uk_file *const file = uk_fd_borrow(fd);
	struct uk_io io;
	long rc;

	if (!UK_EXPECT_NOT_NULL(file))
		return 0;
	uk_io_buf(&io, buf, len);
	rc = how(file, &io, UK_FILE_POS);
	uk_fd_return(fd, file);
	return rc;
}

long uk_test_read(int fd, void *buf, size_t len)
{
	return transfer(fd, buf, len, uk_file_read);
}

long uk_test_write(int fd, const void *buf, size_t len)
{
	return transfer(fd, (void *)(uintptr_t)buf, len, uk_file_write);
}

int uk_test_event(unsigned int count)
{
	const long fd = uk_syscall6_r(SYS_eventfd2, count, UK_ABI_O_NONBLOCK, 0,
				      0, 0, 0);

	UK_EXPECT_GE(fd, 0);
	return (int)fd;
}

void uk_test_pipe(int fd[2])
{
	UK_EXPECT_EQ(uk_syscall6_r(SYS_pipe2, (long)fd, UK_ABI_O_NONBLOCK, 0, 0,
				   0, 0), 0);
}

void uk_test_close(int fd)
{
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

void uk_test_raise(int fd)
{
	UK_EXPECT_EQ(uk_test_write(fd, &(uint64_t){ 1 }, 8), 8);
}

void uk_test_take(int fd)
{
	UK_EXPECT_EQ(uk_test_read(fd, &(uint64_t){ 0 }, 8), 8);
}
