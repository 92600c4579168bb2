/* SPDX-License-Identifier: BSD-3-Clause */
/* What setrlimit() says is kept to by the calls about memory. */
#include "calls.h"

#include <uk/abi/resource.h>
#include <uk/errno.h>

/* Set the soft limit, and return what it was. */
static uint64_t set(unsigned int resource, uint64_t cur)
{
	struct uk_abi_rlimit was, now;

	UK_EXPECT_EQ(uk_syscall_r_getrlimit(resource, (long)&was), 0);
	now = (struct uk_abi_rlimit){ cur, was.max };
	UK_EXPECT_EQ(uk_syscall_r_prlimit64(0, resource, (long)&now, 0), 0);
	return was.cur;
}

static void write_to(void *addr)
{
	*(volatile char *)addr = 1;
}

UK_TEST(mmap_rlimit, all_mappings_together_are_limited)
{
	const struct levels before = levels();
	const uint64_t was = set(UK_ABI_RLIMIT_AS,
				 before.vas.len + 4 * PAGE);
	const uintptr_t at = some(3 * PAGE, RW, ANON);

	UK_EXPECT_EQ(mmap(0, 2 * PAGE, RW, ANON), -ENOMEM);
	UK_EXPECT_EQ(set(UK_ABI_RLIMIT_AS, 0), before.vas.len + 4 * PAGE);
	UK_EXPECT_EQ(mmap(0, PAGE, RW, ANON), -ENOMEM);
	/* What is there stays. */
	*byte(at) = 1;
	set(UK_ABI_RLIMIT_AS, was);
	UK_EXPECT_EQ(munmap(at, 3 * PAGE), 0);
	expect_levels(&before);
}

UK_TEST(mmap_rlimit, what_is_locked_is_limited)
{
	const uint64_t was = set(UK_ABI_RLIMIT_MEMLOCK, 2 * PAGE);
	const struct levels before = levels();
	const uintptr_t at = some(4 * PAGE, RW, ANON);

	UK_EXPECT_EQ(uk_syscall_r_mlock((long)at, 2 * PAGE), 0);
	/* What is locked already does not count twice, what else is does. */
	UK_EXPECT_EQ(uk_syscall_r_mlock((long)at + PAGE, PAGE), 0);
	UK_EXPECT_EQ(uk_syscall_r_mlock((long)at + PAGE, 2 * PAGE), -ENOMEM);
	UK_EXPECT_EQ(mmap(0, PAGE, RW, ANON | UK_ABI_MAP_LOCKED), -EAGAIN);
	set(UK_ABI_RLIMIT_MEMLOCK, 0);
	UK_EXPECT_EQ(uk_syscall_r_mlock((long)at, PAGE), -EPERM);
	set(UK_ABI_RLIMIT_MEMLOCK, was);
	UK_EXPECT_EQ(uk_syscall_r_mlock((long)at, 4 * PAGE), 0);
	UK_EXPECT_EQ(munmap(at, 4 * PAGE), 0);
	expect_levels(&before);
}

UK_TEST(mmap_rlimit, the_region_of_brk_is_limited)
{
	const long from = uk_syscall_r_brk(0);
	const uint64_t was = set(UK_ABI_RLIMIT_DATA, 2 * PAGE);

	UK_EXPECT_EQ(uk_syscall_r_brk(from + 3 * (long)PAGE), from);
	UK_EXPECT_EQ(uk_syscall_r_brk(from + 2 * (long)PAGE),
		     from + 2 * (long)PAGE);
	set(UK_ABI_RLIMIT_DATA, was);
	UK_EXPECT_EQ(uk_syscall_r_brk(from + 3 * (long)PAGE),
		     from + 3 * (long)PAGE);
	UK_EXPECT_EQ(uk_syscall_r_brk(from), from);
}

UK_TEST(mmap_rlimit, a_stack_grows_as_far_as_is_said)
{
	const uintptr_t at = some(PAGE, RW, ANON | UK_ABI_MAP_GROWSDOWN);
	const uint64_t was = set(UK_ABI_RLIMIT_STACK, 4 * PAGE);

	write_to((void *)(at - 3 * PAGE));
	UK_EXPECT_CRASH(write_to, (void *)(at - 4 * PAGE));
	set(UK_ABI_RLIMIT_STACK, 5 * PAGE);
	write_to((void *)(at - 4 * PAGE));
	/* As it is before anybody says anything. */
	set(UK_ABI_RLIMIT_STACK, was);
	uk_mm_set_limit(UK_MM_STACK, 8 * MIB);
	UK_EXPECT_EQ(munmap(at - 4 * PAGE, 5 * PAGE), 0);
}
