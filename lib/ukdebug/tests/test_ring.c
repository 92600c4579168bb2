/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A ring of this file's own, so that it can be damaged: the crash screen
 * begins with what the ring holds, and whatever crashed may have written
 * there.
 */
#define ukdebug_ring_add	ring_under_test_add
#define ukdebug_ring_head	ring_under_test_head
#define ukdebug_ring_next	ring_under_test_next
#define ukdebug_ring_crash	ring_under_test_crash
#include "../ring.c"

#include <uk/test.h>

static void add_lines(unsigned int n)
{
	struct ring_line line = { .lib = "test", .len = 5 };

	for (unsigned int i = 0; i < n; i++)
		ukdebug_ring_add(&line, "hello");
}

/* Lines that a reader finds from the start, at most @most. */
static unsigned int count_lines(unsigned int most)
{
	struct uk_log_pos pos = { 0 };
	struct ring_line line;
	char text[UK_LOG_LINE];
	uint32_t lost;
	unsigned int n = 0;

	while (n < most && ukdebug_ring_next(&pos, &line, text, &lost)) {
		/* Readable, whatever is in the ring. */
		UK_EXPECT_LE(uk_strnlen(line.lib, UK_LOG_LINE),
			     (size_t)UK_LOG_LINE);
		UK_EXPECT_LE(line.len, UK_LOG_LINE);
		n++;
	}
	return n;
}

static void reset(void)
{
	memset(&ring, 0, sizeof(ring));
}

UK_TEST(ukdebug, a_ring_that_was_overwritten_is_read_to_an_end)
{
	for (int byte = 1; byte < 256; byte += 127) {
		add_lines(10);
		memset(&ring, byte, sizeof(ring));
		ring.crash = true;
		UK_EXPECT_LT(count_lines(SIZE), (unsigned int)SIZE);
		reset();
	}
}

UK_TEST(ukdebug, a_head_beside_its_ring_ends_the_reading)
{
	add_lines(10);
	ring.head += 2 * SIZE;
	UK_EXPECT_EQ(count_lines(SIZE), 0);
	reset();
	add_lines(10);
	ring.head -= 3;
	UK_EXPECT_LT(count_lines(SIZE), (unsigned int)SIZE);
	reset();
}

UK_TEST(ukdebug, a_damaged_ring_takes_new_lines)
{
	add_lines(3);
	ring.tail = ring.head + 40;
	memset(ring.bytes, 0xff, sizeof(ring.bytes));
	add_lines(2 * SIZE / 24);
	UK_EXPECT(ring.head - ring.tail <= SIZE);
	UK_EXPECT_GT(count_lines(SIZE), 0);
	reset();
}
