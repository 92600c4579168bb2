/* SPDX-License-Identifier: BSD-3-Clause */
/* The ring with the other end played here, honest and not. */
#include "../console_priv.h"

#include <stdint.h>

#include <uk/errno.h>
#include <uk/test.h>
#include <uk/xen_abi.h>

static struct uk_xen_console_ring page;
static struct xencons_ring ring;

static char text(unsigned int i)
{
	return (char)('!' + i % 90);
}

/* A ring whose indices are at @begin, of both directions. */
static int begin(uint32_t begin)
{
	page = (struct uk_xen_console_ring){
		.in_cons = begin,
		.in_prod = begin,
		.out_cons = begin,
		.out_prod = begin,
	};
	return xencons_ring_init(&ring, &page);
}

/* The other end takes @n bytes, which are those from @first on. */
static void take(unsigned int first, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++, page.out_cons++)
		UK_EXPECT_EQ(page.out[page.out_cons % sizeof(page.out)],
			     text(first + i));
}

/* It gives @n bytes. */
static void give(unsigned int first, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++, page.in_prod++)
		page.in[page.in_prod % sizeof(page.in)] = text(first + i);
}

UK_TEST(xen_console, all_bytes_go_out_in_order_round_and_round)
{
	char buf[300];
	unsigned int sent = 0, seen = 0;

	/* The index wraps around, too. */
	UK_EXPECT_EQ(begin(UINT32_MAX - 1000), 0);
	for (unsigned int round = 0; round < 50; round++) {
		for (unsigned int i = 0; i < sizeof(buf); i++)
			buf[i] = text(sent + i);
		UK_EXPECT_EQ(xencons_ring_put(&ring, buf, sizeof(buf)),
			     sizeof(buf));
		sent += sizeof(buf);
		UK_EXPECT_EQ(page.out_prod - page.out_cons, sent - seen);
		if (round % 3 == 2) {
			take(seen, sent - seen - 7);
			seen = sent - 7;
		}
	}
}

UK_TEST(xen_console, a_full_ring_takes_nothing_until_there_is_room)
{
	static char buf[4096];

	for (unsigned int i = 0; i < sizeof(buf); i++)
		buf[i] = text(i);
	UK_EXPECT_EQ(begin(0), 0);
	UK_EXPECT_EQ(xencons_ring_put(&ring, buf, sizeof(buf)), 2048);
	UK_EXPECT_EQ(xencons_ring_put(&ring, buf, 1), 0);
	take(0, 2);
	UK_EXPECT_EQ(xencons_ring_put(&ring, buf + 2048, 5), 2);
	take(2, 2048);
}

UK_TEST(xen_console, input_comes_in_order_and_no_more_than_asked_for)
{
	char buf[600];
	unsigned int seen = 0;

	UK_EXPECT_EQ(begin(UINT32_MAX - 100), 0);
	UK_EXPECT_EQ(xencons_ring_get(&ring, buf, sizeof(buf)), 0);
	give(0, 1024);
	while (seen < 1024) {
		const int n = xencons_ring_get(&ring, buf, sizeof(buf));

		UK_EXPECT_EQ(n, seen ? 424 : 600);
		for (int i = 0; i < n; i++)
			UK_EXPECT_EQ(buf[i], text(seen + (unsigned int)i));
		if (n <= 0)
			break;
		seen += (unsigned int)n;
	}
	UK_EXPECT_EQ(page.in_cons, page.in_prod);
}

UK_TEST(xen_console, it_is_known_when_the_other_end_has_taken_all)
{
	UK_EXPECT_EQ(begin(UINT32_MAX), 0);
	UK_EXPECT(xencons_ring_is_read(&ring));
	UK_EXPECT_EQ(xencons_ring_put(&ring, "abc", 3), 3);
	page.out_cons = 1;
	UK_EXPECT(!xencons_ring_is_read(&ring));
	page.out_cons = 2;
	UK_EXPECT(xencons_ring_is_read(&ring));
}

UK_TEST(xen_console, an_index_of_the_other_end_that_jumps_is_refused)
{
	char buf[8] = "........";

	UK_EXPECT_EQ(begin(0), 0);
	/* More was taken than was ever sent. */
	page.out_cons = 1;
	UK_EXPECT_EQ(xencons_ring_put(&ring, buf, 1), -EPROTO);
	page.out_cons = UINT32_MAX - 2048;
	UK_EXPECT_EQ(xencons_ring_put(&ring, buf, 1), -EPROTO);
	UK_EXPECT_EQ(page.out_prod, 0);
	/* More is there than fits. */
	page.in_prod = 1025;
	UK_EXPECT_EQ(xencons_ring_get(&ring, buf, sizeof(buf)), -EPROTO);
	page.in_prod = UINT32_MAX;
	UK_EXPECT_EQ(xencons_ring_get(&ring, buf, sizeof(buf)), -EPROTO);
	UK_EXPECT_EQ(buf[0], '.');
}

UK_TEST(xen_console, indices_of_this_end_are_not_read_back)
{
	UK_EXPECT_EQ(begin(0), 0);
	page.out_prod = 0x80000000;
	page.in_cons = 0x80000000;
	UK_EXPECT_EQ(xencons_ring_put(&ring, "a", 1), 1);
	UK_EXPECT_EQ(page.out_prod, 1);
	UK_EXPECT_EQ(page.out[0], 'a');
}

UK_TEST(xen_console, a_ring_that_is_broken_from_the_beginning_is_refused)
{
	UK_EXPECT_EQ(begin(0), 0);
	page.out_prod = 2049;
	UK_EXPECT_EQ(xencons_ring_init(&ring, &page), -EPROTO);
	page.out_prod = 2048;
	UK_EXPECT_EQ(xencons_ring_init(&ring, &page), 0);
	page.in_prod = UINT32_MAX;
	UK_EXPECT_EQ(xencons_ring_init(&ring, &page), -EPROTO);
}
