/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A source of entropy as a device's driver has one: it is asked by the event,
 * and gives what it has, which may be nothing or no good.
 */
#include <uk/random.h>

#include <stdbool.h>

#include <uk/string.h>
#include <uk/test.h>

#define PIECE	64u

/* What the device gives when it is asked; @armed: it is there. */
static struct {
	uint8_t bytes[PIECE];
	size_t len;
	unsigned int nasked;
	bool armed;
} device;

static enum uk_event_result on_asks(void *data UK_UNUSED)
{
	if (!device.armed)
		return UK_EVENT_NOT_HANDLED;
	device.nasked++;
	uk_random_add(device.bytes, device.len,
		      (unsigned int)device.len * 8);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_random_asks, on_asks);

/* The numbers before and after it was asked; they are good all the same. */
static void ask_for(size_t len, uint8_t fill)
{
	uint8_t before[32], after[32];

	memset(device.bytes, fill, sizeof(device.bytes));
	device.len = len;
	device.nasked = 0;
	device.armed = true;
	uk_random_bytes(before, sizeof(before));
	uk_random_reseed();
	uk_random_bytes(after, sizeof(after));
	device.armed = false;
	UK_EXPECT_GE(device.nasked, 1);
	UK_EXPECT(memcmp(before, after, sizeof(after)) != 0);
	UK_EXPECT(memcmp(after, device.bytes, sizeof(after)) != 0);
}

/* That it is not counted is seen if no other has given something before. */
UK_TEST(ukrandom, a_source_that_gives_nothing_or_zeros_does_no_harm)
{
	const unsigned int before = uk_random_sources();
	ask_for(0, 0);
	ask_for(1, 0);
	ask_for(1, 0x5a);
	ask_for(PIECE, 0);
	ask_for(PIECE, 0xff);
	UK_EXPECT_EQ(uk_random_sources(), before);
}

UK_TEST(ukrandom, a_source_that_gives_bytes_is_counted)
{
	for (unsigned int i = 0; i < PIECE; i++)
		device.bytes[i] = (uint8_t)i;
	uk_random_add(device.bytes, PIECE, PIECE * 8);
	UK_EXPECT(uk_random_ready());
	UK_EXPECT(uk_random_sources() & UK_RANDOM_ADDED);
}
