/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/percpu.h>
#include <uk/call.h>
#include <uk/errno.h>
#include <uk/syscall.h>
#include <uk/test.h>

#include "../syscall_shim_priv.h"

/* Calls of this test only: no architecture has them. */
#define HAVE_uk_syscall_probe	1
#define HAVE_uk_syscall_outer	1
#define HAVE_uk_syscall_leaf	1
#define HAVE_uk_syscall_six	1
#define UK_SYSCALL_ID_probe	UK_SYSCALL_NIDS
#define UK_SYSCALL_ID_outer	UK_SYSCALL_NIDS
#define UK_SYSCALL_ID_leaf	UK_SYSCALL_NIDS
#define UK_SYSCALL_ID_six	UK_SYSCALL_NIDS
long uk_syscall_r_probe(long result);
long uk_syscall_r_outer(long result);
long uk_syscall_r_leaf(long arg);
long uk_syscall_r_six(long a, long b, long c, long d, long e, long f);

static struct {
	uint32_t in_call;	/* calls, as the last call saw it */
	unsigned int ncalls;	/* made */
	unsigned int nexits;	/* of the registered function */
	uint32_t in_exit;	/* calls, as it saw it */
	long saw;		/* the result that it was given */
	long gives;		/* the result that it makes of that */
	unsigned int again;	/* times that it has the call made again */
	unsigned int more;	/* requests that come meanwhile */
	long (*handler)(long);	/* what it runs in the program's place */
	struct ukarch_regs *regs;
} seen;

UK_SYSCALL_R_DEFINE(long, probe, long, result)
{
	seen.ncalls++;
	seen.in_call = ukarch_current()->calls;
	return result;
}

UK_SYSCALL_R_DEFINE(long, outer, long, result)
{
	const unsigned int nexits = seen.nexits;
	const long inner = uk_syscall_r_probe(result);

	/* The end of an inner call is none. */
	UK_EXPECT_EQ(seen.nexits, nexits);
	return inner;
}

UK_SYSCALL_R_LEAF_DEFINE(int, leaf, int, arg)
{
	seen.in_call = ukarch_current()->calls;
	return arg;
}

UK_SYSCALL_R_DEFINE(long, six, int, a, void *, b, long, c, long, d, long, e,
		    unsigned char, f)
{
	seen.ncalls++;
	if (seen.ncalls == 1)
		return -UK_CALL_RESTART;
	return a + (long)b * 10 + c * 100 + d * 1000 + e * 10000 + f * 100000;
}

static bool on_exit(long *ret, struct ukarch_regs *regs)
{
	struct uk_current *const cur = ukarch_current();
	bool restart;

	/* An interrupt's end: what is asked for is for that of a call. */
	if (!ret)
		return false;
	restart = *ret == -UK_CALL_RESTART;
	seen.nexits++;
	seen.in_exit = cur->calls;
	seen.saw = *ret;
	seen.regs = regs;
	uk_call_done(cur, UK_CALL_SIGNAL);
	if (seen.more) {
		seen.more--;
		uk_call_ask(cur, UK_CALL_SIGNAL);
	}
	if (seen.handler) {
		long (*const handler)(long) = seen.handler;

		seen.handler = NULL;
		cur->calls = 0;
		(void)handler(0);
		cur->calls = 1;
	}
	if (seen.gives)
		*ret = seen.gives;
	if (restart && seen.again) {
		seen.again--;
		return true;
	}
	return false;
}

static uk_call_exit_fn kept;

static void begin(uk_call_exit_fn fn)
{
	kept = syscall_shim_exit;
	syscall_shim_exit = fn;
	seen = (__typeof__(seen)){ 0 };
	UK_EXPECT_EQ(ukarch_current()->calls, 0);
	UK_EXPECT_EQ(ukarch_current()->pending, 0);
}

static void ask(void)
{
	uk_call_ask(ukarch_current(), UK_CALL_SIGNAL);
}

static void end(void)
{
	UK_EXPECT_EQ(ukarch_current()->calls, 0);
	UK_EXPECT_EQ(ukarch_current()->pending, 0);
	uk_call_done(ukarch_current(), UK_CALL_SIGNAL);
	syscall_shim_exit = kept;
}

UK_TEST(call, a_call_counts_while_it_lasts_and_a_leaf_does_not)
{
	begin(on_exit);
	UK_EXPECT_EQ(uk_syscall_r_probe(7), 7);
	UK_EXPECT_EQ(seen.in_call, 1);
	UK_EXPECT_EQ(uk_syscall_r_outer(8), 8);
	UK_EXPECT_EQ(seen.in_call, 2);
	UK_EXPECT_EQ(uk_syscall_r_leaf(9), 9);
	UK_EXPECT_EQ(seen.in_call, 0);
	UK_EXPECT_EQ(seen.nexits, 0);
	end();
}

UK_TEST(call, what_is_asked_for_is_done_at_the_end_of_the_outermost)
{
	begin(on_exit);
	ask();
	UK_EXPECT_EQ(uk_syscall_r_leaf(1), 1);
	UK_EXPECT_EQ(seen.nexits, 0);
	UK_EXPECT_EQ(uk_syscall_r_outer(5), 5);
	UK_EXPECT_EQ(seen.nexits, 1);
	UK_EXPECT_EQ(seen.in_exit, 1);
	UK_EXPECT_EQ(seen.saw, 5);
	UK_EXPECT_NULL(seen.regs);
	UK_EXPECT_EQ(uk_syscall_r_probe(6), 6);
	UK_EXPECT_EQ(seen.nexits, 1);
	end();
}

UK_TEST(call, its_result_may_be_changed_by_what_is_done)
{
	begin(on_exit);
	seen.gives = -EINTR;
	ask();
	UK_EXPECT_EQ(uk_syscall_r_probe(3), -EINTR);
	end();
}

UK_TEST(call, requests_that_come_meanwhile_are_done_before_it_returns)
{
	begin(on_exit);
	seen.more = 3;
	ask();
	UK_EXPECT_EQ(uk_syscall_r_probe(2), 2);
	UK_EXPECT_EQ(seen.nexits, 4);
	UK_EXPECT_EQ(seen.in_exit, 1);
	end();
}

UK_TEST(call, one_that_may_be_made_again_is_with_the_same_arguments)
{
	begin(on_exit);
	seen.again = 1;
	ask();
	UK_EXPECT_EQ(uk_syscall_r_six(1, 2, 3, 4, 5, 0x106), 654321);
	UK_EXPECT_EQ(seen.ncalls, 2);
	UK_EXPECT_EQ(seen.nexits, 1);
	UK_EXPECT_EQ(seen.saw, -UK_CALL_RESTART);
	end();
}

UK_TEST(call, one_that_is_not_made_again_ends_with_eintr)
{
	begin(on_exit);
	ask();
	UK_EXPECT_EQ(uk_syscall_r_probe(-UK_CALL_RESTART), -EINTR);
	UK_EXPECT_EQ(seen.ncalls, 1);
	UK_EXPECT_EQ(seen.nexits, 1);
	/* Others have done it already: the program sees no 512 for that. */
	UK_EXPECT_EQ(uk_syscall_r_probe(-UK_CALL_RESTART), -EINTR);
	UK_EXPECT_EQ(seen.nexits, 2);
	end();
}

UK_TEST(call, what_makes_a_call_itself_may_pass_its_restart_on)
{
	begin(on_exit);
	seen.again = 1;
	ask();
	UK_EXPECT_EQ(uk_syscall_r_outer(-UK_CALL_RESTART), -EINTR);
	UK_EXPECT_EQ(seen.ncalls, 2);
	UK_EXPECT_EQ(seen.nexits, 2);
	end();
}

UK_TEST(call, who_makes_another_one_may_give_it_up_before_it_is_made_again)
{
	struct uk_call_end how;
	struct uk_current *cur;
	long ret;

	begin(on_exit);
	seen.again = 1;
	ask();
	cur = uk_call_enter();
	ret = uk_syscall_r_probe(-UK_CALL_RESTART);
	UK_EXPECT_EQ(ret, -UK_CALL_RESTART);
	UK_EXPECT_EQ(seen.nexits, 0);
	UK_EXPECT(!uk_call_end(cur, ret));
	how = uk_call_end_slow(cur, ret, NULL);
	UK_EXPECT(how.again);
	/* What comes now waits until it is known what follows. */
	UK_EXPECT_EQ(cur->calls, 1);
	how = uk_call_end_slow(cur, -EINTR, NULL);
	UK_EXPECT(!how.again);
	UK_EXPECT_EQ(seen.saw, -EINTR);
	UK_EXPECT_EQ(seen.nexits, 2);
	UK_EXPECT_EQ(seen.ncalls, 1);
	end();
}

UK_TEST(call, a_handler_makes_calls_of_its_own)
{
	begin(on_exit);
	seen.handler = uk_syscall_r_probe;
	seen.more = 1;
	ask();
	UK_EXPECT_EQ(uk_syscall_r_probe(4), 4);
	UK_EXPECT_EQ(seen.ncalls, 2);
	UK_EXPECT_EQ(seen.in_call, 1);
	/* The request that came was done at the end of the handler's call. */
	UK_EXPECT_EQ(seen.nexits, 2);
	end();
}

UK_TEST(call, with_nobody_to_do_it_a_request_stays_and_a_restart_is_eintr)
{
	begin(NULL);
	ask();
	UK_EXPECT_EQ(uk_syscall_r_probe(1), 1);
	UK_EXPECT_EQ(uk_syscall_r_probe(-UK_CALL_RESTART), -EINTR);
	UK_EXPECT(uk_call_interrupted());
	uk_call_done(ukarch_current(), UK_CALL_SIGNAL);
	end();
}

UK_TEST(call, a_core_service_counts_as_a_call)
{
	struct uk_current *cur;

	begin(on_exit);
	cur = uk_call_enter();
	UK_EXPECT_EQ(cur->calls, 1);
	ask();
	UK_EXPECT_EQ(uk_syscall_r_probe(1), 1);
	UK_EXPECT_EQ(seen.nexits, 0);
	uk_call_leave(cur);
	UK_EXPECT_EQ(seen.nexits, 1);
	end();
}
