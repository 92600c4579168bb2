/* SPDX-License-Identifier: BSD-3-Clause */
/* The queue of one CPU. */
#include "../runq_priv.h"

#include <uk/test.h>

#define NTHREADS	5u

static struct uk_thread t[NTHREADS];
static struct smp_runq q;

static void begin(const uint8_t *prios)
{
	smp_runq_init(&q);
	for (unsigned int i = 0; i < NTHREADS; i++) {
		t[i] = (struct uk_thread){
			.prio = prios[i],
			.cpus_ = UK_THREAD_CPU_ANY,
		};
		uk_list_init(&t[i].queue_);
		smp_runq_add(&q, &t[i]);
	}
}

/* Take out the first, and say which it was; NTHREADS: there is none. */
static unsigned int first(void)
{
	struct uk_thread *const got = smp_runq_first(&q);

	if (!got)
		return NTHREADS;
	smp_runq_remove(&q, got);
	return (unsigned int)(got - t);
}

UK_TEST(smp_runq, the_most_urgent_comes_first_and_equals_in_their_order)
{
	static const uint8_t prios[NTHREADS] = { 16, 0, 31, 16, 31 };
	static const unsigned int order[] = { 2, 4, 0, 3, 1, NTHREADS };

	begin(prios);
	UK_EXPECT_EQ(q.nready, NTHREADS);
	for (unsigned int i = 0; i <= NTHREADS; i++)
		UK_EXPECT_EQ(first(), order[i]);
	UK_EXPECT_EQ(q.nready, 0);
	UK_EXPECT_EQ(q.prios, 0);
}

UK_TEST(smp_runq, one_in_front_comes_before_its_equals_only)
{
	static const uint8_t prios[NTHREADS] = { 5, 5, 6, 5, 4 };

	begin(prios);
	smp_runq_remove(&q, &t[3]);
	smp_runq_add_front(&q, &t[3]);
	UK_EXPECT_EQ(first(), 2);
	UK_EXPECT_EQ(first(), 3);
	UK_EXPECT_EQ(first(), 0);
}

UK_TEST(smp_runq, a_queue_tells_whether_it_has_equals_or_better)
{
	static const uint8_t prios[NTHREADS] = { 5, 5, 5, 5, 5 };

	begin(prios);
	UK_EXPECT(smp_runq_has(&q, 0));
	UK_EXPECT(smp_runq_has(&q, 5));
	UK_EXPECT(!smp_runq_has(&q, 6));
	UK_EXPECT(smp_runq_has_above(&q, 4));
	UK_EXPECT(!smp_runq_has_above(&q, 5));
	UK_EXPECT(!smp_runq_has_above(&q, UK_THREAD_PRIO_MAX));
	smp_runq_remove(&q, &t[0]);
	t[0].prio = UK_THREAD_PRIO_MAX;
	smp_runq_add(&q, &t[0]);
	UK_EXPECT(smp_runq_has(&q, UK_THREAD_PRIO_MAX));
	UK_EXPECT(!smp_runq_has_above(&q, UK_THREAD_PRIO_MAX));
}

UK_TEST(smp_runq, a_cpu_finds_the_first_that_may_run_there)
{
	static const uint8_t prios[NTHREADS] = { 16, 16, 20, 3, 31 };

	begin(prios);
	t[4].cpus_ = 1u << 0;
	t[2].cpus_ = 1u << 1;
	t[0].cpus_ = 1u << 0 | 1u << 2;
	UK_EXPECT_EQ(smp_runq_first_for(&q, 0), &t[4]);
	UK_EXPECT_EQ(smp_runq_first_for(&q, 1), &t[2]);
	UK_EXPECT_EQ(smp_runq_first_for(&q, 2), &t[0]);
	UK_EXPECT_EQ(smp_runq_first_for(&q, 3), &t[1]);
	/* Above what the mask has bits for. */
	UK_EXPECT_EQ(smp_runq_first_for(&q, 64), &t[1]);
	t[1].cpus_ = t[3].cpus_ = 1;
	UK_EXPECT_NULL(smp_runq_first_for(&q, 64));
}
