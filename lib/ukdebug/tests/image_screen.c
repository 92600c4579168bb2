/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/regs.h>
#include <uk/sections.h>
#include <uk/string.h>
#include <uk/symbol.h>
#include <uk/test.h>

#include "../ukdebug_priv.h"

static char hint[128];

/* The hint for an access to @addr by code at @ip with the stack at @sp. */
static const char *hint_for(uintptr_t addr, uintptr_t ip, uintptr_t sp)
{
	const struct crash c = {
		.cause = "page fault", .addr = addr, .has_addr = 1,
	};

	hint[0] = '\0';
	ukdebug_hint(&c, ip, sp, hint, sizeof(hint));
	return hint;
}

static const uintptr_t code = UKARCH_IMAGE_BASE + 0x70000000;
static const uintptr_t stack = UKARCH_LINEAR_BASE + 0x7000000;

UK_TEST(ukdebug, hints_know_null_and_error_pointers)
{
	UK_EXPECT_STR_EQ(hint_for(0x18, code, stack),
			 "a NULL pointer, 0x18 bytes into what it should "
			 "point to");
	UK_EXPECT_STR_EQ(hint_for(0, 0, stack),
			 "a call through a NULL pointer");
	UK_EXPECT_STR_EQ(hint_for((uintptr_t)-22, code, stack),
			 "an error number used as a pointer: -22, or bytes "
			 "about it");
}

UK_TEST(ukdebug, hints_know_what_must_not_be_written)
{
	UK_EXPECT_STR_EQ(hint_for((uintptr_t)_text + 8, code, stack),
			 "a write to code");
	UK_EXPECT(uk_strprefix(hint_for((uintptr_t)_rodata, code, stack),
			       "a write to constants"));
}

UK_TEST(ukdebug, hints_know_what_must_not_be_executed)
{
	const uintptr_t data = (uintptr_t)_data;
	const uintptr_t heap = UKARCH_LINEAR_BASE + 0x5000000;

	UK_EXPECT(uk_strprefix(hint_for(data, data, stack),
			       "data was executed"));
	UK_EXPECT(uk_strprefix(hint_for(heap, heap, stack),
			       "heap or stack was executed"));
	UK_EXPECT(uk_strprefix(hint_for(0x123456789, 0x123456789, stack),
			       "a jump to where no code is"));
}

UK_TEST(ukdebug, hints_know_the_end_of_the_stack)
{
	UK_EXPECT(uk_strprefix(hint_for(stack - 8, code, stack),
			       "the stack ended here"));
	UK_EXPECT(uk_strprefix(hint_for(stack - 4096, code, stack),
			       "the stack ended here"));
	UK_EXPECT_STR_EQ(hint_for(stack - 65536, code, stack), "");
}

UK_TEST(ukdebug, there_is_no_hint_without_an_address)
{
	const struct crash c = { .cause = "invalid instruction" };

	UK_EXPECT(!ukdebug_hint(&c, code, stack, hint, sizeof(hint)));
}

/* Three calls deep, so that there are three return addresses to be found. */
static uintptr_t trace[16];

UK_NOINLINE static size_t inner(uintptr_t *ret)
{
	struct ukarch_regs regs;

	ukarch_regs_capture(&regs);
	ret[0] = (uintptr_t)__builtin_return_address(0);
	return ukdebug_trace(&regs, 0, trace, 16);
}

UK_NOINLINE static size_t middle(uintptr_t *ret)
{
	const size_t n = inner(ret);

	ret[1] = (uintptr_t)__builtin_return_address(0);
	return n;
}

UK_TEST(ukdebug, a_trace_has_the_return_addresses_innermost_first)
{
	uintptr_t ret[2];
	const size_t n = middle(ret);

	UK_EXPECT_GE(n, 4);
	UK_EXPECT(trace[0] >= (uintptr_t)_text && trace[0] < (uintptr_t)_etext);
	UK_EXPECT_EQ(trace[1], ret[0]);
	UK_EXPECT_EQ(trace[2], ret[1]);
}

UK_TEST(ukdebug, a_trace_goes_no_further_than_its_limit)
{
	struct ukarch_regs regs;
	uintptr_t two[3] = { 0, 0, 77 };

	ukarch_regs_capture(&regs);
	UK_EXPECT_EQ(ukdebug_trace(&regs, 0, two, 2), 2);
	UK_EXPECT_EQ(two[2], 77);
}

UK_NOINLINE static size_t called(uintptr_t *ret)
{
	const size_t n = uk_symbol_callers(trace, 16);

	ret[0] = (uintptr_t)__builtin_return_address(0);
	return n;
}

UK_NOINLINE static size_t calling(uintptr_t *ret)
{
	const size_t n = called(ret);

	ret[1] = (uintptr_t)__builtin_return_address(0);
	return n;
}

UK_TEST(ukdebug, callers_are_told_from_the_nearest_on)
{
	uintptr_t ret[2], one[2] = { 0, 77 };

	UK_EXPECT_GE(calling(ret), 3);
	UK_EXPECT_EQ(trace[0], ret[0]);
	UK_EXPECT_EQ(trace[1], ret[1]);
	UK_EXPECT_EQ(uk_symbol_callers(one, 1), 1);
	UK_EXPECT_EQ(one[1], 77);
}

UK_TEST(ukdebug, memory_is_read_only_where_it_is)
{
	static const char constant[] = "here";
	char on_stack[4];

	UK_EXPECT(ukdebug_readable((uintptr_t)constant, sizeof(constant)));
	UK_EXPECT(ukdebug_readable((uintptr_t)on_stack, sizeof(on_stack)));
	UK_EXPECT(ukdebug_readable((uintptr_t)_text, 1));
	UK_EXPECT(!ukdebug_readable(0, 8));
	UK_EXPECT(!ukdebug_readable(0x1000, 8));
	UK_EXPECT(!ukdebug_readable((uintptr_t)-8, 8));
	UK_EXPECT(!ukdebug_readable((uintptr_t)-8, 16));
	UK_EXPECT(!ukdebug_readable(UINT64_C(0x8000000000000000), 8));
}
