/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The mem* functions against a byte loop, over every combination of length,
 * alignment and distance up to the limits below, with the bytes around the
 * target checked. Called through volatile pointers, or the compiler would
 * answer in their place.
 */
#include <uk/string.h>

#include <uk/test.h>

static void *(*volatile do_memcpy)(void *, const void *, size_t) = memcpy;
static void *(*volatile do_memmove)(void *, const void *, size_t) = memmove;
static void *(*volatile do_memset)(void *, int, size_t) = memset;
static int (*volatile do_memcmp)(const void *, const void *, size_t) = memcmp;

#define AREA	4096u
#define MARGIN	24u		/* bytes looked at around the target */

static unsigned char src[AREA];
static unsigned char got[AREA];
static unsigned char want[AREA];

/* Bytes that differ from their neighbours and between the areas. */
static void paint(unsigned char *area, unsigned int from, unsigned int end,
		  unsigned int seed)
{
	for (unsigned int i = from; i < end; i++)
		area[i] = (unsigned char)(i * 7 + i / 256 * 13 + seed);
}

static bool same(unsigned int from, unsigned int end)
{
	for (unsigned int i = from; i < end; i++) {
		if (got[i] != want[i])
			return false;
	}
	return true;
}

/* Lengths: each one up to 300, then some about the larger steps. */
static unsigned int next_len(unsigned int len)
{
	static const unsigned int large[] = {
		319, 320, 321, 383, 384, 385, 511, 512, 513, 767, 1000, 1024,
	};

	if (len < 300)
		return len + 1;
	for (unsigned int i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
		if (large[i] > len)
			return large[i];
	}
	return 0;
}

static bool memcpy_ok(unsigned int to, unsigned int from, unsigned int len)
{
	const unsigned int low = to - MARGIN, end = to + len + MARGIN;
	void *ret;

	paint(got, low, end, 99);
	paint(want, low, end, 99);
	for (unsigned int i = 0; i < len; i++)
		want[to + i] = src[from + i];
	ret = do_memcpy(got + to, src + from, len);
	return ret == got + to && same(low, end);
}

UK_TEST(ukstring, memcpy_copies_every_length_at_every_alignment)
{
	unsigned int bad = 0;

	paint(src, 0, AREA, 3);
	for (unsigned int len = 0;; len = next_len(len)) {
		for (unsigned int a = 0; a < 64; a += len < 80 ? 1 : 9)
			bad += !memcpy_ok(32 + a % 8, 32 + a / 8, len);
		if (!next_len(len))
			break;
	}
	UK_EXPECT_EQ(bad, 0);
}

static bool memmove_ok(unsigned int to, unsigned int from, unsigned int len)
{
	const unsigned int low = (to < from ? to : from) - MARGIN;
	const unsigned int end = (to > from ? to : from) + len + MARGIN;
	void *ret;

	paint(got, low, end, 5);
	paint(want, low, end, 5);
	/* want still is what got was, so it gives the source's bytes. */
	for (unsigned int i = 0; i < len; i++)
		src[i] = want[from + i];
	for (unsigned int i = 0; i < len; i++)
		want[to + i] = src[i];
	ret = do_memmove(got + to, got + from, len);
	return ret == got + to && same(low, end);
}

UK_TEST(ukstring, memmove_copies_ranges_that_overlap_by_any_distance)
{
	unsigned int bad = 0;

	for (unsigned int len = 0;; len = next_len(len)) {
		const unsigned int step = len < 70 ? 1 : 11;

		for (unsigned int d = 0; d <= len + 8; d += step) {
			bad += !memmove_ok(600, 600 + d, len);
			bad += !memmove_ok(600 + d, 600, len);
		}
		/* The distances about a word and a block, at any length. */
		for (unsigned int d = 1; d <= 66; d += d < 17 ? 1 : 7) {
			bad += !memmove_ok(601, 601 + d, len);
			bad += !memmove_ok(603 + d, 603, len);
		}
		if (!next_len(len))
			break;
	}
	UK_EXPECT_EQ(bad, 0);
}

static bool memset_ok(unsigned int to, int val, unsigned int len)
{
	const unsigned int low = to - MARGIN, end = to + len + MARGIN;
	void *ret;

	paint(got, low, end, 1);
	paint(want, low, end, 1);
	for (unsigned int i = 0; i < len; i++)
		want[to + i] = (unsigned char)val;
	ret = do_memset(got + to, val, len);
	return ret == got + to && same(low, end);
}

UK_TEST(ukstring, memset_fills_every_length_and_leaves_the_neighbours)
{
	unsigned int bad = 0;

	for (unsigned int len = 0;; len = next_len(len)) {
		for (unsigned int a = 0; a < 64; a += len < 80 ? 1 : 7) {
			bad += !memset_ok(64 + a, 0, len);
			bad += !memset_ok(64 + a, 0x1a5, len);
		}
		if (!next_len(len))
			break;
	}
	UK_EXPECT_EQ(bad, 0);
}

UK_TEST(ukstring, memset_clears_whole_pages)
{
	static unsigned char page[3 * 4096] __attribute__((aligned(4096)));
	unsigned int bad = 0;

	for (size_t i = 0; i < sizeof(page); i++)
		page[i] = 0xee;
	do_memset(page + 4096, 0, 4096);
	for (size_t i = 0; i < sizeof(page); i++)
		bad += page[i] != (i / 4096 == 1 ? 0 : 0xee);
	UK_EXPECT_EQ(bad, 0);
}

UK_TEST(ukstring, memcmp_is_decided_by_the_first_byte_that_differs)
{
	unsigned int bad = 0;

	paint(got, 0, 64, 0);
	for (unsigned int len = 1; len < 40; len++) {
		for (unsigned int at = 0; at < len; at++) {
			paint(want, 0, 64, 0);
			want[3 + at] = (unsigned char)(got[3 + at] + 1);
			/* What comes later says the opposite. */
			for (unsigned int i = at + 1; i < len; i++)
				want[3 + i] = (unsigned char)(got[3 + i] - 1);
			if (want[3 + at] > got[3 + at])
				bad += do_memcmp(got + 3, want + 3, len) >= 0;
			else
				bad += do_memcmp(got + 3, want + 3, len) <= 0;
			bad += do_memcmp(got + 3, want + 3, at) != 0;
		}
	}
	UK_EXPECT_EQ(bad, 0);
}

UK_TEST(ukstring, memcmp_compares_bytes_as_unsigned)
{
	UK_EXPECT_LT(do_memcmp("\x7f", "\x80", 1), 0);
	UK_EXPECT_GT(do_memcmp("\xff", "\x01", 1), 0);
	UK_EXPECT_GT(do_memcmp("aaaaaaa\xff", "aaaaaaa\x01", 8), 0);
	UK_EXPECT_LT(do_memcmp("\x01xxxxxx\xff", "\x02xxxxxx\x01", 8), 0);
	UK_EXPECT_EQ(do_memcmp("a", "b", 0), 0);
}
