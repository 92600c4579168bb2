/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is written here shows on the console beside the test report, so it
 * begins with "# " as a remark of TAP.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/mman.h>
#include <uk/abi/uio.h>
#include <uk/arch/paging.h>
#include <uk/config.h>
#include <uk/errno.h>
#if UK_IS_ENABLED(CONFIG_LIBPOSIX_CONSOLE_SAFE)
#include <uk/nofault.h>
#endif
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/useraddr.h>

static const char text[] = "# posix_console\n";

UK_TEST(posix_console, write_shows_all_bytes_on_each_of_the_descriptors)
{
	for (int fd = 0; fd < 3; fd++)
		UK_EXPECT_EQ(uk_syscall_r_write(fd, (long)text, 16), 16);
	UK_EXPECT_EQ(uk_syscall_r_write(1, (long)text, 0), 0);
}

UK_TEST(posix_console, other_descriptors_are_refused_with_ebadf)
{
	char buf[4];

	UK_EXPECT_EQ(uk_syscall_r_write(3, (long)text, 16), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_write(-1, (long)text, 16), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_write(INT32_MIN, 0, -1), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_read(3, (long)buf, 4), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_writev(7, 0, 1), -EBADF);
}

UK_TEST(posix_console, pointers_that_cannot_be_are_refused_with_efault)
{
	UK_EXPECT_EQ(uk_syscall_r_write(1, 0, 1), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_write(1, 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_write(1, 4095, 1), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_write(1, (long)UK_USERADDR_HOLE, 1),
		     -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_write(1, (long)UK_USERADDR_HOLE - 1, 2),
		     -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_write(1, UKARCH_LINEAR_BASE - 1, 1),
		     -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_write(1, -1, 1), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_read(0, 0, 1), -EFAULT);
}

UK_TEST(posix_console, read_refuses_to_write_into_constants)
{
	UK_EXPECT_EQ(uk_syscall_r_read(0, (long)text, 16), -EFAULT);
}

UK_TEST(posix_console, a_length_that_is_negative_is_refused_with_einval)
{
	UK_EXPECT_EQ(uk_syscall_r_write(1, (long)text, -1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_read(0, (long)text, INT64_MIN), -EINVAL);
}

UK_TEST(posix_console, read_of_no_bytes_does_not_wait)
{
	char buf[1];

	UK_EXPECT_EQ(uk_syscall_r_read(0, (long)buf, 0), 0);
}

UK_TEST(posix_console, writev_writes_its_pieces_in_order_and_skips_empty_ones)
{
	const struct uk_abi_iovec iov[] = {
		{ (void *)(uintptr_t)"# one ", 6 },
		{ NULL, 0 },
		{ (void *)(uintptr_t)"two\n", 4 },
	};

	UK_EXPECT_EQ(uk_syscall_r_writev(1, (long)iov, 3), 10);
	UK_EXPECT_EQ(uk_syscall_r_writev(1, 0, 0), 0);
}

UK_TEST(posix_console, writev_writes_nothing_if_one_piece_is_bad)
{
	struct uk_abi_iovec iov[] = {
		{ (void *)(uintptr_t)"not ok 0 - must not show\n", 25 },
		{ NULL, 1 },
	};

	UK_EXPECT_EQ(uk_syscall_r_writev(1, (long)iov, 2), -EFAULT);
	iov[1].iov_len = (unsigned long)PTRDIFF_MAX - 10;
	UK_EXPECT_EQ(uk_syscall_r_writev(1, (long)iov, 2), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_writev(1, (long)iov, -1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_writev(1, (long)iov, 1025), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_writev(1, 16, 1), -EFAULT);
}

#if UK_IS_ENABLED(CONFIG_LIBPOSIX_CONSOLE_SAFE)
/* Far from all that is mapped. */
#define NOTHING	0x300000000000

UK_TEST(posix_console, memory_that_is_not_there_is_refused_with_efault)
{
	const struct uk_abi_iovec bad = { (void *)NOTHING, 5 };

	UK_EXPECT_EQ(uk_syscall_r_write(1, NOTHING, 5), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_write(1, NOTHING, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_read(0, NOTHING, 5), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_writev(1, (long)&bad, 1), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_writev(1, NOTHING, 1), -EFAULT);
}

UK_TEST(posix_console, a_write_ends_where_memory_does)
{
	const long len = (long)UKARCH_PAGE_SIZE;
	struct uk_abi_iovec iov[2];
	long at, last;

	if (!uk_syscall_provided(SYS_mmap))
		UK_TEST_SKIP("nothing maps memory");
	at = uk_syscall6_r(SYS_mmap, 0, 2 * len,
			   UK_ABI_PROT_READ | UK_ABI_PROT_WRITE,
			   UK_ABI_MAP_PRIVATE | UK_ABI_MAP_ANONYMOUS, -1, 0);
	if (!UK_EXPECT_GT(at, 0))
		return;
	last = at + len - 16;
	UK_EXPECT_EQ(uk_syscall6_r(SYS_munmap, at + len, len, 0, 0, 0, 0), 0);
	UK_EXPECT_EQ(uk_nofault_memcpy((void *)last, text, 16, 0), 16);
	UK_EXPECT_EQ(uk_syscall_r_write(1, last, 16), 16);
	UK_EXPECT_EQ(uk_syscall_r_write(1, last, 500), 16);
	iov[0] = (struct uk_abi_iovec){ (void *)(uintptr_t)text, 16 };
	iov[1] = (struct uk_abi_iovec){ (void *)last, 17 };
	UK_EXPECT_EQ(uk_syscall_r_writev(1, (long)iov, 2), 32);
	UK_EXPECT_EQ(uk_syscall6_r(SYS_munmap, at, len, 0, 0, 0, 0), 0);
}
#endif
