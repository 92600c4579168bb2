/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The frames of this machine. What a case takes it gives back, and then the
 * allocator must be as it was; nobody else takes frames meanwhile.
 */
#include <uk/fallocbuddy.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/test.h>
#include <uk/test_random.h>

#define PAGE		((uint64_t)UKARCH_PAGE_SIZE)
#define MIB		UINT64_C(0x100000)
#define GIB		UINT64_C(0x40000000)
#define NRUNS		256u

static struct {
	uint64_t paddr;
	uint64_t n;
} runs[NRUNS];

static struct uk_falloc *fa(void)
{
	return uk_falloc_get_default();
}

static struct uk_falloc_stats now(void)
{
	struct uk_falloc_stats st;

	uk_falloc_stats_get(fa(), &st);
	return st;
}

static void expect_as(const struct uk_falloc_stats *before)
{
	const struct uk_falloc_stats st = now();

	UK_EXPECT_EQ(st.total, before->total);
	UK_EXPECT_EQ(st.free, before->free);
	UK_EXPECT_EQ(st.largest_run, before->largest_run);
}

/* 0 is no frame of any machine here: firmware's tables are there. */
static uint64_t take(unsigned long n, unsigned long flags)
{
	uint64_t paddr = 0;

	return uk_falloc(fa(), &paddr, n, flags) == 0 ? paddr : 0;
}

static void give(uint64_t paddr, unsigned long n)
{
	UK_EXPECT_EQ(uk_ffree(fa(), paddr, n), 0);
}

static volatile uint64_t *word(uint64_t paddr)
{
	return uk_phys_to_virt(paddr);
}

UK_TEST(frames, what_is_counted_by_order_is_what_is_free)
{
	const struct uk_falloc_stats st = now();
	uint64_t sum = st.fresh;

	for (unsigned int i = 0; i < UK_FALLOC_ORDERS; i++)
		sum += st.nblocks[i] << i;
	UK_EXPECT_EQ(sum, st.free);
	UK_EXPECT_GT(st.free, 0);
	UK_EXPECT_LE(st.free, st.total);
	UK_EXPECT_LE(st.largest_run, st.free);
	UK_EXPECT_EQ(st.total * PAGE, fa()->total_memory);
}

UK_TEST(frames, all_memory_can_be_taken_and_is_all_there_again)
{
	const struct uk_falloc_stats before = now();
	struct uk_falloc_stats st = before;
	uint64_t sum = 0, paddr;
	unsigned int n = 0;

	for (; st.free && n < NRUNS; n++, st = now()) {
		runs[n].n = st.largest_run;
		runs[n].paddr = take(st.largest_run, 0);
		if (!UK_EXPECT(runs[n].paddr != 0))
			break;
		sum += runs[n].n;
	}
	UK_EXPECT_EQ(sum, before.free);
	UK_EXPECT_EQ(uk_falloc(fa(), &paddr, 1, 0), -ENOMEM);
	UK_EXPECT_EQ(uk_falloc(fa(), &paddr, 1, UK_FALLOC_ZERO), -ENOMEM);
	while (n-- > 0)
		give(runs[n].paddr, runs[n].n);
	expect_as(&before);
}

/* Frames that are taken one by one are linked through their first words. */
UK_TEST(frames, the_last_thousand_frames_are_given_one_by_one)
{
	const struct uk_falloc_stats before = now();
	struct uk_falloc_stats st = before;
	uint64_t first = 0, frame, left;
	unsigned int n = 0;

	while (st.free > 1000 && n < NRUNS) {
		runs[n].n = UK_MIN(st.largest_run, st.free - 1000);
		runs[n].paddr = take(runs[n].n, 0);
		if (!UK_EXPECT(runs[n].paddr != 0))
			break;
		n++;
		st = now();
	}
	for (left = st.free; (frame = take(1, 0)) != 0; left--) {
		*word(frame) = first;
		first = frame;
	}
	UK_EXPECT_EQ(left, 0);
	UK_EXPECT_EQ(now().free, 0);
	for (; first; first = frame, left++) {
		frame = *word(first);
		give(first, 1);
	}
	UK_EXPECT_EQ(left, st.free);
	while (n-- > 0)
		give(runs[n].paddr, runs[n].n);
	expect_as(&before);
}

UK_TEST(frames, six_of_eight_come_back_and_are_used_again)
{
	const struct uk_falloc_stats before = now();
	const uint64_t run = take(8, UK_FALLOC_ALIGN(15));
	uint64_t paddr;

	if (!UK_EXPECT(run != 0))
		return;
	give(run, 3);
	give(run + 5 * PAGE, 3);
	UK_EXPECT_EQ(now().free, before.free - 2);
	UK_EXPECT_EQ(uk_falloc_from_range(fa(), &paddr, 4, 0, run,
					  run + 8 * PAGE), -ENOMEM);
	UK_EXPECT_EQ(uk_falloc_from_range(fa(), &paddr, 3, 0, run + PAGE,
					  run + 8 * PAGE), 0);
	UK_EXPECT_EQ(paddr, run + 5 * PAGE);
	give(run + 3 * PAGE, 5);
	expect_as(&before);
}

UK_TEST(frames, fragments_are_one_run_again_when_the_rest_comes_back)
{
	const struct uk_falloc_stats before = now();
	const uint64_t run = take(64, UK_FALLOC_ALIGN(18));
	uint64_t paddr;

	if (!UK_EXPECT(run != 0))
		return;
	for (unsigned int i = 0; i < 64; i += 2)
		give(run + i * PAGE, 1);
	UK_EXPECT_EQ(now().free, before.free - 32);
	UK_EXPECT_EQ(uk_falloc_from_range(fa(), &paddr, 2, 0, run,
					  run + 64 * PAGE), -ENOMEM);
	for (unsigned int i = 1; i < 64; i += 2)
		give(run + i * PAGE, 1);
	UK_EXPECT_EQ(uk_falloc_from_range(fa(), &paddr, 64, 0, run,
					  run + 64 * PAGE), 0);
	UK_EXPECT_EQ(paddr, run);
	give(run, 64);
	expect_as(&before);
}

UK_TEST(frames, devices_get_frames_that_they_reach)
{
	const struct uk_falloc_stats before = now();
	uint64_t paddr = 0;
	int rc = uk_falloc(fa(), &paddr, 4, UK_FALLOC_BELOW_16M);

	/* RAM begins at 1 GiB there. */
	if (UK_IS_ENABLED(CONFIG_ARCH_ARM_64)) {
		UK_EXPECT_EQ(rc, -ENOMEM);
	} else if (UK_EXPECT_EQ(rc, 0)) {
		UK_EXPECT_LE(paddr + 4 * PAGE, 16 * MIB);
		give(paddr, 4);
	}
	rc = uk_falloc(fa(), &paddr, 16, UK_FALLOC_BELOW_4G |
		       UK_FALLOC_ALIGN(16));
	if (UK_EXPECT_EQ(rc, 0)) {
		UK_EXPECT_LE(paddr + 16 * PAGE, 4 * GIB);
		UK_EXPECT(UK_IS_ALIGNED(paddr, PAGE << 4));
		give(paddr, 16);
	}
	expect_as(&before);
}

UK_TEST(frames, zeroes_are_zeroes_after_others_had_the_frames)
{
	uint64_t paddr = take(8, 0);

	if (!UK_EXPECT(paddr != 0))
		return;
	for (unsigned int i = 0; i < 8 * PAGE; i += 8)
		*word(paddr + i) = UINT64_MAX;
	give(paddr, 8);
	UK_EXPECT_EQ(uk_falloc_from_range(fa(), &paddr, 8, UK_FALLOC_ZERO,
					  paddr, paddr + 8 * PAGE), 0);
	for (unsigned int i = 0; i < 8 * PAGE; i += 8)
		if (!UK_EXPECT_EQ(*word(paddr + i), 0))
			break;
	give(paddr, 8);
}

static uint64_t seed;

static unsigned int below(unsigned int n)
{
	return (unsigned int)(uk_test_draw(&seed) >> 32) % n;
}

/* Each frame of a run says where it is: nobody else may write there. */
static bool label(uint64_t paddr, uint64_t n, bool check)
{
	bool same = true;

	for (uint64_t i = 0; i < n; i++) {
		same &= *word(paddr + i * PAGE) == paddr + i * PAGE;
		*word(paddr + i * PAGE) = check ? 0 : paddr + i * PAGE;
	}
	return same;
}

static void step(unsigned int i)
{
	uint64_t part;

	if (runs[i].n == 0) {
		const uint64_t n = below(3) ? 1 : 1 + below(40);

		runs[i].paddr = take(n, 0);
		runs[i].n = runs[i].paddr ? n : 0;
		(void)label(runs[i].paddr, runs[i].n, false);
		return;
	}
	/* All of it, or some of its end or of its beginning. */
	part = below(2) ? runs[i].n : 1 + below((unsigned int)runs[i].n);
	runs[i].n -= part;
	if (below(2)) {
		UK_EXPECT(label(runs[i].paddr + runs[i].n * PAGE, part, true));
		give(runs[i].paddr + runs[i].n * PAGE, part);
	} else {
		UK_EXPECT(label(runs[i].paddr, part, true));
		give(runs[i].paddr, part);
		runs[i].paddr += part * PAGE;
	}
}

UK_TEST(frames, ten_thousand_steps_leave_them_as_they_were)
{
	const struct uk_falloc_stats before = now();
	const unsigned int nruns = before.free < 40 * NRUNS ? 4 : NRUNS;
	uint64_t used = 0;

	seed = 1;
	for (unsigned int i = 0; i < NRUNS; i++)
		runs[i].n = 0;
	for (unsigned int i = 0; i < 10000; i++)
		step(below(nruns));
	for (unsigned int i = 0; i < NRUNS; i++)
		used += runs[i].n;
	UK_EXPECT_EQ(now().free, before.free - used);
	for (unsigned int i = 0; i < NRUNS; i++) {
		UK_EXPECT(label(runs[i].paddr, runs[i].n, true));
		if (runs[i].n)
			give(runs[i].paddr, runs[i].n);
	}
	expect_as(&before);
}

/* Memory that comes later brings the room to know about it. */
UK_TEST(frames, memory_is_added_with_what_is_to_be_known_of_it)
{
	static struct uk_fallocbuddy fb;
	const uint64_t base = take(32, 0);
	uint64_t paddr, sum = 0;

	if (!UK_EXPECT(base != 0))
		return;
	UK_EXPECT_EQ(uk_falloc_addmem(fa(), base, 32), -EEXIST);
	uk_fallocbuddy_init(&fb);
	UK_EXPECT_EQ(uk_falloc_addmem(&fb.fa, base, 1), -EINVAL);
	UK_EXPECT_EQ(uk_falloc_addmem(&fb.fa, base, 8), 0);
	UK_EXPECT_EQ(uk_falloc_addmem(&fb.fa, base + 7 * PAGE, 8), -EEXIST);
	UK_EXPECT_EQ(fb.fa.total_memory, 7 * PAGE);
	while (uk_falloc(&fb.fa, &paddr, 1, UK_FALLOC_ZERO) == 0) {
		UK_EXPECT(paddr >= base && paddr < base + 7 * PAGE);
		sum += paddr - base;
	}
	UK_EXPECT_EQ(sum, 21 * PAGE);
	UK_EXPECT_EQ(uk_falloc_addmem(&fb.fa, base + 8 * PAGE, 24), 0);
	UK_EXPECT_EQ(uk_falloc(&fb.fa, &paddr, 23, 0), 0);
	UK_EXPECT_EQ(paddr, base + 8 * PAGE);
	give(base, 32);
}
