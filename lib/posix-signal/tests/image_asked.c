/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host asks for the end. Where nobody would see to it, it is asked in a way
 * that does not end the tests.
 */
#include <uk/compiler.h>
#include <uk/plat/terminate.h>

#include "../signal_priv.h"
#include "signal_fixture.h"

#define TERM	UK_ABI_SIGTERM

static volatile unsigned int nterm;

static void count(int sig UK_UNUSED, struct uk_abi_siginfo *info,
		  void *uc UK_UNUSED)
{
	nterm += info->signo == TERM && info->code == UK_ABI_SI_KERNEL;
}

static enum uk_event_result ask(void)
{
	enum uk_end how = UK_END_POWEROFF;

	return uk_event_raise(ukplat_end_asked, &how);
}

UK_TEST(signal_asked, a_handler_of_sigterm_hears_of_it)
{
	nterm = 0;
	UK_EXPECT_EQ(act(TERM, count, 0, 0), 0);
	UK_EXPECT_EQ(ask(), UK_EVENT_HANDLED);
	UK_EXPECT_EQ(pending_now(), 0);
	UK_EXPECT_EQ(nterm, 1);
	UK_EXPECT_EQ(ask(), UK_EVENT_HANDLED);
	UK_EXPECT_EQ(pending_now(), 0);
	UK_EXPECT_EQ(nterm, 2);
	UK_EXPECT_EQ(act_plain(TERM, UK_ABI_SIG_DFL), 0);
}

UK_TEST(signal_asked, a_program_that_blocks_sigterm_finds_it_waiting)
{
	const uint64_t set = BIT(TERM);

	set_mask(BIT(TERM));
	UK_EXPECT_EQ(ask(), UK_EVENT_HANDLED);
	UK_EXPECT_EQ(pending_now(), BIT(TERM));
	UK_EXPECT_EQ(uk_syscall_r_rt_sigtimedwait((long)&set, 0, 0, 8), TERM);
	set_mask(0);
}

UK_TEST(signal_asked, a_program_that_does_not_look_is_not_told)
{
	UK_EXPECT_EQ(sig_end_asked(NULL), UK_EVENT_NOT_HANDLED);
	UK_EXPECT_EQ(act_plain(TERM, UK_ABI_SIG_IGN), 0);
	UK_EXPECT_EQ(sig_end_asked(NULL), UK_EVENT_NOT_HANDLED);
	UK_EXPECT_EQ(act_plain(TERM, UK_ABI_SIG_DFL), 0);
	UK_EXPECT_EQ(pending_now(), 0);
}
