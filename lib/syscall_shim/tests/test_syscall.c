/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>

#include <uk/errno.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/useraddr.h>

/* Not the number of a call on any architecture. */
#define NR_BEYOND	100000
#define NR_GAP		423

static long by_list(long nr, ...)
{
	va_list ap;
	long ret;

	va_start(ap, nr);
	ret = uk_vsyscall_r(nr, ap);
	va_end(ap);
	return ret;
}

UK_TEST(syscall, a_call_nobody_provides_is_enosys_in_every_form)
{
	UK_EXPECT_EQ(uk_syscall_r_static(SYS_reboot, 1, 2, 3, 4), -ENOSYS);
	UK_EXPECT_EQ(uk_syscall_r(SYS_reboot, 1, 2, 3, 4), -ENOSYS);
	UK_EXPECT_EQ(uk_syscall6_r(SYS_reboot, 1, 2, 3, 4, 5, 6), -ENOSYS);
	UK_EXPECT_EQ(uk_syscall_r_reboot(1, 2, 3, 4), -ENOSYS);
	UK_EXPECT_EQ(by_list(SYS_reboot, 1l, 2l, 3l, 4l, 5l, 6l), -ENOSYS);
	UK_EXPECT(!uk_syscall_provided(SYS_reboot));
}

UK_TEST(syscall, numbers_that_are_no_call_are_enosys)
{
	UK_EXPECT_EQ(uk_syscall_r(-1), -ENOSYS);
	UK_EXPECT_EQ(uk_syscall_r(NR_GAP), -ENOSYS);
	UK_EXPECT_EQ(uk_syscall_r_static(NR_GAP), -ENOSYS);
	UK_EXPECT_EQ(uk_syscall_r(NR_BEYOND), -ENOSYS);
	UK_EXPECT_EQ(uk_syscall_r(0x100000000l + SYS_reboot), -ENOSYS);
}

UK_TEST(syscall, names_follow_the_numbers_of_this_architecture)
{
	UK_EXPECT_STR_EQ(uk_syscall_name(SYS_write), "write");
	UK_EXPECT_STR_EQ(uk_syscall_name(SYS_openat), "openat");
	UK_EXPECT_NULL(uk_syscall_name(NR_GAP));
	UK_EXPECT_NULL(uk_syscall_name(NR_BEYOND));
	UK_EXPECT_NULL(uk_syscall_name(-1));
	UK_EXPECT_EQ(SYS_write, __NR_write);
}

static long counted(int *n)
{
	return (*n)++;
}

UK_TEST(syscall, surplus_arguments_are_evaluated_once_and_dropped)
{
	int n = 0;

	UK_EXPECT_EQ(uk_syscall_r_static(SYS_reboot, counted(&n), counted(&n),
					 counted(&n), counted(&n),
					 counted(&n), counted(&n)), -ENOSYS);
	UK_EXPECT_EQ(n, 6);
}

UK_TEST(syscall, the_errno_style_moves_the_error_to_errno)
{
	int errno = 0;

	UK_EXPECT_EQ(uk_syscall(SYS_reboot), -1);
	UK_EXPECT_EQ(errno, ENOSYS);
	errno = 0;
	UK_EXPECT_EQ(uk_syscall_static(SYS_reboot, 1), -1);
	UK_EXPECT_EQ(errno, ENOSYS);
	errno = 0;
	UK_EXPECT_EQ(uk_syscall_to_errno(-4095L), -1);
	UK_EXPECT_EQ(errno, 4095);
	errno = 0;
	UK_EXPECT_EQ(uk_syscall_to_errno(-4096L), -4096);
	UK_EXPECT_EQ(errno, 0);
}

UK_TEST(syscall, pointers_no_program_can_mean_are_told)
{
	char here = 0;

	UK_EXPECT(uk_useraddr_readable(&here, 1));
	UK_EXPECT(uk_useraddr_writable(&here, 1));
	UK_EXPECT(!uk_useraddr_readable(NULL, 1));
	UK_EXPECT(uk_useraddr_readable(NULL, 0));
	UK_EXPECT(!uk_useraddr_readable(&here, SIZE_MAX));
	UK_EXPECT(!uk_useraddr_readable((void *)UK_USERADDR_HOLE, 1));
	UK_EXPECT(!uk_useraddr_readable((void *)UK_USERADDR_END, 1));
	UK_EXPECT(uk_useraddr_readable((void *)(UK_USERADDR_END - 1), 1));
	UK_EXPECT(!uk_useraddr_readable((void *)(UK_USERADDR_END - 1), 2));
	UK_EXPECT(uk_useraddr_readable((void *)4096,
				       UK_USERADDR_HOLE - 4096));
	UK_EXPECT(!uk_useraddr_readable((void *)4096,
					UK_USERADDR_HOLE - 4095));
	UK_EXPECT(uk_useraddr_readable(_text, 1));
	UK_EXPECT(!uk_useraddr_writable(_text, 1));
	UK_EXPECT(!uk_useraddr_writable((void *)((uintptr_t)_erodata - 1), 1));
	UK_EXPECT(uk_useraddr_writable(_erodata, 1));
}
