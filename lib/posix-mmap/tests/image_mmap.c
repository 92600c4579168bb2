/* SPDX-License-Identifier: BSD-3-Clause */
/* The calls on the image's own address space, with memory that is used. */
#include "calls.h"

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/preempt.h>
#include <uk/sched.h>
#include <uk/thread.h>

#define STACK	16384u
#define FAR	((uintptr_t)0x300000000000)

static void read_from(void *addr)
{
	(void)*(volatile char *)addr;
}

static void write_to(void *addr)
{
	*(volatile char *)addr = 1;
}

UK_TEST(mmap, memory_is_zero_and_keeps_what_is_written_until_it_is_unmapped)
{
	const struct levels before = levels();
	const uintptr_t at = some(16 * PAGE, RW, ANON);

	for (unsigned int i = 0; i < 16; i++) {
		UK_EXPECT_EQ(*byte(at + i * PAGE), 0);
		*byte(at + i * PAGE) = (unsigned char)i;
	}
	UK_EXPECT_EQ(munmap(at + 4 * PAGE, 8 * PAGE), 0);
	UK_EXPECT_EQ(*byte(at + 3 * PAGE), 3);
	UK_EXPECT_EQ(*byte(at + 12 * PAGE), 12);
	UK_EXPECT_CRASH(read_from, (void *)(at + 4 * PAGE));
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: read of unmapped memory");
	UK_EXPECT_EQ(munmap(at, 16 * PAGE), 0);
	UK_EXPECT_CRASH(write_to, (void *)at);
	expect_levels(&before);
}

UK_TEST(mmap, a_stack_as_musl_makes_it_has_a_guard)
{
	const uintptr_t at = some(20 * PAGE, 0, ANON);

	UK_EXPECT_CRASH(read_from, (void *)(at + PAGE));
	UK_EXPECT_EQ(mprotect(at + 2 * PAGE, 18 * PAGE, RW), 0);
	*byte(at + 2 * PAGE) = 1;
	*byte(at + 20 * PAGE - 1) = 2;
	UK_EXPECT_CRASH(write_to, (void *)(at + 2 * PAGE - 1));
	UK_EXPECT_EQ(mprotect(at + 3 * PAGE, PAGE, UK_ABI_PROT_READ), 0);
	UK_EXPECT_EQ(*byte(at + 3 * PAGE), 0);
	UK_EXPECT_CRASH(write_to, (void *)(at + 3 * PAGE));
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: write to a read-only page");
	UK_EXPECT_EQ(mprotect(at, 20 * PAGE, RW), 0);
	UK_EXPECT_EQ(*byte(at + 2 * PAGE), 1);
	UK_EXPECT_EQ(munmap(at, 20 * PAGE), 0);
}

static void call(void *code)
{
	((void (*)(void))code)();
}

UK_TEST(mmap, code_that_is_written_can_be_called)
{
	const uint32_t ret = UK_IS_ENABLED(CONFIG_ARCH_ARM_64) ? 0xd65f03c0
							       : 0xc3;
	const uintptr_t at = some(PAGE, RW | UK_ABI_PROT_EXEC, ANON);

	/* TCG has no caches that this would have to be told to. */
	*(volatile uint32_t *)at = ret;
	call((void *)at);
	UK_EXPECT_EQ(mprotect(at, PAGE, UK_ABI_PROT_READ | UK_ABI_PROT_EXEC),
		     0);
	call((void *)at);
	UK_EXPECT_EQ(mprotect(at, PAGE, RW), 0);
	UK_EXPECT_CRASH(call, (void *)at);
	UK_EXPECT_EQ(munmap(at, PAGE), 0);
}

/*
 * Threads
 */
static struct {
	uintptr_t at;		/* 0: not yet; atomic */
	unsigned int seen;
} told;

static struct uk_thread *start(uk_thread_fn1_t fn, void *arg)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t =
		uk_thread_create_fn1(a, fn, arg, a, STACK, NULL, 0, NULL,
				     false, "user", NULL, NULL);

	if (UK_EXPECT_NOT_NULL(t))
		UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

static void look(void *arg UK_UNUSED)
{
	uintptr_t at;

	while (!(at = __atomic_load_n(&told.at, __ATOMIC_ACQUIRE)))
		uk_sched_yield();
	told.seen = *byte(at);
	*byte(at + PAGE) = 8;
}

UK_TEST(mmap, a_thread_that_was_there_before_finds_it_too)
{
	struct uk_thread *t;
	uintptr_t at;

	told.at = 0;
	t = start(look, NULL);
	uk_sched_yield();
	at = some(2 * PAGE, RW, ANON);
	*byte(at) = 77;
	__atomic_store_n(&told.at, at, __ATOMIC_RELEASE);
	if (t)
		uk_thread_join(t);
	UK_EXPECT_EQ(told.seen, 77);
	UK_EXPECT_EQ(*byte(at + PAGE), 8);
	UK_EXPECT_EQ(munmap(at, 2 * PAGE), 0);
}

UK_TEST(mmap, the_home_of_all_threads_is_one_and_stays)
{
	static struct uk_vas other;

	UK_EXPECT_EQ(uk_vas_create(&other, uk_alloc_get_default(),
				   uk_falloc_get_default()), 0);
	UK_EXPECT_EQ(uk_vas_set_home(&other), -EBUSY);
	UK_EXPECT_EQ(uk_vas_destroy(&other), 0);
	UK_EXPECT(mm_is_home(mm_vas()));
	UK_EXPECT_EQ(uk_vas_destroy(mm_vas()), -EBUSY);
}

UK_TEST(mmap, a_cpu_comes_home_without_a_lock)
{
	const uintptr_t at = some(PAGE, RW, ANON);
	struct uk_vas *const vas = mm_vas();
	unsigned char seen;

	*byte(at) = 5;
	uk_preempt_disable();
	uk_paging_activate(uk_paging_kernel());
	uk_spin_lock(&vas->lock);
	seen = *byte(at);
	uk_spin_unlock(&vas->lock);
	/* A bad access is told as one, by the second fault. */
	uk_paging_activate(uk_paging_kernel());
	UK_EXPECT_CRASH(read_from, (void *)(at + PAGE));
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: read of unmapped memory");
	uk_paging_activate(uk_paging_kernel());
	UK_EXPECT_CRASH(read_from, NULL);
	uk_preempt_enable();
	UK_EXPECT_EQ(seen, 5);
	UK_EXPECT_EQ(munmap(at, PAGE), 0);
}

UK_TEST(mmap, a_thread_in_another_address_space_has_its_calls_there)
{
	const uintptr_t at = some(PAGE, RW, ANON);
	static struct uk_vas other;

	*byte(at) = 1;
	UK_EXPECT_EQ(uk_vas_create(&other, uk_alloc_get_default(),
				   uk_falloc_get_default()), 0);
	uk_vas_activate(&other);
	UK_EXPECT_EQ(mmap(at, PAGE, RW, ANON | FIXED), at);
	UK_EXPECT_EQ(*byte(at), 0);
	*byte(at) = 2;
	/* The region of brk() is not here. */
	UK_EXPECT_EQ(uk_syscall_r_brk(uk_syscall_r_brk(0) + PAGE),
		     uk_syscall_r_brk(0));
	uk_vas_activate(NULL);
	UK_EXPECT_EQ(*byte(at), 1);
	UK_EXPECT_EQ(uk_vas_destroy(&other), 0);
	UK_EXPECT_EQ(munmap(at, PAGE), 0);
}

/*
 * Places and sizes
 */
UK_TEST(mmap, nothing_is_where_small_numbers_would_be_pointers)
{
	const long to = UK_ABI_MREMAP_MAYMOVE | UK_ABI_MREMAP_FIXED;
	const struct levels before = levels();
	long at;

	UK_EXPECT_EQ(mmap(0, PAGE, RW, ANON | FIXED), -EPERM);
	UK_EXPECT_EQ(mmap(15 * PAGE, PAGE, RW, ANON | FIXED), -EPERM);
	UK_EXPECT_EQ(mmap(PAGE, PAGE, RW,
			  ANON | UK_ABI_MAP_FIXED_NOREPLACE), -EPERM);
	at = mmap(PAGE, PAGE, RW, ANON);
	UK_EXPECT_EQ(at, 65536);
	*byte((uintptr_t)at) = 3;
	UK_EXPECT_EQ(mremap((uintptr_t)at, PAGE, PAGE, to, 15 * PAGE), -EPERM);
	UK_EXPECT_EQ(*byte((uintptr_t)at), 3);
	UK_EXPECT_EQ(munmap((uintptr_t)at, PAGE), 0);
	/* A wish is none. */
	at = mmap(0, PAGE, RW, ANON);
	at = mremap((uintptr_t)at, PAGE, PAGE, UK_ABI_MREMAP_MAYMOVE |
		    UK_ABI_MREMAP_DONTUNMAP, 3 * PAGE);
	UK_EXPECT_GT(at, 65536);
	UK_EXPECT_EQ(munmap((uintptr_t)at, 2 * PAGE), 0);
	at = mmap(65536, PAGE, RW, ANON | FIXED | UK_ABI_MAP_GROWSDOWN);
	UK_EXPECT_EQ(at, 65536);
	UK_EXPECT_CRASH(write_to, (void *)(15 * PAGE));
	UK_EXPECT_EQ(munmap((uintptr_t)at, PAGE), 0);
	expect_levels(&before);
}

UK_TEST(mmap, a_32_bit_place_is_one_on_x86_64)
{
	const long x86 = UK_IS_ENABLED(CONFIG_ARCH_X86_64);
	const uintptr_t at = some(PAGE, RW, ANON | UK_ABI_MAP_32BIT);

	UK_EXPECT_EQ(at < (uintptr_t)2048 * MIB, x86);
	UK_EXPECT_EQ(munmap(at, PAGE), 0);
	UK_EXPECT_EQ(mmap(FAR, PAGE, RW, ANON | UK_ABI_MAP_32BIT | FIXED),
		     FAR);
	UK_EXPECT_EQ(munmap(FAR, PAGE), 0);
}

UK_TEST(mmap, more_than_there_can_be_is_refused_unless_it_is_not_meant)
{
	const struct levels before = levels();
	const size_t len = (size_t)1 << 40;
	uintptr_t at;

	UK_EXPECT_EQ(mmap(0, len, RW, ANON), -ENOMEM);
	UK_EXPECT_EQ(mmap(0, len, 0, SHARED), -ENOMEM);
	at = some(len, 0, ANON);
	UK_EXPECT_EQ(mprotect(at + len / 2, PAGE, RW), 0);
	*byte(at + len / 2) = 1;
	UK_EXPECT_EQ(munmap(at, len), 0);
	at = some(len, RW, ANON | UK_ABI_MAP_NORESERVE);
	*byte(at + len - 1) = 1;
	UK_EXPECT_EQ(munmap(at, len), 0);
	expect_levels(&before);
}

UK_TEST(mmap, memory_that_is_to_be_there_is_there)
{
	const struct levels before = levels();
	unsigned char vec[4] = { 9, 9, 9, 9 };
	uintptr_t at = some(3 * PAGE, RW, ANON | UK_ABI_MAP_POPULATE);

	UK_EXPECT_EQ(uk_syscall_r_mincore((long)at, 3 * PAGE, (long)vec), 0);
	UK_EXPECT_MEM_EQ(vec, "\1\1\1\11", 4);
	UK_EXPECT_EQ(munmap(at, 3 * PAGE), 0);
	at = some(3 * PAGE, RW, ANON | UK_ABI_MAP_LOCKED);
	UK_EXPECT_EQ(uk_syscall_r_mincore((long)at, 3 * PAGE, (long)vec), 0);
	UK_EXPECT_MEM_EQ(vec, "\1\1\1\11", 4);
	UK_EXPECT_EQ(madvise(at, PAGE, UK_ABI_MADV_DONTNEED), -EINVAL);
	/* What it grows by is, too. */
	UK_EXPECT_EQ(mremap(at, 3 * PAGE, PAGE, 0, 0), at);
	UK_EXPECT_EQ(mremap(at, PAGE, 3 * PAGE, 0, 0), at);
	UK_EXPECT_EQ(uk_syscall_r_mincore((long)at, 3 * PAGE, (long)vec), 0);
	UK_EXPECT_MEM_EQ(vec, "\1\1\1\11", 4);
	UK_EXPECT_EQ(munmap(at, 3 * PAGE), 0);
	expect_levels(&before);
}

UK_TEST(mmap, what_nobody_may_touch_has_no_memory_and_takes_no_time)
{
	const struct levels before = levels();
	const size_t len = (size_t)1 << 45;
	const uintptr_t at = some(len, 0, ANON | UK_ABI_MAP_POPULATE);

	UK_EXPECT_EQ(madvise(at, len, UK_ABI_MADV_POPULATE_READ), -EINVAL);
	UK_EXPECT_EQ(madvise(at, len, UK_ABI_MADV_POPULATE_WRITE), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_mlock((long)at, (long)len), -ENOMEM);
	UK_EXPECT_EQ(uk_syscall_r_mlockall(UK_ABI_MCL_CURRENT), 0);
	UK_EXPECT_EQ(uk_syscall_r_munlockall(), 0);
	UK_EXPECT_EQ(levels().vas.resident, before.vas.resident);
	UK_EXPECT_EQ(munmap(at, len), 0);
	expect_levels(&before);
}

UK_TEST(mmap, large_pages_are_there_or_there_is_no_memory)
{
	const struct levels before = levels();
	const long flags = ANON | UK_ABI_MAP_HUGETLB;
	const uint64_t nfree = before.nfree;
	uint64_t nfaults;
	long at = mmap(0, 1, RW, flags);
	struct uk_vas_stats now;

	if (!UK_EXPECT_GT(at, 0))
		return;
	uk_vas_get_stats(mm_vas(), &now);
	UK_EXPECT_EQ(now.resident - before.vas.resident, 2 * MIB);
	UK_EXPECT_EQ(at % (long)(2 * MIB), 0);
	*byte((uintptr_t)at + 2 * MIB - 1) = 1;
	uk_vas_get_stats(mm_vas(), &now);
	UK_EXPECT_EQ(now.nfaults - before.vas.nfaults, 1);
	/* A part of one is not dropped. */
	UK_EXPECT_EQ(madvise((uintptr_t)at, MIB, UK_ABI_MADV_DONTNEED), 0);
	UK_EXPECT_EQ(*byte((uintptr_t)at + 2 * MIB - 1), 1);
	UK_EXPECT_EQ(madvise((uintptr_t)at + MIB, MIB, UK_ABI_MADV_DONTNEED),
		     -EINVAL);
	UK_EXPECT_EQ(madvise((uintptr_t)at, 2 * MIB, UK_ABI_MADV_FREE),
		     -EINVAL);
	UK_EXPECT_EQ(*byte((uintptr_t)at + 2 * MIB - 1), 1);
	UK_EXPECT_EQ(madvise((uintptr_t)at, 2 * MIB, UK_ABI_MADV_DONTNEED), 0);
	UK_EXPECT_EQ(*byte((uintptr_t)at + 2 * MIB - 1), 0);
	UK_EXPECT_EQ(munmap((uintptr_t)at, 2 * MIB), 0);
	/* All of them there are not, and none is taken to find that out. */
	uk_vas_get_stats(mm_vas(), &now);
	nfaults = now.nfaults;
	at = mmap(0, nfree * PAGE, RW, flags | 21l << UK_ABI_MAP_HUGE_SHIFT);
	UK_EXPECT_EQ(at, -ENOMEM);
	uk_vas_get_stats(mm_vas(), &now);
	UK_EXPECT_EQ(now.nfaults, nfaults);
	UK_EXPECT_EQ(mmap(0, 1, RW, flags | 30l << UK_ABI_MAP_HUGE_SHIFT),
		     -ENOMEM);
	UK_EXPECT_EQ(mmap(0, 1, RW, flags | 16l << UK_ABI_MAP_HUGE_SHIFT),
		     UK_IS_ENABLED(CONFIG_ARCH_ARM_64) ? -ENOMEM : -EINVAL);
	UK_EXPECT_EQ(mmap(0, 1, RW, SHARED | UK_ABI_MAP_HUGETLB), -ENOMEM);
	expect_levels(&before);
}

UK_TEST(mmap, a_stack_that_grows_does_so_where_it_may)
{
	const struct levels before = levels();
	const long flags = ANON | UK_ABI_MAP_GROWSDOWN;
	const uintptr_t at = some(PAGE, RW, flags);

	*byte(at - 5 * PAGE) = 1;
	UK_EXPECT_EQ(mprotect(at - PAGE, PAGE,
			      UK_ABI_PROT_READ | UK_ABI_PROT_GROWSDOWN), 0);
	UK_EXPECT_EQ(*byte(at - 5 * PAGE), 1);
	UK_EXPECT_CRASH(write_to, (void *)(at - 5 * PAGE));
	UK_EXPECT_CRASH(read_from, (void *)(at - 9 * MIB));
	uk_mm_set_limit(UK_MM_STACK, 7 * PAGE);
	/* What has other rights is another area. */
	UK_EXPECT_CRASH(read_from, (void *)(at - 8 * PAGE));
	UK_EXPECT_EQ(*byte(at - 7 * PAGE), 0);
	uk_mm_set_limit(UK_MM_STACK, 8 * MIB);
	UK_EXPECT_EQ(munmap(at - 7 * PAGE, 8 * PAGE), 0);
	expect_levels(&before);
}

/*
 * The end of memory
 */
UK_TEST(mmap, when_memory_is_at_an_end_calls_say_so_and_then_it_is_back)
{
	const struct levels before = levels();
	uintptr_t first = 0;
	unsigned int n = 0;
	long rc = 0;

	/* Each piece has the address of the one before. */
	while (rc == 0) {
		const long at = mmap(0, MIB, RW, ANON);

		if (at < 0)
			break;
		rc = madvise((uintptr_t)at, MIB, UK_ABI_MADV_POPULATE_WRITE);
		if (rc < 0) {
			UK_EXPECT_EQ(munmap((uintptr_t)at, MIB), 0);
			break;
		}
		*(uintptr_t *)at = first;
		first = (uintptr_t)at;
		n++;
	}
	UK_EXPECT_EQ(rc, -ENOMEM);
	UK_EXPECT_GT(n, 4);
	while (first) {
		const uintptr_t next = *(uintptr_t *)first;

		UK_EXPECT_EQ(munmap(first, MIB), 0);
		first = next;
	}
	expect_levels(&before);
	first = some(8 * MIB, RW, ANON | UK_ABI_MAP_POPULATE);
	*byte(first + 8 * MIB - 1) = 1;
	UK_EXPECT_EQ(munmap(first, 8 * MIB), 0);
}

UK_TEST(mmap, limits_are_kept)
{
	struct uk_vas_stats now;
	uintptr_t at;

	uk_vas_get_stats(mm_vas(), &now);
	uk_mm_set_limit(UK_MM_AS, now.len + 4 * PAGE);
	at = some(3 * PAGE, RW, ANON);
	UK_EXPECT_EQ(mmap(0, 2 * PAGE, RW, ANON), -ENOMEM);
	UK_EXPECT_EQ(mremap(at, 3 * PAGE, 5 * PAGE, UK_ABI_MREMAP_MAYMOVE, 0),
		     -ENOMEM);
	uk_mm_set_limit(UK_MM_AS, SIZE_MAX);

	uk_mm_set_limit(UK_MM_MEMLOCK, 2 * PAGE);
	UK_EXPECT_EQ(uk_syscall_r_mlock((long)at, 2 * PAGE), 0);
	UK_EXPECT_EQ(uk_syscall_r_mlock((long)at, 3 * PAGE), -ENOMEM);
	UK_EXPECT_EQ(uk_syscall_r_mlock((long)at, PAGE), 0);
	UK_EXPECT_EQ(mmap(0, PAGE, RW, ANON | UK_ABI_MAP_LOCKED), -EAGAIN);
	UK_EXPECT_EQ(uk_syscall_r_mlockall(UK_ABI_MCL_CURRENT), -ENOMEM);
	uk_mm_set_limit(UK_MM_MEMLOCK, 0);
	UK_EXPECT_EQ(uk_syscall_r_mlock((long)at, PAGE), -EPERM);
	UK_EXPECT_EQ(uk_syscall_r_mlockall(UK_ABI_MCL_FUTURE), -EPERM);
	UK_EXPECT_EQ(mmap(0, PAGE, RW, ANON | UK_ABI_MAP_LOCKED), -EPERM);
	uk_mm_set_limit(UK_MM_MEMLOCK, SIZE_MAX);
	UK_EXPECT_EQ(munmap(at, 3 * PAGE), 0);
}

/*
 * brk
 */
static long brk(long end)
{
	return uk_syscall_r_brk(end);
}

UK_TEST(mmap_brk, the_region_grows_and_shrinks_and_is_zero_again)
{
	const struct levels before = levels();
	const long from = brk(0);

	UK_EXPECT_GT(from, 0);
	UK_EXPECT_EQ(brk(from + 1), from + 1);
	UK_EXPECT_EQ(brk(from + 5 * (long)PAGE), from + 5 * (long)PAGE);
	*byte((uintptr_t)from + 4 * PAGE) = 5;
	UK_EXPECT_EQ(brk(from + 4 * (long)PAGE), from + 4 * (long)PAGE);
	UK_EXPECT_CRASH(read_from, (void *)(from + 4 * (long)PAGE));
	UK_EXPECT_EQ(brk(from + 4 * (long)PAGE + 1),
		     from + 4 * (long)PAGE + 1);
	UK_EXPECT_EQ(*byte((uintptr_t)from + 4 * PAGE), 0);
	UK_EXPECT_EQ(brk(from), from);
	expect_levels(&before);
}

UK_TEST(mmap_brk, an_end_that_cannot_be_leaves_it_as_it_is)
{
	const struct levels before = levels();
	const long from = brk(0);
	const long end = from + 2 * (long)PAGE;

	UK_EXPECT_EQ(brk(end), end);
	UK_EXPECT_EQ(brk(from - 1), end);
	UK_EXPECT_EQ(brk(-1), end);
	UK_EXPECT_EQ(brk(-4096), end);
	UK_EXPECT_EQ(brk((long)mm_end()), end);
	UK_EXPECT_EQ(brk(from + (1l << 40)), end);
	/* A page stays free in front of what is there. */
	UK_EXPECT_GT(mmap((uintptr_t)end + 2 * PAGE, PAGE, RW, ANON | FIXED),
		     0);
	UK_EXPECT_EQ(brk(end + 2 * (long)PAGE), end);
	UK_EXPECT_EQ(brk(end + (long)PAGE), end + (long)PAGE);
	UK_EXPECT_EQ(munmap((uintptr_t)end + 2 * PAGE, PAGE), 0);
	uk_mm_set_limit(UK_MM_DATA, 4 * PAGE);
	UK_EXPECT_EQ(brk(end + 3 * (long)PAGE), end + (long)PAGE);
	UK_EXPECT_EQ(brk(end + 2 * (long)PAGE), end + 2 * (long)PAGE);
	uk_mm_set_limit(UK_MM_DATA, SIZE_MAX);
	/* What a program has unmapped by itself is no matter. */
	UK_EXPECT_EQ(munmap((uintptr_t)from, PAGE), 0);
	UK_EXPECT_EQ(brk(from), from);
	expect_levels(&before);
}

/*
 * What is shared
 */
UK_TEST(mmap_shared, memory_is_there_as_long_as_one_place_has_it)
{
	const long twice = UK_ABI_MREMAP_MAYMOVE;
	const struct levels before = levels();
	const uintptr_t at = some(4 * PAGE, RW, SHARED);
	uintptr_t other;

	*byte(at + 3 * PAGE) = 3;
	other = (uintptr_t)mremap(at + 2 * PAGE, 0, 3 * PAGE, twice, 0);
	UK_EXPECT_EQ(*byte(other + PAGE), 3);
	*byte(other) = 2;
	UK_EXPECT_EQ(*byte(at + 2 * PAGE), 2);
	/* It has no more than it was made with. */
	UK_EXPECT_CRASH(write_to, (void *)(other + 2 * PAGE));
	UK_EXPECT_EQ(munmap(at, 4 * PAGE), 0);
	UK_EXPECT_EQ(*byte(other), 2);
	UK_EXPECT_EQ(mprotect(other, PAGE, UK_ABI_PROT_READ), 0);
	UK_EXPECT_CRASH(write_to, (void *)other);
	UK_EXPECT_EQ(mprotect(other, PAGE, RW), 0);
	*byte(other) = 4;
	UK_EXPECT_EQ(munmap(other, 3 * PAGE), 0);
	expect_levels(&before);
}

UK_TEST(mmap_shared, what_moves_is_what_it_was)
{
	const long flags = UK_ABI_MREMAP_MAYMOVE | UK_ABI_MREMAP_FIXED;
	const struct levels before = levels();
	const uintptr_t at = some(2 * PAGE, RW, SHARED);

	*byte(at + PAGE) = 9;
	UK_EXPECT_EQ(mremap(at + PAGE, PAGE, PAGE, flags, FAR), FAR);
	UK_EXPECT_EQ(*byte(FAR), 9);
	UK_EXPECT_EQ(mremap(FAR, PAGE, PAGE,
			    flags | UK_ABI_MREMAP_DONTUNMAP, FAR + 4 * PAGE),
		     FAR + 4 * PAGE);
	UK_EXPECT_EQ(*byte(FAR), 9);
	UK_EXPECT_EQ(*byte(FAR + 4 * PAGE), 9);
	UK_EXPECT_EQ(munmap(FAR, 5 * PAGE), 0);
	UK_EXPECT_EQ(munmap(at, PAGE), 0);
	expect_levels(&before);
}
