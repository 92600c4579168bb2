/* SPDX-License-Identifier: BSD-3-Clause */
#include "../pipe_priv.h"

#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/io.h>
#include <uk/test.h>

#define BAD	((void *)16)

static uint8_t mem[PIPE_MOST + 1];

static ptrdiff_t in(struct ring *r, uint8_t *buf, size_t len, size_t least)
{
	struct uk_io io;

	uk_io_buf(&io, buf, len);
	if (ring_in_whole(r, &io, len))
		return (ptrdiff_t)len;
	return ring_in_pieces(r, &io, least);
}

static ptrdiff_t out(struct ring *r, uint8_t *buf, size_t len)
{
	struct uk_io io;

	uk_io_buf(&io, buf, len);
	return ring_out(r, &io);
}

/* Byte number @pos of what is sent. */
static uint8_t byte_at(uint32_t pos)
{
	return (uint8_t)(pos * 7 + pos / 251);
}

static void fill(uint32_t pos, size_t len)
{
	for (size_t i = 0; i < len; i++)
		mem[i] = byte_at(pos + (uint32_t)i);
}

static void begin(struct ring *r)
{
	ring_init(r, uk_alloc_get_default());
}

UK_TEST(pipe_ring, bytes_come_out_in_order_whatever_the_lengths)
{
	uint32_t sent = 0, got = 0;
	struct ring r;

	begin(&r);
	/* Near their end the counters wrap. */
	r.head = r.tail = sent = got = UINT32_MAX - 50000;
	for (unsigned int i = 1; i < 300; i++) {
		const size_t more = (i * 7919) % 5000;
		const size_t less = (i * 104729) % 5000;
		ptrdiff_t n;

		fill(sent, more);
		n = in(&r, mem, more, 0);
		UK_EXPECT_GE(n, 0);
		sent += (uint32_t)n;
		UK_EXPECT_EQ(ring_used(&r), sent - got);
		n = out(&r, mem, less);
		UK_EXPECT_GE(n, 0);
		for (ptrdiff_t k = 0; k < n; k++)
			UK_EXPECT_EQ(mem[k], byte_at(got + (uint32_t)k));
		got += (uint32_t)n;
	}
	UK_EXPECT_GT(r.len, PIPE_LEAST);
	ring_end(&r);
}

UK_TEST(pipe_ring, a_ring_takes_memory_when_bytes_come_and_up_to_its_limit)
{
	struct ring r;

	begin(&r);
	UK_EXPECT_NULL(r.buf);
	UK_EXPECT_EQ(ring_room(&r), PIPE_USUAL);
	UK_EXPECT_EQ(in(&r, mem, 1, 1), 1);
	UK_EXPECT_EQ(r.len, PIPE_LEAST);
	UK_EXPECT_EQ(in(&r, mem, sizeof(mem), 1), PIPE_USUAL - 1);
	UK_EXPECT_EQ(r.len, PIPE_USUAL);
	UK_EXPECT_EQ(ring_room(&r), 0);
	UK_EXPECT_EQ(in(&r, mem, 1, 1), 0);
	ring_end(&r);
}

UK_TEST(pipe_ring, what_must_not_be_cut_is_not_put_in_by_halves)
{
	struct ring r;

	begin(&r);
	UK_EXPECT_EQ(in(&r, mem, PIPE_USUAL - 10, 1), PIPE_USUAL - 10);
	UK_EXPECT_EQ(in(&r, mem, 11, 11), 0);
	UK_EXPECT_EQ(ring_used(&r), PIPE_USUAL - 10);
	UK_EXPECT_EQ(in(&r, mem, 11, 1), 10);
	ring_end(&r);
}

UK_TEST(pipe_ring, a_limit_is_a_power_of_two_and_not_below_what_is_there)
{
	struct ring r;

	begin(&r);
	UK_EXPECT_EQ(ring_set_limit(&r, 0), PIPE_LEAST);
	UK_EXPECT_EQ(ring_set_limit(&r, 5000), 8192);
	UK_EXPECT_EQ(ring_set_limit(&r, PIPE_MOST), PIPE_MOST);
	UK_EXPECT_EQ(ring_set_limit(&r, PIPE_MOST + 1ul), -EINVAL);
	UK_EXPECT_EQ(ring_set_limit(&r, ~0ul), -EINVAL);
	UK_EXPECT_EQ(in(&r, mem, 20000, 1), 20000);
	UK_EXPECT_EQ(ring_set_limit(&r, 16384), -EBUSY);
	UK_EXPECT_EQ(ring_set_limit(&r, 20001), 32768);
	UK_EXPECT_EQ(ring_room(&r), 12768);
	/* Lower than its length: what is free above stays free. */
	UK_EXPECT_EQ(out(&r, mem, 18000), 18000);
	UK_EXPECT_EQ(ring_set_limit(&r, 1), PIPE_LEAST);
	UK_EXPECT_EQ(ring_room(&r), PIPE_LEAST - 2000);
	UK_EXPECT_EQ(in(&r, mem, 5000, 1), PIPE_LEAST - 2000);
	ring_end(&r);
}

UK_TEST(pipe_ring, memory_that_faults_moves_nothing)
{
	struct ring r;

	begin(&r);
	UK_EXPECT_EQ(in(&r, BAD, 5, 1), -EFAULT);
	UK_EXPECT_EQ(ring_used(&r), 0);
	UK_EXPECT_EQ(in(&r, mem, 5, 1), 5);
	UK_EXPECT_EQ(out(&r, BAD, 5), -EFAULT);
	UK_EXPECT_EQ(ring_used(&r), 5);
	ring_end(&r);
}
