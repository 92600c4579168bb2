/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The compiler's own accesses find the variables where an area has them.
 * There are some of every alignment, set and zero at the start.
 */
#include <uk/arch/tls.h>

#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/test.h>

static __thread char set_1 = 11;
static __thread int set_4 = 14;
static __thread int set_16 UK_ALIGNED(16) = 116;
static __thread int set_64 UK_ALIGNED(64) = 164;
static __thread int set_1024 UK_ALIGNED(1024) = 1124;
static __thread char zero_1;
static __thread uint64_t zero_8;
static __thread int zero_256 UK_ALIGNED(256);
static __thread int zero_4096 UK_ALIGNED(4096);
static __thread char array[5000];

static char area[65536] UK_ALIGNED(4096);

#define TCB	200	/* no multiple of 16 */

/*
 * A compiler may keep the thread pointer, and what it made of it, for as long
 * as a function runs: so each look at variables is a call of its own.
 */
static uintptr_t enter(uintptr_t tp)
{
	const uintptr_t before = ukarch_tp_get();

	ukarch_tp_set(tp);
	return before;
}

UK_NOINLINE static bool are_set(void)
{
	return UK_READ_ONCE(set_1) == 11 && UK_READ_ONCE(set_4) == 14 &&
	       UK_READ_ONCE(set_16) == 116 && UK_READ_ONCE(set_64) == 164 &&
	       UK_READ_ONCE(set_1024) == 1124;
}

UK_NOINLINE static bool are_zero(void)
{
	for (unsigned int i = 0; i < sizeof(array); i++)
		if (UK_READ_ONCE(array[i]))
			return false;
	return UK_READ_ONCE(zero_1) == 0 && UK_READ_ONCE(zero_8) == 0 &&
	       UK_READ_ONCE(zero_256) == 0 && UK_READ_ONCE(zero_4096) == 0;
}

static bool aligned(const volatile void *addr, uintptr_t to)
{
	return UK_IS_ALIGNED((uintptr_t)addr, to);
}

UK_NOINLINE static bool are_aligned(void)
{
	return aligned(&set_4, 4) && aligned(&zero_8, 8) &&
	       aligned(&set_16, 16) && aligned(&set_64, 64) &&
	       aligned(&zero_256, 256) && aligned(&set_1024, 1024) &&
	       aligned(&zero_4096, 4096);
}

UK_TEST(tls, an_area_has_every_variable_as_the_program_begins_with_it)
{
	bool set, zero, at_place;
	uintptr_t before;

	UK_EXPECT_EQ(ukarch_tls_align(), 4096);
	if (!UK_EXPECT_LE(ukarch_tls_size(TCB), sizeof(area)))
		return;
	/* What was in the memory does not show. */
	__builtin_memset(area, 0xa5, sizeof(area));

	before = enter(ukarch_tls_init(area, TCB));
	set = are_set();
	zero = are_zero();
	at_place = are_aligned();
	ukarch_tp_set(before);
	UK_EXPECT(set);
	UK_EXPECT(zero);
	UK_EXPECT(at_place);
}

UK_TEST(tls, nothing_behind_the_area_is_written)
{
	const size_t size = ukarch_tls_size(TCB);

	if (!UK_EXPECT_LT(size, sizeof(area)))
		return;
	area[size] = 0x5a;
	(void)ukarch_tls_init(area, TCB);
	UK_EXPECT_EQ(area[size], 0x5a);
}

static struct {
	uintptr_t first, low;
} places;

UK_NOINLINE static void look_at_places(void)
{
	places.first = (uintptr_t)&set_1024;
	places.low = (uintptr_t)array;
	array[sizeof(array) - 1] = 1;
}

UK_TEST(tls, variables_and_tcb_lie_in_the_area_and_apart)
{
	const uintptr_t tp = ukarch_tls_init(area, TCB);
	const uintptr_t tcb = (uintptr_t)ukarch_tls_tcb(tp, TCB);
	const uintptr_t end = (uintptr_t)area + ukarch_tls_size(TCB);
	const uintptr_t before = enter(tp);

	look_at_places();
	ukarch_tp_set(before);
	UK_EXPECT_GE(tcb, (uintptr_t)area);
	UK_EXPECT_EQ(tcb + TCB, tp);
	UK_EXPECT_EQ(*(const char *)tcb, 0);
	/* The 16 bytes are nobody's. */
	UK_EXPECT_GE(places.first, tp + 16);
	UK_EXPECT_GE(places.low, tp + 16);
	UK_EXPECT_LE(places.low + sizeof(array), end);
	UK_EXPECT_EQ(*(const char *)(places.low + sizeof(array) - 1), 1);
}

UK_NOINLINE static int exchange_set_16(int val)
{
	const int old = UK_READ_ONCE(set_16);

	UK_WRITE_ONCE(set_16, val);
	return old;
}

UK_TEST(tls, two_areas_have_their_own_variables)
{
	static char second[65536] UK_ALIGNED(4096);
	const uintptr_t tp = ukarch_tls_init(area, TCB);
	const uintptr_t before = enter(tp);
	int in_first, in_second;

	(void)exchange_set_16(1);
	ukarch_tp_set(ukarch_tls_init(second, 0));
	in_second = exchange_set_16(2);
	ukarch_tp_set(tp);
	in_first = exchange_set_16(3);
	ukarch_tp_set(before);
	UK_EXPECT_EQ(in_second, 116);
	UK_EXPECT_EQ(in_first, 1);
}
