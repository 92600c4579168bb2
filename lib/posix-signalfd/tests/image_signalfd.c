/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/abi/fcntl.h>
#include <uk/abi/poll.h>
#include <uk/abi/signalfd.h>
#include <uk/abi/time.h>
#include <uk/call.h>
#include <uk/essentials.h>
#include <uk/file.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/test_fd.h>
#include <uk/test_file.h>
#include <uk/test_signal.h>
#include <uk/thread.h>

#define BIT(sig)	UK_ABI_SIGBIT(sig)
#define USR1		UK_ABI_SIGUSR1
#define USR2		UK_ABI_SIGUSR2
#define RT		(UK_ABI_SIGRTMIN + 3)
#define NONBLOCK	UK_ABI_SFD_NONBLOCK
#define SIZE		((long)sizeof(struct uk_abi_signalfd_siginfo))

static long call(long fd, uint64_t mask, int flags)
{
	return uk_syscall_r_signalfd4(fd, (long)&mask, 8, flags);
}

/* A new one for @mask, which is blocked from now on. */
static int make(uint64_t mask, int flags)
{
	const long fd = call(-1, mask, flags);

	UK_EXPECT_GE(fd, 0);
	uk_test_set_mask(mask);
	return (int)fd;
}

static void end(int fd)
{
	UK_EXPECT_EQ(uk_test_pending_now(), 0);
	uk_test_set_mask(0);
	uk_test_close(fd);
}

UK_TEST(signalfd, a_read_takes_signals_that_wait_as_many_as_fit)
{
	const int fd = make(BIT(USR1) | BIT(RT), NONBLOCK);
	struct uk_abi_signalfd_siginfo got[3];

	UK_EXPECT_EQ(uk_test_read(fd, got, sizeof(got)), -EAGAIN);
	UK_EXPECT_EQ(uk_test_events(fd), 0);
	for (uint64_t i = 1; i <= 3; i++)
		UK_EXPECT_EQ(uk_test_queue_one(RT, i), 0);
	UK_EXPECT_EQ(uk_syscall_r_kill(1, USR1), 0);
	UK_EXPECT_EQ(uk_test_events(fd), UK_FILE_IN);
	UK_EXPECT_EQ(uk_test_read(fd, got, 2 * (size_t)SIZE + 1), 2 * SIZE);
	/* The thread's own come first. */
	UK_EXPECT_EQ(got[0].signo, RT);
	UK_EXPECT_EQ(got[0].value_ptr, 1);
	UK_EXPECT_EQ(got[1].value_int, 2);
	UK_EXPECT_EQ(uk_test_read(fd, got, sizeof(got)), 2 * SIZE);
	UK_EXPECT_EQ(got[0].value_ptr, 3);
	UK_EXPECT_EQ(got[1].signo, USR1);
	UK_EXPECT_EQ(got[1].pid, 1);
	UK_EXPECT_EQ(uk_test_read(fd, got, sizeof(got)), -EAGAIN);
	end(fd);
}

UK_TEST(signalfd, what_it_is_not_for_stays)
{
	const int fd = make(BIT(USR1), NONBLOCK);
	struct uk_abi_signalfd_siginfo got;

	uk_test_set_mask(BIT(USR1) | BIT(USR2));
	UK_EXPECT_EQ(uk_test_raise_one(USR2), 0);
	UK_EXPECT_EQ(uk_test_events(fd), 0);
	UK_EXPECT_EQ(uk_test_read(fd, &got, sizeof(got)), -EAGAIN);
	/* Until it is for that. */
	UK_EXPECT_EQ(call(fd, BIT(USR2) | BIT(UK_ABI_SIGKILL), 0), fd);
	UK_EXPECT_EQ(uk_test_events(fd), UK_FILE_IN);
	UK_EXPECT_EQ(uk_test_read(fd, &got, sizeof(got)), SIZE);
	UK_EXPECT_EQ(got.signo, USR2);
	end(fd);
}

UK_TEST(signalfd, bad_requests_are_refused_as_on_linux)
{
	const uint64_t mask = BIT(USR1);
	const int fd = make(mask, NONBLOCK | UK_ABI_SFD_CLOEXEC);
	const int other = uk_test_event(0);
	char small[128];

	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, UK_ABI_F_GETFD, 0), 1);
	UK_EXPECT_EQ(uk_syscall_r_signalfd4(-1, UK_TEST_BAD, 4, 1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_signalfd4(-1, UK_TEST_BAD, 8, 1), -EFAULT);
	UK_EXPECT_EQ(call(-1, mask, 1), -EINVAL);
	UK_EXPECT_EQ(call(-2, mask, 0), -EBADF);
	UK_EXPECT_EQ(call(other, mask, 0), -EINVAL);
	UK_EXPECT_EQ(uk_test_read(fd, small, 127), -EINVAL);
	UK_EXPECT_EQ(uk_test_write(fd, small, 128), -EBADF);
	/* It is taken all the same. */
	UK_EXPECT_EQ(uk_test_raise_one(USR1), 0);
	UK_EXPECT_EQ(uk_test_read(fd, (void *)UK_TEST_BAD, 128), -EFAULT);
	uk_test_fail_nth(1);
	UK_EXPECT_EQ(call(-1, mask, 0), -ENOMEM);
	uk_test_fail_nth(0);
	uk_test_close(other);
	end(fd);
}

struct reader {
	int fd;
	int tid;		/* atomic: it is about to read */
	long rc;
	struct uk_abi_signalfd_siginfo got;
};

static void begin(struct reader *r)
{
	uk_test_set_mask(BIT(USR1));
	__atomic_store_n(&r->tid, (int)uk_syscall_r_gettid(),
			 __ATOMIC_RELEASE);
}

static void read_one(void *arg)
{
	struct reader *const r = arg;

	begin(r);
	r->rc = uk_test_read(r->fd, &r->got, sizeof(r->got));
}

static void poll_one(void *arg)
{
	struct reader *const r = arg;
	struct uk_abi_pollfd p = { .fd = r->fd, .events = UK_FILE_IN };

	begin(r);
	r->rc = uk_syscall_r_poll((long)&p, 1, -1);
	UK_EXPECT_EQ(p.revents, UK_FILE_IN);
	UK_EXPECT_EQ(uk_test_read(r->fd, &r->got, sizeof(r->got)), SIZE);
}

static struct uk_thread *start(struct reader *r, uk_thread_fn1_t fn)
{
	struct uk_thread *const t = uk_test_spawn(fn, r);

	while (!__atomic_load_n(&r->tid, __ATOMIC_ACQUIRE))
		uk_sched_yield();
	uk_test_until_it_waits(t);
	return t;
}

UK_TEST(signalfd, who_waits_in_read_or_poll_is_woken)
{
	static const uk_thread_fn1_t how[] = { read_one, poll_one };

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(how); i++) {
		struct reader r = { .fd = make(BIT(USR1), 0) };
		struct uk_thread *const t = start(&r, how[i]);

		/* Not for it. */
		UK_EXPECT_EQ(uk_test_raise_one(USR1), 0);
		uk_sched_thread_sleep(1000000);
		UK_EXPECT(!uk_thread_is_runnable(t));
		UK_EXPECT_EQ(uk_syscall_r_tkill(r.tid, USR1), 0);
		uk_thread_join(t);
		UK_EXPECT_EQ(r.rc, i ? 1 : SIZE);
		UK_EXPECT_EQ(r.got.signo, USR1);
		UK_EXPECT_EQ(r.got.code, UK_ABI_SI_TKILL);
		UK_EXPECT_EQ(uk_test_read(r.fd, &r.got, 128), SIZE);
		end(r.fd);
	}
}

UK_TEST(signalfd, a_new_set_is_looked_at_by_who_waits_already)
{
	struct reader r = { .fd = make(BIT(USR2), 0) };
	struct uk_thread *const t = start(&r, read_one);

	UK_EXPECT_EQ(uk_syscall_r_tkill(r.tid, USR1), 0);
	uk_sched_thread_sleep(1000000);
	UK_EXPECT(!uk_thread_is_runnable(t));
	UK_EXPECT_EQ(call(r.fd, BIT(USR1), 0), r.fd);
	uk_thread_join(t);
	UK_EXPECT_EQ(r.rc, SIZE);
	end(r.fd);
}

static void ignore(int sig UK_UNUSED, struct uk_abi_siginfo *info UK_UNUSED,
		   void *uc UK_UNUSED)
{
}

UK_TEST(signalfd, a_signal_that_is_handled_ends_a_read)
{
	struct reader r = { .fd = make(BIT(USR1), 0) };
	struct uk_thread *const t = start(&r, read_one);

	UK_EXPECT_EQ(uk_test_act(USR2, ignore, 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_tkill(r.tid, USR2), 0);
	uk_thread_join(t);
	/* No call of a program here: nobody makes -EINTR of it. */
	UK_EXPECT_EQ(r.rc, -UK_CALL_RESTART);
	UK_EXPECT_EQ(uk_test_act_plain(USR2, UK_ABI_SIG_DFL), 0);
	end(r.fd);
}

#define EACH	200

static void read_many(void *arg)
{
	struct reader *const r = arg;

	begin(r);
	uk_test_set_mask(BIT(RT));
	for (unsigned int i = 0; i < EACH; i++) {
		UK_EXPECT_EQ(uk_test_read(r->fd, &r->got, sizeof(r->got)),
			     SIZE);
		UK_EXPECT_EQ(r->got.value_ptr, i);
	}
}

UK_TEST(signalfd, none_is_lost_between_sending_and_reading)
{
	struct reader r = { .fd = make(BIT(RT), 0) };
	struct uk_thread *const t = start(&r, read_many);

	for (uint64_t i = 0; i < EACH; i++) {
		const struct uk_abi_siginfo info = {
			.code = UK_ABI_SI_QUEUE, .from = { .value = i },
		};

		UK_EXPECT_EQ(uk_syscall_r_rt_tgsigqueueinfo(1, r.tid, RT,
							    (long)&info), 0);
		if (i % 7 == 0)
			uk_sched_yield();
	}
	uk_thread_join(t);
	end(r.fd);
}

UK_TEST(signalfd, the_older_call_has_no_flags)
{
	const uint64_t mask = BIT(USR1);
	long fd;

	if (!UK_IS_ENABLED(CONFIG_ARCH_X86_64))
		UK_TEST_SKIP("arm64 has no such call");
	fd = uk_syscall_r_signalfd(-1, (long)&mask, 8);
	UK_EXPECT_GE(fd, 0);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, UK_ABI_F_GETFD, 0), 0);
	uk_test_close((int)fd);
}
