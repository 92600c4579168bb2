/* SPDX-License-Identifier: BSD-3-Clause */
#include "../signalfd_priv.h"

#include <uk/test.h>

static struct uk_abi_signalfd_siginfo told(const struct uk_abi_siginfo *info)
{
	struct uk_abi_signalfd_siginfo to;

	signalfd_tell(&to, info);
	UK_EXPECT_EQ(to.signo, (uint32_t)info->signo);
	UK_EXPECT_EQ(to.code, info->code);
	return to;
}

UK_TEST(signalfd_tell, a_queued_one_has_its_sender_and_value)
{
	const struct uk_abi_siginfo info = {
		.signo = 40, .code = UK_ABI_SI_QUEUE, .error = 3,
		.from = { .pid = 5, .uid = 6, .value = 0x100000007 },
	};
	const struct uk_abi_signalfd_siginfo t = told(&info);

	UK_EXPECT_EQ(t.error, 3);
	UK_EXPECT_EQ(t.pid, 5);
	UK_EXPECT_EQ(t.uid, 6);
	UK_EXPECT_EQ(t.value_ptr, 0x100000007);
	UK_EXPECT_EQ(t.value_int, 7);
}

UK_TEST(signalfd_tell, one_of_kill_has_no_value)
{
	const struct uk_abi_siginfo info = {
		.signo = 10, .code = UK_ABI_SI_USER,
		.from = { .pid = 5, .uid = 6, .value = 7 },
	};
	const struct uk_abi_signalfd_siginfo t = told(&info);

	UK_EXPECT_EQ(t.pid, 5);
	UK_EXPECT_EQ(t.value_ptr, 0);
}

UK_TEST(signalfd_tell, a_timers_has_its_number_and_overruns)
{
	const struct uk_abi_siginfo info = {
		.signo = 14, .code = UK_ABI_SI_TIMER,
		.timer = { .id = 5, .overrun = 6, .value = 7 },
	};
	const struct uk_abi_signalfd_siginfo t = told(&info);

	UK_EXPECT_EQ(t.tid, 5);
	UK_EXPECT_EQ(t.overrun, 6);
	UK_EXPECT_EQ(t.value_ptr, 7);
	UK_EXPECT_EQ(t.pid, 0);
}

UK_TEST(signalfd_tell, a_fault_has_an_address_if_it_was_one)
{
	struct uk_abi_siginfo info = {
		.signo = 11, .code = UK_ABI_SEGV_MAPERR, .addr = 4096,
	};

	UK_EXPECT_EQ(told(&info).addr, 4096);
	UK_EXPECT_EQ(told(&info).pid, 0);
	info.code = UK_ABI_SI_TKILL;
	UK_EXPECT_EQ(told(&info).addr, 0);
	UK_EXPECT_EQ(told(&info).pid, 4096);
}
