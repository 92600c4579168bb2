/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The compiler's own accesses find the variables where an area has them. The
 * variables are of every alignment, one is longer than a page's worth.
 */
#include <uk/arch/tls.h>

#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/test.h>

static __thread int plain = 17;
static __thread char odd = 3;
static __thread int on_line UK_ALIGNED(64) = 64;
static __thread int on_page UK_ALIGNED(4096) = 4096;
static __thread char array[4096];
static __thread int zero;

static char area[32768] UK_ALIGNED(4096);

#define TCB	200

/* As a program would see them, through FS. */
UK_NOINLINE static bool is_fresh(void)
{
	return UK_READ_ONCE(plain) == 17 && UK_READ_ONCE(odd) == 3 &&
	       UK_READ_ONCE(on_line) == 64 && UK_READ_ONCE(on_page) == 4096 &&
	       UK_READ_ONCE(array[4095]) == 0 && UK_READ_ONCE(zero) == 0;
}

UK_TEST(tls, an_area_has_every_variable_as_the_program_begins_with_it)
{
	const uintptr_t before = ukarch_tp_get();
	bool fresh, aligned;

	if (!UK_EXPECT_LE(ukarch_tls_size(TCB), sizeof(area)))
		return;
	UK_EXPECT_EQ(ukarch_tls_align(), 4096);

	ukarch_tp_set(ukarch_tls_init(area, TCB));
	fresh = is_fresh();
	aligned = UK_IS_ALIGNED((uintptr_t)&on_page, (uintptr_t)4096) &&
		  UK_IS_ALIGNED((uintptr_t)&on_line, (uintptr_t)64);
	ukarch_tp_set(before);
	UK_EXPECT(fresh);
	UK_EXPECT(aligned);
}

UK_TEST(tls, variables_stay_inside_the_area_and_off_the_tcb)
{
	const uintptr_t before = ukarch_tp_get();
	const uintptr_t tp = ukarch_tls_init(area, TCB);
	const char *const tcb = ukarch_tls_tcb(tp, TCB);
	uintptr_t low, high;

	ukarch_tp_set(tp);
	__builtin_memset(array, 0xff, sizeof(array));
	low = (uintptr_t)&array[0];
	high = (uintptr_t)&array[4096];
	ukarch_tp_set(before);

	UK_EXPECT_GE(low, (uintptr_t)area);
	UK_EXPECT_LE(high, (uintptr_t)area + ukarch_tls_size(TCB));
	UK_EXPECT_GE((uintptr_t)tcb, (uintptr_t)area);
	UK_EXPECT_LE((uintptr_t)tcb + TCB,
		     (uintptr_t)area + ukarch_tls_size(TCB));
	for (unsigned int i = sizeof(uintptr_t); i < TCB; i++)
		if (!UK_EXPECT_EQ(tcb[i], 0))
			break;
}

UK_TEST(tls, the_thread_pointer_is_what_was_set)
{
	const uintptr_t before = ukarch_tp_get();
	uintptr_t seen;

	ukarch_tp_set((uintptr_t)area);
	seen = ukarch_tp_get();
	ukarch_tp_set(before);
	UK_EXPECT_EQ(seen, (uintptr_t)area);
}
