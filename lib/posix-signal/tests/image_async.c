/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals to a program that makes no call, by interrupts.
 */
#include <uk/arch/cpu.h>
#include <uk/config.h>
#include <uk/signal.h>
#include <uk/test_jump.h>
#include <uk/time.h>
#include <uk/timer.h>

#include "async.h"
#include "signal_fixture.h"
#include "trapped.h"

#define STORM_NS	UINT64_C(100000)
#define NSTORM		100u
#define SLICES_NS	UINT64_C(50000000)

volatile uint32_t spin_flag;

/* Send a signal to "main", some times, from interrupts. */
static struct {
	struct uk_timer timer;
	uint32_t left;
} storm;

static volatile unsigned int nseen, nbad, nwanted;

static void send_next(struct uk_timer *timer)
{
	(void)uk_signal_thread(1, USR1, NULL);
	if (--storm.left)
		uk_timer_start(timer, uk_time_now() + STORM_NS);
}

static void begin_storm(unsigned int n)
{
	nseen = 0;
	nbad = 0;
	nwanted = n;
	spin_flag = 0;
	storm.left = n;
	uk_timer_init(&storm.timer, send_next);
	uk_timer_start(&storm.timer, uk_time_now() + STORM_NS);
}

static void end_storm(void)
{
	(void)uk_timer_stop_wait(&storm.timer);
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
	UK_EXPECT_EQ(nbad, 0);
}

/* Uses what the program uses. Of two that come together one is lost. */
static void count(int sig, struct uk_abi_siginfo *info, void *uc UK_UNUSED)
{
	nbad += sig != USR1 || info->signo != USR1 ||
		info->code != UK_ABI_SI_KERNEL;
	nbad += uk_syscall_r_gettid() != 1;
	spoil_vector();
	nseen++;
	if (!storm.left || nseen == nwanted)
		spin_flag = 1;
}

UK_TEST(signal_async, one_interrupts_a_thread_that_computes)
{
	UK_EXPECT_EQ(act(USR1, count, 0, 0), 0);
	begin_storm(1);
	UK_EXPECT_EQ(spin_probe(), 0);
	UK_EXPECT_EQ(nseen, 1);
	end_storm();
}

UK_TEST(signal_async, each_leaves_all_registers_and_the_red_zone)
{
	UK_EXPECT_EQ(act(USR1, count, 0, 0), 0);
	begin_storm(NSTORM);
	UK_EXPECT_EQ(spin_probe(), 0);
	UK_EXPECT_LE(nseen, NSTORM);
	UK_EXPECT_GT(nseen, 0);
	end_storm();
}

UK_TEST(signal_async, one_that_is_blocked_waits_for_its_turn)
{
	UK_EXPECT_EQ(act(USR1, count, 0, 0), 0);
	set_mask(BIT(USR1));
	begin_storm(1);
	while (storm.left)
		uk_sched_yield();
	UK_EXPECT_EQ(nseen, 0);
	set_mask(0);
	UK_EXPECT_EQ(nseen, 1);
	end_storm();
}

static struct ukarch_regs here;

static void jump(int sig UK_UNUSED, struct uk_abi_siginfo *info UK_UNUSED,
		 void *uc UK_UNUSED)
{
	nseen++;
	uk_test_jump(&here);
}

/* Nothing else is here that comes back. */
static unsigned int jump_often(void)
{
	static unsigned int n;

	n = 0;
	uk_test_mark(&here);
	if (n++ < NSTORM) {
		storm.left = 1;
		nwanted = UINT32_MAX;
		uk_timer_init(&storm.timer, send_next);
		uk_timer_start(&storm.timer, uk_time_now() + 1);
		spin_flag = 0;
		nbad += spin_probe() == 0;
	}
	return n;
}

UK_TEST(signal_async, a_handler_may_leave_by_a_jump)
{
	UK_EXPECT_EQ(act(USR1, jump, UK_ABI_SA_NODEFER, 0), 0);
	UK_EXPECT_EQ(jump_often(), NSTORM + 1);
	UK_EXPECT_EQ(ukarch_current()->calls, 0);
	end_storm();
}

#if UK_IS_ENABLED(CONFIG_LIBPOSIX_FDIO)
static int pipe_fd[2];

/* The same calls as the program's, in the middle of them or between. */
static void talk(int sig, struct uk_abi_siginfo *info, void *uc)
{
	char got = 0;

	nbad += uk_syscall_r_write(pipe_fd[1], (long)"x", 1) != 1;
	nbad += uk_syscall_r_read(pipe_fd[0], (long)&got, 1) != 1;
	count(sig, info, uc);
}

UK_TEST(signal_async, it_never_meets_a_call_that_holds_something)
{
	unsigned int n = 0;

	UK_EXPECT_EQ(uk_syscall_r_pipe2((long)pipe_fd, 0), 0);
	UK_EXPECT_EQ(act(USR1, talk, UK_ABI_SA_RESTART, 0), 0);
	begin_storm(NSTORM);
	for (; !spin_flag; n++) {
		char got[2] = { 0 };

		nbad += uk_syscall_r_write(pipe_fd[1], (long)"ab", 2) != 2;
		nbad += uk_syscall_r_read(pipe_fd[0], (long)got, 2) != 2;
		nbad += (got[0] != 'a' && got[0] != 'b' && got[0] != 'x');
	}
	UK_EXPECT_GT(n, 0);
	UK_EXPECT_EQ(uk_syscall_r_close(pipe_fd[0]), 0);
	UK_EXPECT_EQ(uk_syscall_r_close(pipe_fd[1]), 0);
	end_storm();
}
#endif

#if UK_IS_ENABLED(CONFIG_HAVE_PREEMPT)
/* When the other one has had all interrupts that this one's start made. */
static void send_soon(void *arg UK_UNUSED)
{
	const uint64_t from = uk_time_now();

	while (uk_time_now() - from < SLICES_NS)
		ukarch_spin_wait();
	nbad += uk_signal_thread(1, USR1, NULL) != 0;
}

UK_TEST(signal_async, another_thread_s_signal_comes_too)
{
	UK_EXPECT_EQ(act(USR1, count, 0, 0), 0);
	for (unsigned int i = 0; i < 3; i++) {
		struct uk_thread *t;

		nseen = 0;
		nwanted = 1;
		spin_flag = 0;
		t = uk_test_spawn(send_soon, NULL);
		/* If there is another CPU; on that there is nobody else. */
		(void)!uk_thread_set_affinity(t, 2);
		UK_EXPECT_EQ(spin_probe(), 0);
		uk_thread_join(t);
		UK_EXPECT_EQ(nseen, 1);
	}
	end_storm();
}
#endif
