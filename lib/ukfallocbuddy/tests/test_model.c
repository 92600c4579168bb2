/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random requests, against a bitmap: the allocator must grant what the map has
 * and nothing else, and its own view must equal the map's.
 */
#include <uk/fallocbuddy.h>

#include <stdbool.h>

#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/percpu.h>
#include <uk/string.h>
#include <uk/test.h>
#include <uk/test_random.h>

#define PAGE		UINT64_C(4096)
#define NFRAMES		192u
#define NAREAS		3u

/*
 * Three areas: one in two zones, one beside it, and one after a gap of one
 * frame. Frame 0 of the model is at BASE; the gap is taken for ever.
 */
#define BASE		((UINT64_C(4) << 30) - 40 * PAGE)
#define GAP		150u

static const struct {
	unsigned int from, n;
} areas[NAREAS] = { { 0, 90 }, { 90, 60 }, { 151, 41 } };

static char memory[NFRAMES * PAGE] UK_ALIGNED(4096);
static uint64_t metadata[NAREAS][64];
static struct uk_fallocbuddy fb;
static UK_PERCPU(struct uk_fallocbuddy_cache, at_hand);

static struct {
	bool used[NFRAMES];
	uint64_t seed;
} model;

static unsigned int below(unsigned int n)
{
	return (unsigned int)(uk_test_draw(&model.seed) >> 32) % n;
}

static bool begin(uint64_t seed, bool cached)
{
	model = (__typeof__(model)){ .seed = seed };
	model.used[GAP] = true;
	memset(metadata, 0xff, sizeof(metadata));
	memset(memory, 0xa5, sizeof(memory));
	uk_fallocbuddy_init(&fb);
	memset(&at_hand, 0, sizeof(at_hand));
	if (cached)
		uk_fallocbuddy_set_cache(&fb, &at_hand);
	for (unsigned int i = 0; i < NAREAS; i++) {
		const uint64_t paddr = BASE + areas[i].from * PAGE;

		if (!UK_EXPECT_EQ(uk_fallocbuddy_addmem(
					  &fb, metadata[i], paddr, areas[i].n,
					  (uintptr_t)memory +
					  areas[i].from * PAGE - paddr), 0))
			return false;
	}
	return true;
}

/* Does the map have @n free frames at a multiple of @align in [from, to)? */
static bool has(unsigned int n, unsigned int align, unsigned int from,
		unsigned int to)
{
	unsigned int len = 0;

	for (unsigned int i = from; i < to; i++) {
		if (model.used[i]) {
			len = 0;
			continue;
		}
		/* A run begins where the alignment allows it. */
		if (len == 0 && !UK_IS_ALIGNED(BASE / PAGE + i, align))
			continue;
		if (++len == n)
			return true;
		/* A later beginning may fit as well; it is shorter. */
	}
	return false;
}

/* Mark @n frames at @paddr as used; false: some were, or are none of ours. */
static bool mark(uint64_t paddr, unsigned int n)
{
	const uint64_t first = (paddr - BASE) / PAGE;

	if (paddr < BASE || first + n > NFRAMES)
		return false;
	for (unsigned int i = 0; i < n; i++) {
		if (model.used[first + i])
			return false;
		model.used[first + i] = true;
		/* The frame is the test's: nothing may lean on its bytes. */
		memset(memory + (first + i) * PAGE, 0x5a, 64);
	}
	return true;
}

static bool take_one(void)
{
	const unsigned int n = !below(3) ? 1 :
			       below(4) ? 1 + below(8) : 1 + below(100);
	const unsigned int shift = below(4) ? 0 : below(6);
	const unsigned int from = below(3) ? 0 : below(NFRAMES - 1);
	const unsigned int to = from ? from + 1 + below(NFRAMES - from) :
				       NFRAMES;
	const bool low = from == 0 && below(4) == 0;
	const unsigned long flags = (shift ? UK_FALLOC_ALIGN(12 + shift) : 0) |
				    (low ? UK_FALLOC_BELOW_4G : 0);
	const bool granted = has(n, 1u << shift, from, low ? 40 : to);
	uint64_t paddr = 0;
	int rc;

	if (from)
		rc = uk_falloc_from_range(&fb.fa, &paddr, n, flags,
					  BASE + from * PAGE,
					  BASE + UK_MIN(to, NFRAMES) * PAGE);
	else
		rc = uk_falloc(&fb.fa, &paddr, n, flags);
	if (!UK_EXPECT_EQ(rc == 0, granted))
		return false;
	if (rc < 0)
		return true;
	return UK_EXPECT(mark(paddr, n)) &&
	       UK_EXPECT(UK_IS_ALIGNED(paddr, PAGE << shift)) &&
	       UK_EXPECT(paddr >= BASE + from * PAGE) &&
	       UK_EXPECT(paddr + n * PAGE <=
			 BASE + (low ? 40 : to) * PAGE);
}

/* Give back some of a stretch of used frames. */
static bool give_some(void)
{
	unsigned int first = below(NFRAMES);
	const unsigned int max = below(4) ? 1 + below(8) : NFRAMES;
	unsigned int n = 0;

	while (first + n < NFRAMES && n < max && first + n != GAP &&
	       model.used[first + n])
		model.used[first + n++] = false;
	return n == 0 ||
	       UK_EXPECT_EQ(uk_ffree(&fb.fa, BASE + first * PAGE, n), 0);
}

static bool same(void)
{
	struct uk_falloc_stats st;
	unsigned int free = 0, longest = 0, len = 0;
	uint64_t in_blocks = 0;

	for (unsigned int i = 0; i < NFRAMES; i++) {
		len = model.used[i] ? 0 : len + 1;
		free += len != 0;
		longest = UK_MAX(longest, len);
	}
	uk_falloc_stats_get(&fb.fa, &st);
	for (unsigned int i = 0; i < UK_FALLOC_ORDERS; i++)
		in_blocks += st.nblocks[i] << i;
	return UK_EXPECT_EQ(st.free, free) &&
	       UK_EXPECT_EQ(st.largest_run, longest) &&
	       UK_EXPECT_EQ(in_blocks + st.fresh, free);
}

/* With frames at hand, which counting puts back, it counts now and then. */
static void run(uint64_t seed, unsigned int nsteps, bool cached)
{
	if (!begin(seed, cached))
		return;
	for (unsigned int i = 0; i < nsteps; i++)
		/* Phases of growing and of shrinking. */
		if (!(below(8) < (i / 256 % 2 ? 3u : 5u) ? take_one() :
							  give_some()) ||
		    !(cached && i % 64 ? true : same()))
			return;
	for (unsigned int i = 0; i < NFRAMES; i++)
		if (model.used[i] && i != GAP)
			UK_EXPECT_EQ(uk_ffree(&fb.fa, BASE + i * PAGE, 1), 0);
	memset(model.used, 0, sizeof(model.used));
	model.used[GAP] = true;
	UK_EXPECT(same());
}

UK_TEST(fallocbuddy, what_a_bitmap_would_grant_is_granted)
{
	for (uint64_t seed = 1; seed <= 8; seed++)
		run(seed, 1000, false);
}

UK_TEST(fallocbuddy, so_it_is_with_frames_at_hand)
{
	for (uint64_t seed = 1; seed <= 8; seed++)
		run(seed, 1000, true);
}

/* For soak, hosted. */
UK_TEST(on_demand, a_million_random_requests_for_frames)
{
	run(9, 500000, false);
	run(10, 500000, true);
}
