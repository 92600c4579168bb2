/* SPDX-License-Identifier: BSD-3-Clause */
/* All CPUs of the machine draw at once, and from an interrupt. */
#include <uk/random.h>

#include <uk/compiler.h>
#include <uk/lcpu.h>
#include <uk/print.h>
#include <uk/test.h>

#define NCPUS	8u
#define EACH	200u

static struct uk_lcpu_call calls[NCPUS];
static uint64_t num[NCPUS * EACH];

static void draw(void *arg)
{
	uint64_t *const own = arg;

	for (unsigned int i = 0; i < EACH; i++)
		own[i] = uk_random_u64();
}

/* Others draw in an interrupt, this CPU as a thread. */
static unsigned int draw_everywhere(void)
{
	unsigned int n = uk_lcpu_nup();

	n = n < NCPUS ? n : NCPUS;
	for (unsigned int i = 1; i < n; i++) {
		calls[i] = (struct uk_lcpu_call){ .fn = draw,
						  .arg = num + i * EACH };
		uk_lcpu_post(i, &calls[i]);
	}
	draw(num);
	for (unsigned int i = 1; i < n; i++)
		uk_lcpu_wait(i);
	return n * EACH;
}

UK_TEST(random_cpus, no_two_cpus_draw_the_same_number)
{
	unsigned int n;

	if (uk_lcpu_start_all() < 2)
		UK_TEST_SKIP("this machine has one CPU");
	uk_random_reseed();
	n = draw_everywhere();
	UK_EXPECT_GE(n, 2 * EACH);
	for (unsigned int i = 1; i < n; i++) {
		for (unsigned int j = 0; j < i; j++)
			UK_EXPECT_NE(num[i], num[j]);
	}
}

UK_TEST(on_demand, random_numbers_and_where_they_come_from)
{
	const uint64_t drawn = uk_random_u64();

	uk_pr_info("ready %d, sources %#x, number %016llx", uk_random_ready(),
		   uk_random_sources(), (unsigned long long)drawn);
}
