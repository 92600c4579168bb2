/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads on all CPUs take two of some locks in turn, give up waiting for some,
 * change how urgent they are, and exit with what they have; each lock keeps all
 * but one out, and in the end nothing is left.
 */
#include <uk/abi/time.h>
#include <uk/essentials.h>

#include "pi_fixture.h"

#define NTHREADS	6u
#define NLOCKS		3u
#define ROUNDS		200u

#define TID		UK_ABI_FUTEX_TID_MASK

struct robust {
	uint64_t next;
	uint32_t word;
};

static struct {
	struct robust lock[NLOCKS];
	uint32_t inside[NLOCKS];	/* who, by the lock */
	uint32_t nwrong, ndied, nlate;	/* atomic */
	bool begun;			/* atomic */
} storm;

static void count(uint32_t *n)
{
	__atomic_fetch_add(n, 1, __ATOMIC_RELAXED);
}

static void wrong_if(bool wrong)
{
	if (wrong)
		count(&storm.nwrong);
}

static void enter(unsigned int i, uint32_t tid)
{
	const uint32_t is = get(&storm.lock[i].word);

	wrong_if((is & TID) != tid);
	if (is & DIED) {
		/* Whoever had it left it in the middle; it is made good. */
		count(&storm.ndied);
		(void)__atomic_fetch_and(&storm.lock[i].word, ~DIED,
					 __ATOMIC_RELAXED);
		storm.inside[i] = 0;
	}
	wrong_if(storm.inside[i]);
	storm.inside[i] = tid;
}

static void leave(unsigned int i, uint32_t tid)
{
	wrong_if(storm.inside[i] != tid);
	storm.inside[i] = 0;
	wrong_if(drop(&storm.lock[i].word, tid));
}

/* Perhaps not for ever. */
static bool lock(unsigned int i, uint32_t tid, uint32_t r)
{
	uint32_t *const word = &storm.lock[i].word;
	const uint64_t ns = uk_time_now() + (r >> 8 & 0xffff);
	const struct uk_abi_timespec ts = {
		(long)(ns / UK_TIME_NS_PER_SEC),
		(long)(ns % UK_TIME_NS_PER_SEC),
	};
	long rc;

	switch (r % 8) {
	case 0:
		rc = futex(word, TRYLOCK, 0, 0, NULL, 0);
		wrong_if(rc && rc != -EAGAIN);
		break;
	case 1:
	case 2:
		rc = futex(word, LOCK2, 0, (long)&ts, NULL, 0);
		wrong_if(rc && rc != -ETIMEDOUT);
		break;
	default:
		rc = take(word, tid);
		wrong_if(rc);
	}
	if (rc)
		count(&storm.nlate);
	else
		enter(i, tid);
	return rc == 0;
}

static void be(uint32_t prio)
{
	const int rc = uk_thread_set_prio(uk_thread_current(), prio);

	wrong_if(rc && rc != -ENOTSUP);
}

/* One or two locks, and perhaps @dies with them: then it returns true. */
static bool go_in_and_out(uint32_t tid, uint32_t r, bool dies,
			  struct uk_abi_robust_head *head)
{
	const unsigned int a = (r >> 30) % NLOCKS, b = (r >> 28) % NLOCKS;
	const unsigned int low = UK_MIN(a, b), high = UK_MAX(a, b);
	const bool both = low != high;

	if (!lock(low, tid, r))
		return false;
	if (r >> 24 & 3)
		uk_sched_yield();
	else
		uk_sched_thread_sleep(r >> 16 & 0xffff);
	if (dies) {
		storm.lock[low].next = (uint64_t)head;
		head->next = (uint64_t)&storm.lock[low] | 1;
		return true;
	}
	if (both && lock(high, tid, r >> 3))
		leave(high, tid);
	leave(low, tid);
	return false;
}

static void live(void *arg)
{
	struct uk_abi_robust_head head = {
		.next = (uint64_t)&head,
		.offset = offsetof(struct robust, word),
	};
	uint32_t r = (uint32_t)(uintptr_t)arg;
	const uint32_t tid = my_tid();
	int rc;

	rc = uk_thread_set_affinity(uk_thread_current(), UK_THREAD_CPU_ANY);
	wrong_if(rc && rc != -ENOTSUP);
	(void)uk_syscall_r_set_robust_list((long)&head, sizeof(head));
	await(&storm.begun);
	for (unsigned int n = 0; n < ROUNDS; n++) {
		r = r * 1664525 + 1013904223;
		if (n % 4 == 0)
			be(1 + (r >> 20) % 20);
		if (go_in_and_out(tid, r, n > ROUNDS / 2, &head))
			break;
	}
	uk_syscall_r_exit(0);
}

static void storm_for(unsigned int lives)
{
	struct uk_thread *t[NTHREADS];
	const uint32_t me = my_tid();

	storm = (__typeof__(storm)){ 0 };
	for (unsigned int l = 0; l < lives; l++) {
		storm.begun = false;
		for (unsigned int i = 0; i < NTHREADS; i++)
			t[i] = uk_test_spawn(live, (void *)(uintptr_t)(
				l * NTHREADS + i + 1));
		set(&storm.begun);
		for (unsigned int i = 0; i < NTHREADS; i++)
			uk_thread_join(t[i]);
	}
	UK_EXPECT_EQ(storm.nwrong, 0);
	UK_EXPECT_GT(storm.ndied, 0);
	UK_EXPECT_GT(storm.nlate, 0);
	for (unsigned int i = 0; i < NLOCKS; i++) {
		UK_EXPECT_EQ(futex(&storm.lock[i].word, LOCK, 0, 0, NULL, 0),
			     0);
		UK_EXPECT_EQ(storm.lock[i].word & ~DIED, me);
	}
}

UK_TEST(futex_pi_storm, locks_taken_and_left_in_all_ways_keep_all_but_one_out)
{
	storm_for(2);
}

UK_TEST(on_demand, locks_are_taken_and_left_in_all_ways_for_long)
{
	storm_for(200);
}
