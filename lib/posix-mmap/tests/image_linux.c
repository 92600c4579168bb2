/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors, and their order, are what Linux returned. */
#include "calls.h"

#include <uk/errno.h>
#include <uk/essentials.h>

#undef RW
#undef ANON
#undef SHARED
#undef FIXED
#include "linux_steps.h"

/* Where the low half ends is different on other architectures. */
static long here(uint64_t arg)
{
	return (long)(arg == TOP || arg == TOP + 4096 ? arg - TOP + mm_end()
						      : arg);
}

static long call(const struct linux_step *s)
{
	const long a[] = {
		here(s->arg[0]), here(s->arg[1]), here(s->arg[2]),
		here(s->arg[3]), here(s->arg[4]),
	};
	long at;

	switch (s->call) {
	case MMAP:
		return uk_syscall_r_mmap(a[0], a[1], a[2], a[3], a[4],
					 (long)s->arg[5]);
	case SOMEWHERE:
		at = uk_syscall_r_mmap(a[0], a[1], a[2], a[3], a[4],
				       (long)s->arg[5]);
		if (at > 0)
			(void)munmap((uintptr_t)at, (size_t)a[1]);
		return at > 0 ? 1 : at;
	case MUNMAP:
		return uk_syscall_r_munmap(a[0], a[1]);
	case MPROTECT:
		return uk_syscall_r_mprotect(a[0], a[1], a[2]);
	case MREMAP:
		return uk_syscall_r_mremap(a[0], a[1], a[2], a[3], a[4]);
	case MADVISE:
		return uk_syscall_r_madvise(a[0], a[1], a[2]);
	case MSYNC:
		return uk_syscall_r_msync(a[0], a[1], a[2]);
	case MINCORE:
		return uk_syscall_r_mincore(a[0], a[1], a[2]);
	case MLOCK:
		return uk_syscall_r_mlock(a[0], a[1]);
	case MLOCK2:
		return uk_syscall_r_mlock2(a[0], a[1], a[2]);
	case MUNLOCK:
		return uk_syscall_r_munlock(a[0], a[1]);
	case MLOCKALL:
		return uk_syscall_r_mlockall(a[0]);
	case MUNLOCKALL:
		return uk_syscall_r_munlockall();
	case PEEK:
		return *byte((uintptr_t)a[0]);
	case POKE:
		*byte((uintptr_t)a[0]) = (unsigned char)a[1];
		return 0;
	}
	return -ENOSYS;
}

UK_TEST(mmap_linux, each_call_returns_what_linux_returned)
{
	const struct levels before = levels();

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(linux_steps); i++) {
		const struct linux_step *const s = &linux_steps[i];
		const struct {
			unsigned int step;
			long rc;
		} got = { i, call(s) }, want = { i, s->want };

		UK_EXPECT_EQ(got.rc, want.rc);
		if (got.rc != want.rc)
			UK_EXPECT_EQ(got.step, ~0u);
	}
	expect_levels(&before);
}
