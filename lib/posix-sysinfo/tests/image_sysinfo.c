/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/sysinfo.h>
#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/sched.h>
#include <uk/string.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>

#define BAD	16l
#define LARGE	(1u << 20)

static struct uk_abi_sysinfo get(void)
{
	struct uk_abi_sysinfo info;

	memset(&info, 0x55, sizeof(info));
	UK_EXPECT_EQ(uk_syscall_r_sysinfo((long)&info), 0);
	return info;
}

UK_TEST(sysinfo, the_numbers_are_those_of_the_machine)
{
	const uint64_t before = uk_time_now();
	const struct uk_abi_sysinfo info = get();

	UK_EXPECT_GE((uint64_t)info.uptime, before / UK_TIME_NS_PER_SEC);
	UK_EXPECT_LE((uint64_t)info.uptime,
		     uk_time_now() / UK_TIME_NS_PER_SEC + 1);
	UK_EXPECT_EQ(info.mem_unit, 1);
	/* Room for the image, and less than any machine has. */
	UK_EXPECT_GT(info.totalram, 2 * LARGE);
	UK_EXPECT_LT(info.totalram, UINT64_C(1) << 46);
	UK_EXPECT_GT(info.freeram, 0);
	UK_EXPECT_LT(info.freeram, info.totalram);
	UK_EXPECT_GE(info.procs, 1);
	UK_EXPECT_EQ(info.totalswap, 0);
	UK_EXPECT_EQ(info.pad, 0);
	UK_EXPECT_EQ(uk_syscall_r_sysinfo(BAD), -EFAULT);
}

UK_TEST(sysinfo, memory_that_is_taken_is_not_free)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	const uint64_t before = get().freeram;
	void *const block = uk_malloc(a, LARGE);

	UK_EXPECT_NOT_NULL(block);
	UK_EXPECT_LE(get().freeram + LARGE / 2, before);
	uk_free(a, block);
}

/* Has the value that was asked for as long as it runs. */
struct where {
	unsigned int cpu, told;
	bool go;		/* atomic */
};

static void look(void *arg)
{
	struct where *const w = arg;

	UK_EXPECT_EQ(uk_syscall_r_getcpu((long)&w->told, 0, 0), 0);
	while (!__atomic_load_n(&w->go, __ATOMIC_ACQUIRE))
		uk_sched_yield();
}

static struct uk_thread *start(struct where *w)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, look, w, a, 0, NULL, 0, NULL, false, "look", NULL, NULL);

	UK_EXPECT_NOT_NULL(t);
	return t;
}

UK_TEST(sysinfo, threads_are_counted)
{
	struct where w = { .go = false };
	struct uk_thread *const t = start(&w);
	const unsigned int before = get().procs;

	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	UK_EXPECT_EQ(get().procs, before + 1);
	__atomic_store_n(&w.go, true, __ATOMIC_RELEASE);
	uk_thread_join(t);
	UK_EXPECT_EQ(get().procs, before);
}

UK_TEST(getcpu, it_is_the_one_that_the_thread_is_bound_to)
{
	unsigned int ncpus = 0;

	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		struct where w = { .cpu = cpu, .told = 99, .go = true };
		struct uk_thread *const t = start(&w);

		if (uk_thread_set_affinity(t, UINT64_C(1) << cpu) == 0 &&
		    uk_sched_thread_add(uk_sched_current(), t) == 0 &&
		    uk_thread_set_affinity(t, UINT64_C(1) << cpu) == 0) {
			uk_thread_join(t);
			UK_EXPECT_EQ(w.told, cpu);
			ncpus++;
			continue;
		}
		/* A scheduler of one CPU, or there is none of that number. */
		if (t->sched)
			uk_thread_join(t);
		else
			uk_thread_release(t);
	}
	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_SMP))
		UK_TEST_SKIP("one CPU");
	UK_EXPECT_GE(ncpus, 1);
}

UK_TEST(getcpu, each_pointer_may_be_missing_or_bad)
{
	unsigned int cpu = 99, node = 99;

	UK_EXPECT_EQ(uk_syscall_r_getcpu((long)&cpu, (long)&node, BAD), 0);
	UK_EXPECT_LT(cpu, 64);
	UK_EXPECT_EQ(node, 0);
	UK_EXPECT_EQ(uk_syscall_r_getcpu(0, 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_getcpu(BAD, 0, 0), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_getcpu(0, BAD, 0), -EFAULT);
}
