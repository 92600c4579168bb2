/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/fcntl.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/test_fd.h>
#include <uk/test_file.h>
#include <uk/thread.h>

#define SEMAPHORE	1
#define NONBLOCK	UK_ABI_O_NONBLOCK
#define MOST		(UINT64_MAX - 1)

/* write(2) of a number. */
static long put(int fd, uint64_t val)
{
	return uk_test_write(fd, &val, sizeof(val));
}

static int make(unsigned int count, int flags)
{
	const long fd = uk_syscall_r_eventfd2(count, flags);

	UK_EXPECT_GE(fd, 0);
	return (int)fd;
}

UK_TEST(eventfd, a_read_takes_the_whole_number)
{
	const int fd = make(3, NONBLOCK);
	uint64_t val = 0;

	UK_EXPECT_EQ(put(fd, 4), 8);
	UK_EXPECT_EQ(uk_test_events(fd), UK_FILE_IN | UK_FILE_OUT);
	UK_EXPECT_EQ(uk_test_read(fd, &val, 8), 8);
	UK_EXPECT_EQ(val, 7);
	UK_EXPECT_EQ(uk_test_events(fd), UK_FILE_OUT);
	UK_EXPECT_EQ(uk_test_read(fd, &val, 8), -EAGAIN);
	UK_EXPECT_EQ(val, 7);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(eventfd, a_semaphore_gives_one_at_a_time)
{
	const int fd = make(2, NONBLOCK | SEMAPHORE);
	uint64_t val = 0;

	UK_EXPECT_EQ(uk_test_read(fd, &val, 8), 8);
	UK_EXPECT_EQ(val, 1);
	UK_EXPECT_EQ(uk_test_read(fd, &val, 8), 8);
	UK_EXPECT_EQ(val, 1);
	UK_EXPECT_EQ(uk_test_read(fd, &val, 8), -EAGAIN);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(eventfd, a_number_never_overflows)
{
	const int fd = make(1, NONBLOCK);
	uint64_t val = 0;

	UK_EXPECT_EQ(put(fd, UINT64_MAX), -EINVAL);
	UK_EXPECT_EQ(put(fd, MOST), -EAGAIN);
	UK_EXPECT_EQ(put(fd, MOST - 1), 8);
	UK_EXPECT_EQ(uk_test_events(fd), UK_FILE_IN);
	UK_EXPECT_EQ(put(fd, 1), -EAGAIN);
	UK_EXPECT_EQ(put(fd, 0), 8);
	UK_EXPECT_EQ(uk_test_read(fd, &val, 8), 8);
	UK_EXPECT_EQ(val, MOST);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(eventfd, what_is_no_number_is_refused)
{
	const int fd = make(1, NONBLOCK);
	uint64_t val[2];

	UK_EXPECT_EQ(uk_test_read(fd, val, 7), -EINVAL);
	UK_EXPECT_EQ(uk_test_read(fd, (void *)16, 8), -EFAULT);
	UK_EXPECT_EQ(put(fd, 5), 8);
	UK_EXPECT_EQ(uk_test_read(fd, val, 16), 8);
	UK_EXPECT_EQ(val[0], 5);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
	UK_EXPECT_EQ(uk_syscall_r_eventfd2(0, 2), -EINVAL);
}

UK_TEST(eventfd, flags_are_those_that_were_asked_for)
{
	const int fd = make(0, UK_ABI_O_CLOEXEC);
	const long old = uk_syscall_r_eventfd(9);
	uint64_t val = 0;

	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, UK_ABI_F_GETFD, 0), 1);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, UK_ABI_F_GETFL, 0),
		     UK_ABI_O_RDWR);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(old, UK_ABI_F_GETFD, 0), 0);
	UK_EXPECT_EQ(uk_test_read((int)old, &val, 8), 8);
	UK_EXPECT_EQ(val, 9);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
	UK_EXPECT_EQ(uk_fd_close((int)old), 0);
}

#define EACH	1000u

static int there, back;

static void answer(void *arg UK_UNUSED)
{
	uint64_t val;

	for (unsigned int i = 0; i < EACH; i++) {
		if (uk_test_read(there, &val, 8) != 8 || put(back, val) != 8)
			return;
	}
}

UK_TEST(eventfd, two_threads_wait_for_each_other)
{
	struct uk_thread *t;
	uint64_t val = 0;

	there = make(0, 0);
	back = make(0, 0);
	t = uk_test_spawn(answer, NULL);
	for (unsigned int i = 1; i <= EACH; i++) {
		UK_EXPECT_EQ(put(there, i), 8);
		UK_EXPECT_EQ(uk_test_read(back, &val, 8), 8);
		UK_EXPECT_EQ(val, i);
	}
	uk_thread_join(t);
	UK_EXPECT_EQ(uk_fd_close(there), 0);
	UK_EXPECT_EQ(uk_fd_close(back), 0);
}

static void put_much(void *arg)
{
	*(long *)arg = put(there, MOST);
}

UK_TEST(eventfd, a_write_that_does_not_fit_waits_until_it_does)
{
	struct uk_thread *t;
	uint64_t val = 0;
	long rc = 0;

	there = make(1, 0);
	t = uk_test_spawn(put_much, &rc);
	uk_sched_thread_sleep(1000000);
	UK_EXPECT_EQ(rc, 0);
	UK_EXPECT_EQ(uk_test_read(there, &val, 8), 8);
	UK_EXPECT_EQ(val, 1);
	uk_thread_join(t);
	UK_EXPECT_EQ(rc, 8);
	UK_EXPECT_EQ(uk_test_read(there, &val, 8), 8);
	UK_EXPECT_EQ(val, MOST);
	UK_EXPECT_EQ(uk_fd_close(there), 0);
}
