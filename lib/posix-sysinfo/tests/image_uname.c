/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/utsname.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/syscall.h>
#include <uk/test.h>

#define BAD	16l

static struct uk_abi_utsname get(void)
{
	struct uk_abi_utsname name;

	memset(&name, 0x55, sizeof(name));
	UK_EXPECT_EQ(uk_syscall_r_uname((long)&name), 0);
	return name;
}

/* Is @str a number, then @end? Returns what follows. */
static const char *skip_number(const char *str, char end)
{
	UK_EXPECT(*str >= '0' && *str <= '9');
	while (*str >= '0' && *str <= '9')
		str++;
	UK_EXPECT_EQ(*str, end);
	return str + 1;
}

UK_TEST(uname, it_is_linux_to_programs)
{
	const struct uk_abi_utsname name = get();
	const char *rest;

	UK_EXPECT(uk_streq(name.sysname, "Linux"));
	UK_EXPECT(uk_streq(name.machine,
			   UK_IS_ENABLED(CONFIG_ARCH_X86_64) ? "x86_64" :
							       "aarch64"));
	/* As C libraries read it. */
	rest = skip_number(name.release, '.');
	rest = skip_number(rest, '.');
	(void)skip_number(rest, '-');
	UK_EXPECT_GE(name.release[0], '5');
	UK_EXPECT(uk_strprefix(name.version, "#1 SMP Kiln "));
	UK_EXPECT_EQ(uk_syscall_r_uname(BAD), -EFAULT);
}

UK_TEST(uname, the_hosts_names_can_be_set)
{
	const struct uk_abi_utsname was = get();
	struct uk_abi_utsname now;
	char longest[UK_ABI_UTS_LEN];

	memset(longest, 'x', sizeof(longest));
	UK_EXPECT_EQ(uk_syscall_r_sethostname((long)longest, 64), 0);
	now = get();
	UK_EXPECT_MEM_EQ(now.nodename, longest, 64);
	UK_EXPECT_EQ(now.nodename[64], 0);
	/* A shorter one leaves nothing of it. */
	UK_EXPECT_EQ(uk_syscall_r_sethostname((long)"ab", 2), 0);
	UK_EXPECT_EQ(uk_syscall_r_setdomainname((long)"example.org", 11), 0);
	now = get();
	UK_EXPECT(uk_streq(now.nodename, "ab"));
	UK_EXPECT_EQ(now.nodename[3], 0);
	UK_EXPECT(uk_streq(now.domainname, "example.org"));
	UK_EXPECT_EQ(uk_syscall_r_sethostname((long)"", 0), 0);
	now = get();
	UK_EXPECT_EQ(now.nodename[0], 0);
	UK_EXPECT(uk_streq(now.sysname, was.sysname));

	UK_EXPECT_EQ(uk_syscall_r_sethostname((long)was.nodename,
					      (long)uk_strlen(was.nodename)),
		     0);
	UK_EXPECT_EQ(uk_syscall_r_setdomainname((long)"(none)", 6), 0);
	now = get();
	UK_EXPECT_MEM_EQ(&now, &was, sizeof(now));
}

UK_TEST(uname, what_is_no_name_is_refused)
{
	const struct uk_abi_utsname was = get();
	struct uk_abi_utsname now;

	UK_EXPECT_EQ(uk_syscall_r_sethostname(BAD, 65), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_sethostname(BAD, -1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_sethostname(BAD, INT32_MIN), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_sethostname(BAD, 1), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_setdomainname(BAD, 65), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_setdomainname(BAD, 64), -EFAULT);
	now = get();
	UK_EXPECT_MEM_EQ(&now, &was, sizeof(now));
}
