/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>

#include <uk/abi/resource.h>
#include <uk/init.h>
#include <uk/string.h>
#include <uk/task.h>

#include "signal_fixture.h"

#define BAD	((long)16)

/*
 * Cases of other libraries write where nobody reads; by itself that ends the
 * program.
 */
static int ignore_broken_pipes(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	return (int)act_plain(UK_ABI_SIGPIPE, UK_ABI_SIG_IGN);
}

UK_INIT(LATE, ignore_broken_pipes, NULL);

/* What the handler has seen, in its order. */
static struct {
	unsigned int n;
	int sig[32];
	uint64_t value[32];
	struct uk_abi_siginfo info;
	uint64_t mask;
	uintptr_t sp;
} seen;

static void note(int sig, struct uk_abi_siginfo *info, void *uc UK_UNUSED)
{
	if (seen.n < UK_ARRAY_SIZE(seen.sig)) {
		seen.sig[seen.n] = sig;
		seen.value[seen.n] = info->from.value;
	}
	seen.n++;
	seen.info = *info;
	seen.mask = mask_now();
	seen.sp = (uintptr_t)__builtin_frame_address(0);
}

static void forget(void)
{
	memset(&seen, 0, sizeof(seen));
}

static void done(int sig)
{
	UK_EXPECT_EQ(act_plain(sig, UK_ABI_SIG_DFL), 0);
	UK_EXPECT_EQ(mask_now(), 0);
	UK_EXPECT_EQ(pending_now(), 0);
}

UK_TEST(signal, a_handler_runs_before_the_call_that_sends_returns)
{
	forget();
	UK_EXPECT_EQ(act(USR1, note, 0, 0), 0);
	UK_EXPECT_EQ(raise_one(USR1), 0);
	UK_EXPECT_EQ(seen.n, 1);
	UK_EXPECT_EQ(seen.sig[0], USR1);
	UK_EXPECT_EQ(seen.info.signo, USR1);
	UK_EXPECT_EQ(seen.info.code, UK_ABI_SI_TKILL);
	UK_EXPECT_EQ(seen.info.from.pid, 1);
	UK_EXPECT_EQ(uk_syscall_r_kill(1, USR1), 0);
	UK_EXPECT_EQ(seen.n, 2);
	UK_EXPECT_EQ(seen.info.code, UK_ABI_SI_USER);
	UK_EXPECT_EQ(uk_syscall_r_tgkill(1, 1, USR1), 0);
	UK_EXPECT_EQ(seen.n, 3);
	done(USR1);
}

UK_TEST(signal, it_is_blocked_while_its_handler_runs_and_the_mask_is_too)
{
	forget();
	UK_EXPECT_EQ(act(USR1, note, 0, BIT(USR2) | BIT(UK_ABI_SIGKILL)), 0);
	UK_EXPECT_EQ(raise_one(USR1), 0);
	UK_EXPECT_EQ(seen.mask, BIT(USR1) | BIT(USR2));
	UK_EXPECT_EQ(mask_now(), 0);
	UK_EXPECT_EQ(act(USR1, note, UK_ABI_SA_NODEFER, BIT(USR2)), 0);
	UK_EXPECT_EQ(raise_one(USR1), 0);
	UK_EXPECT_EQ(seen.mask, BIT(USR2));
	done(USR1);
}

UK_TEST(signal, one_that_is_blocked_waits_and_is_told)
{
	forget();
	UK_EXPECT_EQ(act(USR1, note, 0, 0), 0);
	set_mask(BIT(USR1));
	UK_EXPECT_EQ(raise_one(USR1), 0);
	UK_EXPECT_EQ(raise_one(USR1), 0);
	UK_EXPECT_EQ(seen.n, 0);
	UK_EXPECT_EQ(pending_now(), BIT(USR1));
	UK_EXPECT_EQ(uk_syscall_r_kill(1, USR1), 0);
	/* One of the thread's, one of the process's. */
	set_mask(0);
	UK_EXPECT_EQ(seen.n, 2);
	done(USR1);
}

UK_TEST(signal, the_upper_ones_queue_with_their_values_in_order)
{
	forget();
	UK_EXPECT_EQ(act(RT, note, 0, ~UINT64_C(0)), 0);
	UK_EXPECT_EQ(act(RT + 1, note, 0, ~UINT64_C(0)), 0);
	set_mask(~UINT64_C(0));
	UK_EXPECT_EQ(queue_one(RT + 1, 7), 0);
	for (uint64_t i = 1; i <= 3; i++)
		UK_EXPECT_EQ(queue_one(RT, i), 0);
	set_mask(0);
	UK_EXPECT_EQ(seen.n, 4);
	for (unsigned int i = 0; i < 3; i++) {
		UK_EXPECT_EQ(seen.sig[i], RT);
		UK_EXPECT_EQ(seen.value[i], i + 1);
	}
	UK_EXPECT_EQ(seen.sig[3], RT + 1);
	UK_EXPECT_EQ(seen.value[3], 7);
	done(RT);
	done(RT + 1);
}

UK_TEST(signal, no_more_queue_than_the_limit_says)
{
	struct uk_abi_rlimit was, low;

	UK_EXPECT_EQ(uk_syscall_r_getrlimit(UK_ABI_RLIMIT_SIGPENDING,
					    (long)&was), 0);
	low = (struct uk_abi_rlimit){ 3, was.max };
	UK_EXPECT_EQ(uk_syscall_r_setrlimit(UK_ABI_RLIMIT_SIGPENDING,
					    (long)&low), 0);
	forget();
	UK_EXPECT_EQ(act(RT, note, 0, 0), 0);
	UK_EXPECT_EQ(act(USR1, note, 0, 0), 0);
	set_mask(BIT(RT));
	for (uint64_t i = 0; i < 3; i++)
		UK_EXPECT_EQ(queue_one(RT, i), 0);
	UK_EXPECT_EQ(queue_one(RT, 3), -EAGAIN);
	/* One that does not queue comes without its reason. */
	UK_EXPECT_EQ(raise_one(USR1), 0);
	UK_EXPECT_EQ(seen.n, 1);
	UK_EXPECT_EQ(seen.info.code, UK_ABI_SI_KERNEL);
	set_mask(0);
	UK_EXPECT_EQ(seen.n, 4);
	UK_EXPECT_EQ(uk_syscall_r_setrlimit(UK_ABI_RLIMIT_SIGPENDING,
					    (long)&was), 0);
	done(RT);
	done(USR1);
}

UK_TEST(signal, one_that_is_ignored_is_gone_also_if_it_waited)
{
	forget();
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_IGN), 0);
	UK_EXPECT_EQ(raise_one(USR1), 0);
	UK_EXPECT_EQ(uk_syscall_r_kill(1, USR1), 0);
	/* Some are without being asked. */
	UK_EXPECT_EQ(raise_one(UK_ABI_SIGCHLD), 0);
	UK_EXPECT_EQ(raise_one(UK_ABI_SIGTSTP), 0);
	set_mask(BIT(USR1));
	UK_EXPECT_EQ(raise_one(USR1), 0);
	UK_EXPECT_EQ(uk_syscall_r_kill(1, USR1), 0);
	UK_EXPECT_EQ(pending_now(), BIT(USR1));
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_IGN), 0);
	UK_EXPECT_EQ(pending_now(), 0);
	set_mask(0);
	UK_EXPECT_EQ(seen.n, 0);
	done(USR1);
}

UK_TEST(signal, a_handler_for_once_is_gone_when_it_runs)
{
	struct uk_abi_sigaction now;

	forget();
	UK_EXPECT_EQ(act(UK_ABI_SIGURG, note, UK_ABI_SA_RESETHAND, 0), 0);
	UK_EXPECT_EQ(raise_one(UK_ABI_SIGURG), 0);
	UK_EXPECT_EQ(raise_one(UK_ABI_SIGURG), 0);
	UK_EXPECT_EQ(seen.n, 1);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigaction(UK_ABI_SIGURG, 0, (long)&now,
					       8), 0);
	UK_EXPECT_EQ(now.handler, UK_ABI_SIG_DFL);
	done(UK_ABI_SIGURG);
}

static void nest(int sig, struct uk_abi_siginfo *info, void *uc)
{
	if (sig == USR1)
		UK_EXPECT_EQ(raise_one(USR2), 0);
	note(sig, info, uc);
}

UK_TEST(signal, handlers_interrupt_handlers)
{
	forget();
	UK_EXPECT_EQ(act(USR1, nest, 0, 0), 0);
	UK_EXPECT_EQ(act(USR2, nest, 0, 0), 0);
	UK_EXPECT_EQ(raise_one(USR1), 0);
	UK_EXPECT_EQ(seen.n, 2);
	UK_EXPECT_EQ(seen.sig[0], USR2);
	UK_EXPECT_EQ(seen.sig[1], USR1);
	done(USR1);
	done(USR2);
}

static void change_mask(int sig UK_UNUSED, struct uk_abi_siginfo *info
			UK_UNUSED, void *uc)
{
	/* Where it is is the architecture's. */
	const size_t at = UK_IS_ENABLED(CONFIG_ARCH_X86_64) ? 296 : 40;
	uint64_t *const mask = (uint64_t *)(void *)((char *)uc + at);

	UK_EXPECT_EQ(*mask, BIT(USR2));
	*mask |= BIT(UK_ABI_SIGHUP) | BIT(UK_ABI_SIGKILL);
}

UK_TEST(signal, what_a_handler_makes_of_the_mask_counts_when_it_returns)
{
	set_mask(BIT(USR2));
	UK_EXPECT_EQ(act(USR1, change_mask, 0, 0), 0);
	UK_EXPECT_EQ(raise_one(USR1), 0);
	UK_EXPECT_EQ(mask_now(), BIT(USR2) | BIT(UK_ABI_SIGHUP));
	set_mask(0);
	done(USR1);
}

static char alt[16384];

static bool on_alt(uintptr_t sp)
{
	return sp - (uintptr_t)alt < sizeof(alt);
}

static void note_alt(int sig, struct uk_abi_siginfo *info, void *uc)
{
	struct uk_abi_stack now;

	UK_EXPECT_EQ(uk_syscall_r_sigaltstack(0, (long)&now), 0);
	UK_EXPECT_EQ(now.flags & UK_ABI_SS_ONSTACK, on_alt((uintptr_t)&now));
	if (on_alt((uintptr_t)&now))
		UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&now, 0), -EPERM);
	note(sig, info, uc);
}

UK_TEST(signal, handlers_run_on_the_stack_that_they_are_meant_for)
{
	struct uk_abi_stack st = {
		.sp = (uint64_t)alt, .size = sizeof(alt),
	};
	struct uk_abi_stack now;

	forget();
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&st, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack(0, (long)&now), 0);
	UK_EXPECT_EQ(now.sp, st.sp);
	UK_EXPECT_EQ(now.flags, 0);
	UK_EXPECT_EQ(act(USR1, note_alt, UK_ABI_SA_ONSTACK, 0), 0);
	UK_EXPECT_EQ(raise_one(USR1), 0);
	UK_EXPECT(on_alt(seen.sp));
	UK_EXPECT_EQ(act(USR1, note_alt, 0, 0), 0);
	UK_EXPECT_EQ(raise_one(USR1), 0);
	UK_EXPECT(!on_alt(seen.sp));
	st.flags = UK_ABI_SS_DISABLE;
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&st, 0), 0);
	UK_EXPECT_EQ(act(USR1, note_alt, UK_ABI_SA_ONSTACK, 0), 0);
	UK_EXPECT_EQ(raise_one(USR1), 0);
	UK_EXPECT(!on_alt(seen.sp));
	UK_EXPECT_EQ(seen.n, 3);
	done(USR1);
}

UK_TEST(signal, an_alternate_stack_is_checked)
{
	struct uk_abi_stack st = { .sp = (uint64_t)alt, .size = 100 };

	UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&st, 0), -ENOMEM);
	st.flags = 3;
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&st, 0), -EINVAL);
	st.flags = 4;
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack((long)&st, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack(BAD, 0), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_sigaltstack(0, BAD), -EFAULT);
}

UK_TEST(signal, what_makes_no_sense_is_refused)
{
	struct uk_abi_sigaction a = { 0 };
	uint64_t mask = 0;

	UK_EXPECT_EQ(uk_syscall_r_kill(1, 65), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_kill(1, -1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_kill(1, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_kill(1 << 21, 0), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_kill(1 << 21, 65), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_kill(-1, 0), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_kill(-1, UK_ABI_NSIG + 1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_kill(-2, UK_ABI_NSIG + 1), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_tkill(0, USR1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_tkill(1 << 21, USR1), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_tgkill(2, 1, USR1), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_tgkill(1, -1, USR1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_tgkill(1, 1, 65), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigqueueinfo(1, USR1, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigaction(0, 0, (long)&a, 8), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigaction(65, 0, (long)&a, 8), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigaction(USR1, 0, (long)&a, 4), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigaction(USR1, BAD, 0, 8), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigaction(USR1, 0, BAD, 8), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigaction(UK_ABI_SIGKILL, (long)&a, 0, 8),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigaction(UK_ABI_SIGSTOP, 0, (long)&a, 8),
		     0);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigprocmask(3, (long)&mask, 0, 8),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigprocmask(3, 0, 0, 8), 0);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigprocmask(0, 0, 0, 16), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigprocmask(0, BAD, 0, 8), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigprocmask(0, 0, BAD, 8), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigpending(BAD, 8), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigpending((long)&mask, 9), -EINVAL);
}

UK_TEST(signal, two_cannot_be_blocked)
{
	set_mask(~UINT64_C(0));
	UK_EXPECT_EQ(mask_now(), ~(BIT(UK_ABI_SIGKILL) | BIT(UK_ABI_SIGSTOP)));
	set_mask(0);
}
