/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/fcntl.h>
#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/io.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/thread.h>

#define SEMAPHORE	1
#define NONBLOCK	UK_ABI_O_NONBLOCK
#define MOST		(UINT64_MAX - 1)

/* read(2) and write(2) of a number; the result is theirs. */
static long get(int fd, void *buf, size_t len)
{
	struct uk_file *const file = uk_fd_borrow(fd);
	struct uk_io io;
	long rc;

	UK_EXPECT_NOT_NULL(file);
	uk_io_buf(&io, buf, len);
	rc = uk_file_read(file, &io, UK_FILE_POS);
	uk_fd_return(fd, file);
	return rc;
}

static long put(int fd, uint64_t val)
{
	struct uk_file *const file = uk_fd_borrow(fd);
	struct uk_io io;
	long rc;

	UK_EXPECT_NOT_NULL(file);
	uk_io_buf(&io, &val, sizeof(val));
	rc = uk_file_write(file, &io, UK_FILE_POS);
	uk_fd_return(fd, file);
	return rc;
}

static uint32_t events(int fd)
{
	struct uk_file *const file = uk_fd_borrow(fd);
	uint32_t ev;

	UK_EXPECT_NOT_NULL(file);
	ev = uk_file_events(file);
	uk_fd_return(fd, file);
	return ev;
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
	UK_EXPECT_EQ(events(fd), UK_FILE_IN | UK_FILE_OUT);
	UK_EXPECT_EQ(get(fd, &val, 8), 8);
	UK_EXPECT_EQ(val, 7);
	UK_EXPECT_EQ(events(fd), UK_FILE_OUT);
	UK_EXPECT_EQ(get(fd, &val, 8), -EAGAIN);
	UK_EXPECT_EQ(val, 7);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(eventfd, a_semaphore_gives_one_at_a_time)
{
	const int fd = make(2, NONBLOCK | SEMAPHORE);
	uint64_t val = 0;

	UK_EXPECT_EQ(get(fd, &val, 8), 8);
	UK_EXPECT_EQ(val, 1);
	UK_EXPECT_EQ(get(fd, &val, 8), 8);
	UK_EXPECT_EQ(val, 1);
	UK_EXPECT_EQ(get(fd, &val, 8), -EAGAIN);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(eventfd, a_number_never_overflows)
{
	const int fd = make(1, NONBLOCK);
	uint64_t val = 0;

	UK_EXPECT_EQ(put(fd, UINT64_MAX), -EINVAL);
	UK_EXPECT_EQ(put(fd, MOST), -EAGAIN);
	UK_EXPECT_EQ(put(fd, MOST - 1), 8);
	UK_EXPECT_EQ(events(fd), UK_FILE_IN);
	UK_EXPECT_EQ(put(fd, 1), -EAGAIN);
	UK_EXPECT_EQ(put(fd, 0), 8);
	UK_EXPECT_EQ(get(fd, &val, 8), 8);
	UK_EXPECT_EQ(val, MOST);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(eventfd, what_is_no_number_is_refused)
{
	const int fd = make(1, NONBLOCK);
	uint64_t val[2];

	UK_EXPECT_EQ(get(fd, val, 7), -EINVAL);
	UK_EXPECT_EQ(get(fd, (void *)16, 8), -EFAULT);
	UK_EXPECT_EQ(put(fd, 5), 8);
	UK_EXPECT_EQ(get(fd, val, 16), 8);
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
	UK_EXPECT_EQ(get((int)old, &val, 8), 8);
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
		if (get(there, &val, 8) != 8 || put(back, val) != 8)
			return;
	}
}

UK_TEST(eventfd, two_threads_wait_for_each_other)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *t;
	uint64_t val = 0;

	there = make(0, 0);
	back = make(0, 0);
	t = uk_thread_create_fn1(a, answer, NULL, a, 0, NULL, 0, NULL, false,
				 "answer", NULL, NULL);
	UK_EXPECT_NOT_NULL(t);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	for (unsigned int i = 1; i <= EACH; i++) {
		UK_EXPECT_EQ(put(there, i), 8);
		UK_EXPECT_EQ(get(back, &val, 8), 8);
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
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *t;
	uint64_t val = 0;
	long rc = 0;

	there = make(1, 0);
	t = uk_thread_create_fn1(a, put_much, &rc, a, 0, NULL, 0, NULL, false,
				 "put", NULL, NULL);
	UK_EXPECT_NOT_NULL(t);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	uk_sched_thread_sleep(1000000);
	UK_EXPECT_EQ(rc, 0);
	UK_EXPECT_EQ(get(there, &val, 8), 8);
	UK_EXPECT_EQ(val, 1);
	uk_thread_join(t);
	UK_EXPECT_EQ(rc, 8);
	UK_EXPECT_EQ(get(there, &val, 8), 8);
	UK_EXPECT_EQ(val, MOST);
	UK_EXPECT_EQ(uk_fd_close(there), 0);
}
