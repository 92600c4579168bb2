/* SPDX-License-Identifier: BSD-3-Clause */
#include "../signal_priv.h"

#include <uk/essentials.h>
#include <uk/test.h>

static struct uk_signal_entry entry(int sig, uint64_t value)
{
	return (struct uk_signal_entry){
		.info = { .signo = sig, .from = { .value = value } },
	};
}

UK_TEST(sig_queue, signals_come_out_in_the_order_they_went_in)
{
	struct uk_signal_entry e[4] = {
		entry(40, 1), entry(41, 2), entry(40, 3), entry(41, 4),
	};
	struct sig_set set = { 0 };
	struct uk_abi_siginfo info;

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(e); i++)
		sig_push(&set, &e[i]);
	UK_EXPECT(sig_take(&set, 40, &info) == &e[0]);
	UK_EXPECT_EQ(info.from.value, 1);
	UK_EXPECT_EQ(set.bits, UK_ABI_SIGBIT(40) | UK_ABI_SIGBIT(41));
	UK_EXPECT(sig_take(&set, 40, &info) == &e[2]);
	UK_EXPECT_EQ(set.bits, UK_ABI_SIGBIT(41));
	UK_EXPECT(sig_take(&set, 41, &info) == &e[1]);
	/* The last one has left; its place is known. */
	sig_push(&set, &e[0]);
	UK_EXPECT(sig_take(&set, 41, &info) == &e[3]);
	UK_EXPECT(sig_take(&set, 40, &info) == &e[0]);
	UK_EXPECT_EQ(set.bits, 0);
}

UK_TEST(sig_queue, one_of_which_nothing_is_known_has_its_number_only)
{
	struct uk_abi_siginfo info = { .code = 5 };
	struct sig_set set = { 0 };

	sig_mark(&set, 9);
	UK_EXPECT(!sig_take(&set, 9, &info));
	UK_EXPECT_EQ(info.signo, 9);
	UK_EXPECT_EQ(info.code, UK_ABI_SI_KERNEL);
	UK_EXPECT_EQ(set.bits, 0);
}

UK_TEST(sig_queue, those_that_are_dropped_are_all_of_them)
{
	struct uk_signal_entry e[3] = {
		entry(40, 1), entry(2, 2), entry(40, 3),
	};
	struct sig_set set = { 0 };
	struct uk_abi_siginfo info;
	struct uk_signal_entry *dropped;

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(e); i++)
		sig_push(&set, &e[i]);
	dropped = sig_drop(&set, UK_ABI_SIGBIT(40) | UK_ABI_SIGBIT(7));
	UK_EXPECT(dropped == &e[2]);
	UK_EXPECT(dropped->next == &e[0]);
	UK_EXPECT(!dropped->next->next);
	UK_EXPECT_EQ(set.bits, UK_ABI_SIGBIT(2));
	UK_EXPECT(sig_take(&set, 2, &info) == &e[1]);
}

UK_TEST(sig_queue, faults_are_first_and_then_the_lowest)
{
	UK_EXPECT_EQ(sig_next(UK_ABI_SIGBIT(1) | UK_ABI_SIGBIT(64)), 1);
	UK_EXPECT_EQ(sig_next(UK_ABI_SIGBIT(1) |
			      UK_ABI_SIGBIT(UK_ABI_SIGSEGV)), UK_ABI_SIGSEGV);
	UK_EXPECT_EQ(sig_next(UK_ABI_SIGBIT(64)), 64);
}

static void on_taken(struct uk_abi_siginfo *info UK_UNUSED)
{
}

UK_TEST(sig_queue, entries_of_senders_leave_and_are_not_ours_to_free)
{
	struct uk_signal_entry e[3] = {
		entry(40, 1), entry(40, 2), entry(40, 3),
	};
	struct sig_set set = { 0 };

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(e); i++) {
		e[i].taken = i == 1 ? NULL : on_taken;
		sig_push(&set, &e[i]);
		UK_EXPECT(e[i].set == &set);
	}
	sig_remove(&set, &e[2]);
	UK_EXPECT(!e[2].set);
	UK_EXPECT_EQ(set.bits, UK_ABI_SIGBIT(40));
	/* What comes after it comes after the last one. */
	sig_push(&set, &e[2]);
	UK_EXPECT(e[1].next == &e[2]);
	UK_EXPECT(sig_drop(&set, UK_ABI_SIGBIT(40)) == &e[1]);
	UK_EXPECT(!e[1].next);
	UK_EXPECT(!e[0].set && !e[2].set);
	sig_push(&set, &e[0]);
	sig_remove(&set, &e[0]);
	UK_EXPECT_EQ(set.bits, 0);
	UK_EXPECT(!set.first);
}
