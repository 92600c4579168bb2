/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals at the end of calls by the instruction.
 */
#include <uk/config.h>
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

static int first_code;

static void note_code(int sig, struct uk_abi_siginfo *info,
		      void *uc UK_UNUSED)
{
	nbad += sig != UK_ABI_SIGSEGV;
	first_code = info->code;
	nseen++;
}

/* On a stack that is not there, so that it cannot be begun. */
UK_TEST(signal_trapped, one_without_memory_for_its_frame_is_a_sigsegv)
{
	const struct uk_abi_stack on = {
		.sp = 0x7f0000000000, .size = 65536,
	}, off = { .flags = UK_ABI_SS_DISABLE };
	uint64_t vec = VEC;

	nseen = 0;
	nbad = 0;
	UK_EXPECT_EQ(act(USR1, busy, UK_ABI_SA_ONSTACK, 0), 0);
	UK_EXPECT_EQ(act(UK_ABI_SIGSEGV, note_code, 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&on, 0), 0);
	UK_EXPECT_EQ(trapped(SYS_tkill, uk_syscall_r_gettid(), USR1, &vec), 0);
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&off, 0), 0);
	UK_EXPECT_EQ(nseen, 1);
	UK_EXPECT_EQ(nbad, 0);
	UK_EXPECT_EQ(first_code, UK_ABI_SI_KERNEL);
	UK_EXPECT_EQ(mask_now(), 0);
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
	UK_EXPECT_EQ(act_plain(UK_ABI_SIGSEGV, UK_ABI_SIG_DFL), 0);
}

#if UK_IS_ENABLED(CONFIG_LIBPOSIX_FDIO)
static struct {
	int fd[2];
	long tid, got;
	char byte;
	uint64_t vec;
} reads;

static void read_one(void *arg UK_UNUSED)
{
	reads.vec = VEC;
	reads.tid = uk_syscall_r_gettid();
	reads.got = trapped3(SYS_read, reads.fd[0], (long)&reads.byte, 1,
			     &reads.vec);
}

static void count(int sig UK_UNUSED, struct uk_abi_siginfo *info UK_UNUSED,
		  void *uc UK_UNUSED)
{
	nseen++;
	spoil_vector();
}

/* A thread reads, is interrupted, and then there is a byte. */
static void interrupt_read(uint64_t flags, long result)
{
	struct uk_sched *const s = uk_sched_current();
	struct uk_thread *t;

	nseen = 0;
	UK_EXPECT_EQ(uk_syscall_r_pipe2((long)reads.fd, 0), 0);
	UK_EXPECT_EQ(act(USR1, count, flags, 0), 0);
	t = uk_thread_create_fn1(s->a, read_one, NULL, s->a_stack, 0, NULL, 0,
				 NULL, false, "reader", NULL, NULL);
	UK_EXPECT_NOT_NULL(t);
	UK_EXPECT_EQ(uk_sched_thread_add(s, t), 0);
	uk_test_until_it_waits(t);
	UK_EXPECT_EQ(uk_syscall_r_tkill(reads.tid, USR1), 0);
	while (!nseen)
		uk_sched_yield();
	UK_EXPECT_EQ(uk_syscall_r_write(reads.fd[1], (long)"x", 1), 1);
	uk_thread_join(t);
	UK_EXPECT_EQ(nseen, 1);
	UK_EXPECT_EQ(reads.got, result);
	UK_EXPECT_EQ(reads.vec, VEC);
	UK_EXPECT_EQ(uk_syscall_r_close(reads.fd[0]), 0);
	UK_EXPECT_EQ(uk_syscall_r_close(reads.fd[1]), 0);
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
}

UK_TEST(signal_trapped, a_call_is_made_again_behind_a_handler_of_that_kind)
{
	reads.byte = 0;
	interrupt_read(UK_ABI_SA_RESTART, 1);
	UK_EXPECT_EQ(reads.byte, 'x');
}

UK_TEST(signal_trapped, or_ends_where_the_handler_is_not_of_it)
{
	interrupt_read(0, -EINTR);
}
#endif
