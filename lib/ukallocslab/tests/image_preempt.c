/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The short ways of the heap do not keep the CPU. Here a thread that does
 * little else is interrupted often, each time by one that takes and frees
 * blocks of the same list: who went on where it was would take one twice, or
 * lose one.
 */
#include <uk/alloc.h>

#include <stdint.h>

#include <uk/essentials.h>
#include <uk/restart.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#define SIZE		((size_t)64)
#define NBLOCKS		8u
#define ROUNDS		1000u
#define STACK		((size_t)16 << 10)
#define PERIOD		(50 * UINT64_C(1000))	/* ns */

/* More blocks than one thread has, and fewer than a list. */
struct owner {
	uint64_t *blocks[NBLOCKS];
	uint64_t mark;
	unsigned int nwrong;
};

static bool stop;	/* atomic */

static void get_all(struct owner *o)
{
	for (unsigned int i = 0; i < NBLOCKS; i++) {
		o->blocks[i] = uk_malloc(uk_alloc_get_default(), SIZE);
		if (!o->blocks[i])
			continue;
		o->blocks[i][0] = o->mark;
		o->blocks[i][1] = i;
	}
}

static void put_all(struct owner *o)
{
	for (unsigned int i = 0; i < NBLOCKS; i++) {
		uint64_t *const ptr = o->blocks[i];

		if (!ptr || ptr[0] != o->mark || ptr[1] != i)
			o->nwrong++;
		else if (i % 2)
			uk_free_sized(uk_alloc_get_default(), ptr, SIZE);
		else
			uk_free(uk_alloc_get_default(), ptr);
	}
}

static UK_NORETURN void work(void *arg)
{
	struct owner *const o = arg;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED) && !o->nwrong) {
		get_all(o);
		put_all(o);
	}
	uk_sched_thread_exit();
}

/*
 * The more urgent one keeps its blocks while the other works, and takes others
 * before it gives them back: so the list is another one afterwards.
 */
static void interrupt(struct owner *urgent)
{
	struct owner *o = urgent;

	get_all(o);
	for (unsigned int i = 0; i < ROUNDS && !o->nwrong; i++) {
		uk_sched_thread_sleep(PERIOD);
		get_all(&urgent[(i + 1) % 2]);
		put_all(o);
		o = &urgent[(i + 1) % 2];
	}
	put_all(o);
}

static struct uk_thread *start(struct owner *o)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, work, o, a, STACK, NULL, 0, NULL, false, "often",
		NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_thread_set_affinity(t, 1), 0);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

UK_TEST(heap, a_thread_that_is_preempted_in_malloc_and_free_gets_no_block_twice)
{
	static struct owner often = { .mark = 0x6f6674656e };
	static struct owner urgent[2] = {
		{ .mark = 0x757267656e74 }, { .mark = 0x757267656e75 },
	};
	struct uk_thread *const me = uk_thread_current();
	const uint64_t cpus = me->cpus_;
	struct uk_thread *t;

	often.nwrong = 0;
	urgent[0].nwrong = 0;
	urgent[1].nwrong = 0;
	stop = false;
	UK_EXPECT_EQ(uk_thread_set_affinity(me, 1), 0);
	UK_EXPECT_EQ(uk_thread_set_prio(me, UK_THREAD_PRIO_DEFAULT + 1), 0);
	t = start(&often);
	if (t)
		interrupt(urgent);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	if (t)
		uk_thread_join(t);
	UK_EXPECT_EQ(uk_thread_set_prio(me, UK_THREAD_PRIO_DEFAULT), 0);
	UK_EXPECT_EQ(uk_thread_set_affinity(me, cpus), 0);
	UK_EXPECT_EQ(often.nwrong, 0);
	UK_EXPECT_EQ(urgent[0].nwrong + urgent[1].nwrong, 0);
}

UK_TEST(restart, each_sequence_begins_again_up_to_the_one_that_commits)
{
	const struct uk_restart *r;

	/* Of malloc, calloc and free. */
	UK_EXPECT_GE(uk_restart_end - uk_restart_start, 3);
	for (r = uk_restart_start; r < uk_restart_end; r++) {
		UK_EXPECT_LT(r->begin, r->commit);
		UK_EXPECT_LT(r->commit, r->begin + 64);
		for (uintptr_t ip = r->begin; ip <= r->commit; ip++)
			UK_EXPECT_EQ(uk_restart_ip(ip), r->begin);
		UK_EXPECT_EQ(uk_restart_ip(r->begin - 1), r->begin - 1);
		UK_EXPECT_EQ(uk_restart_ip(r->commit + 4), r->commit + 4);
	}
}
