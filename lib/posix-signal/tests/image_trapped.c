/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals at the end of calls by the instruction.
 */
#include <uk/string.h>

#include "signal_fixture.h"
#include "trapped.h"

#define VEC	UINT64_C(0x0123456789abcdef)

static unsigned int nseen, nbad;

/* Much on its stack, and calls of its own, by the instruction. */
static void busy(int sig, struct uk_abi_siginfo *info UK_UNUSED,
		 void *uc UK_UNUSED)
{
	volatile uint8_t mine[1024];
	uint64_t vec = ~VEC;

	for (unsigned int i = 0; i < sizeof(mine); i++)
		mine[i] = (uint8_t)(i * 7 + (unsigned int)sig);
	nseen++;
	if (sig == USR1)
		nbad += trapped(SYS_tkill, trapped(SYS_gettid, 0, 0, &vec),
				USR2, &vec) != 0;
	else
		nbad += trapped(SYS_getpid, 0, 0, &vec) != 1;
	nbad += vec != ~VEC;
	for (unsigned int i = 0; i < sizeof(mine); i++)
		nbad += mine[i] != (uint8_t)(i * 7 + (unsigned int)sig);
	spoil_vector();
}

static void send_one(void *arg UK_UNUSED)
{
	uint64_t vec = VEC;
	const long tid = trapped(SYS_gettid, 0, 0, &vec);

	nbad += trapped(SYS_tkill, tid, USR1, &vec) != 0;
	nbad += vec != VEC;
}

UK_TEST(signal_trapped, handlers_use_their_callers_stack_and_keep_its_vectors)
{
	struct uk_thread *t;

	nseen = 0;
	nbad = 0;
	UK_EXPECT_EQ(act(USR1, busy, 0, 0), 0);
	UK_EXPECT_EQ(act(USR2, busy, 0, 0), 0);
	/* With FP and SIMD registers. */
	t = uk_test_spawn(send_one, NULL);
	uk_thread_join(t);
	UK_EXPECT_EQ(nseen, 2);
	UK_EXPECT_EQ(nbad, 0);
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
	UK_EXPECT_EQ(act_plain(USR2, UK_ABI_SIG_DFL), 0);
}
