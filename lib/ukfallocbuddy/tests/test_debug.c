/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames that are given back wrongly: each is named when it happens. */
#include <uk/fallocbuddy.h>

#include <uk/compiler.h>
#include <uk/percpu.h>
#include <uk/string.h>
#include <uk/test.h>

#define NFRAMES		64u
#define PAGE		UINT64_C(4096)
#define GIB		UINT64_C(0x40000000)

static char memory[NFRAMES * PAGE] UK_ALIGNED(4096);
static uint64_t metadata[64];
static struct uk_fallocbuddy fb;
static UK_PERCPU(struct uk_fallocbuddy_cache, at_hand);

static void begin(bool cached)
{
	memset(&at_hand, 0, sizeof(at_hand));
	uk_fallocbuddy_init(&fb);
	if (cached)
		uk_fallocbuddy_set_cache(&fb, &at_hand);
	UK_EXPECT_EQ(uk_fallocbuddy_addmem(&fb, metadata, GIB, NFRAMES,
					   (uintptr_t)memory - GIB), 0);
}

struct run {
	uint64_t paddr;
	unsigned long n;
};

static void give(void *run)
{
	const struct run *const r = run;

	(void)uk_ffree(&fb.fa, r->paddr, r->n);
}

static void expect_crash(uint64_t paddr, unsigned long n, const char *cause)
{
	struct run run = { paddr, n };

	UK_EXPECT_CRASH(give, &run);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(), cause);
}

static void expect_all(void)
{
	uint64_t paddr;

	expect_crash(GIB, 1, "frame 0x40000000 is given back, and never was "
		     "given out");
	UK_EXPECT_EQ(uk_falloc(&fb.fa, &paddr, 20, 0), 0);
	UK_EXPECT_EQ(paddr, GIB);
	expect_crash(GIB - 2 * PAGE, 3, "frame 0x3fffe000 is given back, and "
		     "never was given out");
	expect_crash(GIB + NFRAMES * PAGE, 1, "frame 0x40040000 is given "
		     "back, and never was given out");
	UK_EXPECT_EQ(uk_ffree(&fb.fa, GIB + 7 * PAGE, 1), 0);
	expect_crash(GIB + 7 * PAGE, 1, "frame 0x40007000 is given back, and "
		     "is free");
	expect_crash(GIB + 4 * PAGE, 8, "frame 0x40007000 is given back, and "
		     "is free");
	expect_crash(GIB + 19 * PAGE, 4, "frame 0x40014000 is given back, and "
		     "is free");
	/* What crashed gave nothing back, and locked nothing. */
	UK_EXPECT_EQ(uk_ffree(&fb.fa, GIB, 7), 0);
	UK_EXPECT_EQ(uk_ffree(&fb.fa, GIB + 8 * PAGE, 12), 0);
	UK_EXPECT_EQ(uk_falloc(&fb.fa, &paddr, NFRAMES, 0), 0);
}

UK_TEST(fallocbuddy_debug, a_frame_that_is_given_back_wrongly_is_named)
{
	begin(false);
	expect_all();
}

UK_TEST(fallocbuddy_debug, so_is_one_that_a_cpu_has_at_hand)
{
	begin(true);
	expect_all();
}
