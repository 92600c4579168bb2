/* SPDX-License-Identifier: BSD-3-Clause */
/* The ring with the back-end played here, honest and not. */
#include <uk/xen_ring.h>

#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/test.h>
#include <uk/xen_abi.h>

/* 4096 bytes hold 32 of 112, 64 of 60 (blk, net have such numbers). */
struct entry {
	uint64_t id;
	uint32_t text[26];
};

static union {
	struct uk_xen_ring_page page;
	uint8_t bytes[4096];
} shared UK_ALIGNED(4096);

static struct uk_xen_ring ring;

static struct entry *slot(uint32_t index)
{
	return (struct entry *)(void *)shared.page.entries + index % 32;
}

/* An empty ring whose indices are at @at. */
static void begin(uint32_t at)
{
	UK_EXPECT_EQ(uk_xen_ring_init(&ring, &shared, sizeof(shared),
				      sizeof(struct entry)), 0);
	ring.req_prod = ring.req_told = ring.rsp_cons = ring.rsp_seen = at;
	shared.page.req_prod = shared.page.rsp_prod = at;
	shared.page.req_event = shared.page.rsp_event = at + 1;
}

/* @n requests; returns whether the back-end is to be told. */
static bool send(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct entry *const e = uk_xen_ring_request(&ring);

		if (UK_EXPECT_NOT_NULL(e))
			e->id = ring.req_prod - 1;
	}
	return uk_xen_ring_push(&ring);
}

/* The back-end answers @n requests. */
static void answer(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct entry *const e = slot(shared.page.rsp_prod);

		UK_EXPECT_EQ(e->id, shared.page.rsp_prod);
		e->text[0] = ~shared.page.rsp_prod;
		shared.page.rsp_prod++;
	}
}

UK_TEST(xen_ring, its_entries_are_a_power_of_two_that_fits)
{
	UK_EXPECT_EQ(uk_xen_ring_init(&ring, &shared, 4096, 112), 0);
	UK_EXPECT_EQ(uk_xen_ring_room(&ring), 32);
	UK_EXPECT_EQ(uk_xen_ring_init(&ring, &shared, 4096, 12), 0);
	UK_EXPECT_EQ(uk_xen_ring_room(&ring), 256);
	UK_EXPECT_EQ(uk_xen_ring_init(&ring, &shared, 4096, 8), 0);
	UK_EXPECT_EQ(uk_xen_ring_room(&ring), 256);
	UK_EXPECT_EQ(uk_xen_ring_init(&ring, &shared, 4096, 4032), 0);
	UK_EXPECT_EQ(uk_xen_ring_room(&ring), 1);
	UK_EXPECT_EQ(shared.page.req_event, 1);
	UK_EXPECT_EQ(shared.page.rsp_event, 1);
	UK_EXPECT_EQ(uk_xen_ring_init(&ring, &shared, 4096, 4036), -EINVAL);
	UK_EXPECT_EQ(uk_xen_ring_init(&ring, &shared, 4096, 0), -EINVAL);
	UK_EXPECT_EQ(uk_xen_ring_init(&ring, &shared, 4096, 10), -EINVAL);
	UK_EXPECT_EQ(uk_xen_ring_init(&ring, &shared, 60, 4), -EINVAL);
}

UK_TEST(xen_ring, requests_and_responses_go_round_and_the_indices_over)
{
	uint32_t next = UINT32_MAX - 1000;
	struct entry rsp;

	begin(next);
	for (unsigned int i = 0; i < 300; i++) {
		(void)send(7);
		answer(7);
		for (unsigned int j = 0; j < 7; j++, next++) {
			UK_EXPECT_EQ(uk_xen_ring_take(&ring, &rsp,
						      sizeof(rsp)), 1);
			UK_EXPECT_EQ(rsp.id, next);
			UK_EXPECT_EQ(rsp.text[0], ~next);
		}
		UK_EXPECT_EQ(uk_xen_ring_take(&ring, &rsp, sizeof(rsp)), 0);
	}
}

UK_TEST(xen_ring, a_full_ring_takes_nothing_until_a_response_is_taken)
{
	struct entry rsp;

	begin(0);
	(void)send(32);
	UK_EXPECT_EQ(uk_xen_ring_room(&ring), 0);
	UK_EXPECT_NULL(uk_xen_ring_request(&ring));
	answer(1);
	UK_EXPECT_NULL(uk_xen_ring_request(&ring));
	UK_EXPECT_EQ(uk_xen_ring_take(&ring, &rsp, sizeof(rsp)), 1);
	UK_EXPECT_EQ(uk_xen_ring_room(&ring), 1);
	UK_EXPECT_NOT_NULL(uk_xen_ring_request(&ring));
}

UK_TEST(xen_ring, what_was_not_pushed_is_not_seen)
{
	begin(5);
	UK_EXPECT_NOT_NULL(uk_xen_ring_request(&ring));
	UK_EXPECT_EQ(shared.page.req_prod, 5);
	UK_EXPECT(uk_xen_ring_push(&ring));
	UK_EXPECT_EQ(shared.page.req_prod, 6);
	/* Own indices are not read back. */
	shared.page.req_prod = 0x80000000;
	(void)send(1);
	UK_EXPECT_EQ(shared.page.req_prod, 7);
}

UK_TEST(xen_ring, the_back_end_is_told_when_it_wants_to_be)
{
	begin(UINT32_MAX - 2);
	/* It sleeps until the next one. */
	UK_EXPECT(send(1));
	/* It has not gone to sleep again. */
	UK_EXPECT(!send(3));
	shared.page.req_event = ring.req_prod + 1;
	UK_EXPECT(send(2));
	/* It wants to be told of the fourth from here. */
	shared.page.req_event = ring.req_prod + 4;
	UK_EXPECT(!send(3));
	UK_EXPECT(send(1));
	UK_EXPECT(!uk_xen_ring_push(&ring));
}

UK_TEST(xen_ring, who_rests_is_told_of_the_next_response)
{
	struct entry rsp;

	begin(0);
	(void)send(3);
	UK_EXPECT_EQ(uk_xen_ring_rest(&ring), 0);
	UK_EXPECT_EQ(shared.page.rsp_event, 1);
	answer(1);
	/* It came before the wish was written. */
	UK_EXPECT_EQ(uk_xen_ring_rest(&ring), 1);
	UK_EXPECT_EQ(uk_xen_ring_take(&ring, &rsp, sizeof(rsp)), 1);
	UK_EXPECT_EQ(uk_xen_ring_rest(&ring), 0);
	UK_EXPECT_EQ(shared.page.rsp_event, 2);
}

/* What the back-end's index is with three requests sent, and two taken. */
static void jump(uint32_t prod)
{
	struct entry rsp = { .id = 99 };

	begin(1000);
	(void)send(3);
	answer(2);
	UK_EXPECT_EQ(uk_xen_ring_take(&ring, &rsp, sizeof(rsp)), 1);
	UK_EXPECT_EQ(uk_xen_ring_take(&ring, &rsp, sizeof(rsp)), 1);
	rsp.id = 99;
	shared.page.rsp_prod = prod;
	UK_EXPECT_EQ(uk_xen_ring_take(&ring, &rsp, sizeof(rsp)), -EPROTO);
	UK_EXPECT_EQ(rsp.id, 99);
	/* For good, also if it comes to its senses. */
	shared.page.rsp_prod = 1003;
	UK_EXPECT_EQ(uk_xen_ring_take(&ring, &rsp, sizeof(rsp)), -EPROTO);
	UK_EXPECT_EQ(uk_xen_ring_rest(&ring), -EPROTO);
}

UK_TEST(xen_ring, an_index_of_the_back_end_that_jumps_is_the_end)
{
	/* More than was asked for, though it would fit. */
	jump(1004);
	jump(1002 + 32);
	jump(1002 + 33);
	/* Back. */
	jump(1001);
	jump(0);
	jump(1002 + 0x80000000);
}

UK_TEST(xen_ring, a_back_end_that_moves_its_index_for_ever_is_left)
{
	unsigned int n = 0;
	struct entry rsp;
	int rc;

	begin(0);
	(void)send(32);
	/* As much as it likes, at each look. */
	do {
		shared.page.rsp_prod += 8;
		rc = uk_xen_ring_take(&ring, &rsp, sizeof(rsp));
		n++;
	} while (rc > 0 && n < 1000);
	UK_EXPECT_EQ(rc, -EPROTO);
	UK_EXPECT_LE(n, 33);
}
