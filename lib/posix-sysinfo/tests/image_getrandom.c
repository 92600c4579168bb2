/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/sysinfo.h>
#include <uk/arch/percpu.h>
#include <uk/call.h>
#include <uk/errno.h>
#include <uk/random.h>
#include <uk/string.h>
#include <uk/syscall.h>
#include <uk/test.h>

#define BAD	16l

static uint8_t buf[5000];

/* How many bytes are not @byte. */
static size_t others(const uint8_t *from, size_t len, uint8_t byte)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += from[i] != byte;
	return n;
}

/* A source that is there: what waits has nothing to wait for. */
static void have_entropy(void)
{
	uint8_t bytes[UK_RANDOM_READY / 8] = { 1 };

	if (!uk_random_ready())
		uk_random_add(bytes, sizeof(bytes), UK_RANDOM_READY);
}

UK_TEST(getrandom, as_many_bytes_are_filled_as_were_asked_for)
{
	static const size_t lens[] = { 1, 31, 32, 33, 256, 257, 512, 4999 };

	have_entropy();
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		const size_t len = lens[i];

		memset(buf, 0, sizeof(buf));
		UK_EXPECT_EQ(uk_syscall_r_getrandom((long)buf, (long)len, 0),
			     (long)len);
		UK_EXPECT_EQ(buf[len], 0);
		/* Of 256 bytes more than 32 are 0 never, as good as. */
		if (len >= 256)
			UK_EXPECT_GT(others(buf, len, 0), len / 8 * 7);
	}
}

UK_TEST(getrandom, two_calls_give_different_bytes)
{
	uint8_t a[32], b[32];
	size_t same = 0;

	have_entropy();
	UK_EXPECT_EQ(uk_syscall_r_getrandom((long)a, sizeof(a), 0), 32);
	UK_EXPECT_EQ(uk_syscall_r_getrandom((long)b, sizeof(b), 0), 32);
	for (size_t i = 0; i < sizeof(a); i++)
		same += a[i] == b[i];
	UK_EXPECT_LT(same, 16);
}

UK_TEST(getrandom, flags_are_looked_at_before_the_pointer)
{
	have_entropy();
	UK_EXPECT_EQ(uk_syscall_r_getrandom(BAD, 5, 8), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_getrandom(BAD, 5, UK_ABI_GRND_RANDOM |
						    UK_ABI_GRND_INSECURE),
		     -EINVAL);
	for (long flags = 0; flags < 6; flags++) {
		UK_EXPECT_EQ(uk_syscall_r_getrandom((long)buf, 5, flags), 5);
		UK_EXPECT_EQ(uk_syscall_r_getrandom(BAD, 5, flags), -EFAULT);
		UK_EXPECT_EQ(uk_syscall_r_getrandom(BAD, 0, flags), 0);
	}
	UK_EXPECT_EQ(uk_syscall_r_getrandom(BAD, -1, 0), -EFAULT);
}

UK_TEST(getrandom, who_is_interrupted_gets_what_there_is)
{
	struct uk_current *me;

	have_entropy();
	/* Where there are signals the end of a call looks for one. */
	me = uk_call_enter();
	uk_call_ask(me, UK_CALL_SIGNAL);
	/* Short ones are whole, as keys must be. */
	UK_EXPECT_EQ(uk_syscall_r_getrandom((long)buf, 256, 0), 256);
	UK_EXPECT_EQ(uk_syscall_r_getrandom((long)buf, 5000, 0), 256);
	uk_call_done(me, UK_CALL_SIGNAL);
	UK_EXPECT_EQ(uk_syscall_r_getrandom((long)buf, 5000, 0), 5000);
	uk_call_leave(me);
}
