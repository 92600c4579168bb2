/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The calls; what they do to ids is in the cases beside. A process that was
 * root and is not is it never again, so these go only as far as there is a way
 * back: the effective id, and what it may.
 */
#include <stdint.h>

#include <uk/abi/capability.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/syscall.h>
#include <uk/test.h>

#define BAD	16l

static void expect_users(uint32_t real, uint32_t effective, uint32_t saved)
{
	uint32_t r = 99, e = 99, s = 99;

	UK_EXPECT_EQ(uk_syscall_r_getresuid((long)&r, (long)&e, (long)&s), 0);
	UK_EXPECT_EQ(r, real);
	UK_EXPECT_EQ(e, effective);
	UK_EXPECT_EQ(s, saved);
}

UK_TEST(user, it_is_root_at_first)
{
	expect_users(0, 0, 0);
	UK_EXPECT_EQ(uk_syscall_r_getuid(), 0);
	UK_EXPECT_EQ(uk_syscall_r_geteuid(), 0);
	UK_EXPECT_EQ(uk_syscall_r_getgid(), 0);
	UK_EXPECT_EQ(uk_syscall_r_getegid(), 0);
	UK_EXPECT_EQ(uk_syscall_r_setfsuid(-1), 0);
	UK_EXPECT_EQ(uk_syscall_r_setfsgid(-1), 0);
}

UK_TEST(user, root_may_be_another_for_a_while)
{
	UK_EXPECT_EQ(uk_syscall_r_setresuid(-1, 5, -1), 0);
	expect_users(0, 5, 0);
	UK_EXPECT_EQ(uk_syscall_r_geteuid(), 5);
	UK_EXPECT_EQ(uk_syscall_r_getuid(), 0);
	UK_EXPECT_EQ(uk_syscall_r_setuid(77), -EPERM);
	UK_EXPECT_EQ(uk_syscall_r_setreuid(-1, 77), -EPERM);
	UK_EXPECT_EQ(uk_syscall_r_setresuid(77, -1, -1), -EPERM);
	/* What it may concerns groups, too. */
	UK_EXPECT_EQ(uk_syscall_r_setgid(7), -EPERM);
	UK_EXPECT_EQ(uk_syscall_r_setgroups(99, BAD), -EPERM);
	UK_EXPECT_EQ(uk_syscall_r_setfsuid(77), 5);
	UK_EXPECT_EQ(uk_syscall_r_setfsuid(-1), 5);
	UK_EXPECT_EQ(uk_syscall_r_setuid(0), 0);
	expect_users(0, 0, 0);
	UK_EXPECT_EQ(uk_syscall_r_setfsuid(-1), 0);
}

UK_TEST(user, groups_are_others_than_users)
{
	uint32_t r = 9, e = 9, s = 9;

	UK_EXPECT_EQ(uk_syscall_r_setresgid(1, 2, 3), 0);
	UK_EXPECT_EQ(uk_syscall_r_getresgid((long)&r, (long)&e, (long)&s), 0);
	UK_EXPECT_EQ(r, 1);
	UK_EXPECT_EQ(e, 2);
	UK_EXPECT_EQ(s, 3);
	UK_EXPECT_EQ(uk_syscall_r_getgid(), 1);
	UK_EXPECT_EQ(uk_syscall_r_getegid(), 2);
	UK_EXPECT_EQ(uk_syscall_r_setfsgid(8), 2);
	expect_users(0, 0, 0);
	/* Root may again, whatever its groups are. */
	UK_EXPECT_EQ(uk_syscall_r_setregid(4, 5), 0);
	UK_EXPECT_EQ(uk_syscall_r_getegid(), 5);
	UK_EXPECT_EQ(uk_syscall_r_setgid(0), 0);
	UK_EXPECT_EQ(uk_syscall_r_setfsgid(-1), 0);
}

UK_TEST(user, bad_pointers_and_ids_are_refused)
{
	uint32_t id;

	UK_EXPECT_EQ(uk_syscall_r_getresuid(BAD, (long)&id, (long)&id),
		     -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_getresuid((long)&id, (long)&id, BAD),
		     -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_getresgid((long)&id, BAD, (long)&id),
		     -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_setuid(-1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_setgid(-1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_setresuid(-1, -1, -1), 0);
	expect_users(0, 0, 0);
}

UK_TEST(user, further_groups_are_told_in_order)
{
	const uint32_t set[] = { 5, 3, 9, 3, 1 };
	const uint32_t sorted[] = { 1, 3, 3, 5, 9 };
	uint32_t got[8] = { 0 };

	UK_EXPECT_EQ(uk_syscall_r_setgroups(5, (long)set), 0);
	UK_EXPECT_EQ(uk_syscall_r_getgroups(8, (long)got), 5);
	UK_EXPECT_MEM_EQ(got, sorted, sizeof(sorted));
	UK_EXPECT_EQ(uk_syscall_r_getgroups(0, BAD), 5);
	UK_EXPECT_EQ(uk_syscall_r_getgroups(3, BAD), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_getgroups(5, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_getgroups(-1, BAD), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_setgroups(33, BAD), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_setgroups(-1, BAD), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_setgroups(2, BAD), -EFAULT);
	got[1] = UINT32_MAX;
	UK_EXPECT_EQ(uk_syscall_r_setgroups(2, (long)got), -EINVAL);
	/* None of these has changed them. */
	UK_EXPECT_EQ(uk_syscall_r_getgroups(8, (long)got), 5);
	UK_EXPECT_MEM_EQ(got, sorted, sizeof(sorted));
	UK_EXPECT_EQ(uk_syscall_r_setgroups(0, BAD), 0);
	UK_EXPECT_EQ(uk_syscall_r_getgroups(8, (long)got), 0);
}

UK_TEST(user, the_mask_of_new_files_is_kept)
{
	UK_EXPECT_EQ(uk_syscall_r_umask(0), 0022);
	UK_EXPECT_EQ(uk_syscall_r_umask(-1), 0);
	UK_EXPECT_EQ(uk_syscall_r_umask(0022), 0777);
	UK_EXPECT_EQ(uk_syscall_r_umask(0022), 0022);
}

static long get(uint32_t version, int pid, struct uk_abi_cap_data *data)
{
	struct uk_abi_cap_header h = { version, pid };

	return uk_syscall_r_capget((long)&h, (long)data);
}

static long set(uint32_t version, int pid, const struct uk_abi_cap_data *data)
{
	struct uk_abi_cap_header h = { version, pid };

	return uk_syscall_r_capset((long)&h, (long)data);
}

UK_TEST(user_capget, the_versions_differ_in_length)
{
	struct uk_abi_cap_data d[2] = { { 1, 1, 1 }, { 1, 1, 1 } };

	UK_EXPECT_EQ(get(UK_ABI_CAP_VERSION_1, 0, d), 0);
	UK_EXPECT_EQ(d[0].effective, UINT32_MAX);
	UK_EXPECT_EQ(d[0].inheritable, 0);
	UK_EXPECT_EQ(d[1].effective, 1);
	UK_EXPECT_EQ(get(UK_ABI_CAP_VERSION_2, 0, d), 0);
	UK_EXPECT_EQ(get(UK_ABI_CAP_VERSION_3, 0, d), 0);
	UK_EXPECT_EQ(d[0].permitted, UINT32_MAX);
	UK_EXPECT_EQ(d[1].permitted, 0x1ff);
	UK_EXPECT_EQ(d[1].inheritable, 0);
}

UK_TEST(user_capget, who_names_no_version_is_told_the_newest)
{
	struct uk_abi_cap_header h = { 1, 0 };
	struct uk_abi_cap_data d[2];

	UK_EXPECT_EQ(uk_syscall_r_capget((long)&h, (long)d), -EINVAL);
	UK_EXPECT_EQ(h.version, UK_ABI_CAP_VERSION_3);
	h.version = 1;
	UK_EXPECT_EQ(uk_syscall_r_capget((long)&h, 0), 0);
	UK_EXPECT_EQ(h.version, UK_ABI_CAP_VERSION_3);
	UK_EXPECT_EQ(uk_syscall_r_capget((long)&h, 0), 0);
	h.version = 1;
	UK_EXPECT_EQ(uk_syscall_r_capset((long)&h, BAD), -EINVAL);
	UK_EXPECT_EQ(h.version, UK_ABI_CAP_VERSION_3);
}

UK_TEST(user_capget, errors_come_in_the_order_of_linux)
{
	struct uk_abi_cap_data d[2], *const bad = (void *)BAD;

	UK_EXPECT_EQ(uk_syscall_r_capget(BAD, (long)d), -EFAULT);
	UK_EXPECT_EQ(get(UK_ABI_CAP_VERSION_3, 0, bad), -EFAULT);
	UK_EXPECT_EQ(get(UK_ABI_CAP_VERSION_3, -1, bad), -EINVAL);
	UK_EXPECT_EQ(get(UK_ABI_CAP_VERSION_3, 999999, bad), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_capset(BAD, (long)d), -EFAULT);
	UK_EXPECT_EQ(set(UK_ABI_CAP_VERSION_3, 0, bad), -EFAULT);
	UK_EXPECT_EQ(set(UK_ABI_CAP_VERSION_3, -1, bad), -EPERM);
	UK_EXPECT_EQ(set(UK_ABI_CAP_VERSION_3, 2, bad), -EPERM);
}

UK_TEST(user_capget, what_is_switched_off_may_be_switched_on_again)
{
	struct uk_abi_cap_data d[2];

	UK_EXPECT_EQ(get(UK_ABI_CAP_VERSION_3, 0, d), 0);
	d[0].effective = 0;
	UK_EXPECT_EQ(set(UK_ABI_CAP_VERSION_3, 0, d), 0);
	UK_EXPECT_EQ(uk_syscall_r_setuid(5), -EPERM);
	UK_EXPECT_EQ(uk_syscall_r_setgroups(99, BAD), -EPERM);
	d[0].effective = d[0].permitted;
	/* What there is no capability for is not looked at. */
	d[1].effective = d[1].permitted = UINT32_MAX;
	UK_EXPECT_EQ(set(UK_ABI_CAP_VERSION_3, 0, d), 0);
	UK_EXPECT_EQ(get(UK_ABI_CAP_VERSION_3, 0, d), 0);
	UK_EXPECT_EQ(d[1].effective, 0x1ff);
	UK_EXPECT_EQ(uk_syscall_r_setgroups(99, BAD), -EINVAL);
}
