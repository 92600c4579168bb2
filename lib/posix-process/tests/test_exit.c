/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A case that ends the image ends the report too; that exit statuses arrive
 * is seen from outside, by the system tests. Here: who has the calls.
 */
#include <uk/errno.h>
#include <uk/syscall.h>
#include <uk/test.h>

UK_TEST(posix_process, exit_and_exit_group_are_provided)
{
	UK_EXPECT(uk_syscall_provided(SYS_exit));
	UK_EXPECT(uk_syscall_provided(SYS_exit_group));
}

UK_TEST(posix_process, there_are_no_other_programs_yet)
{
	UK_EXPECT_EQ(uk_syscall_r_static(SYS_execve, 0, 0, 0), -ENOSYS);
}
