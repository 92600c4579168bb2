/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/fcntl.h>
#include <uk/abi/uio.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/io.h>
#include <uk/sched.h>
#include <uk/string.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/test_fd.h>
#include <uk/test_file.h>
#include <uk/thread.h>

#define FIONREAD	0x541b
#define PIPE_BUF	4096
#define USUAL		65536

static char mem[USUAL + 1];

static long fcntl(int fd, long cmd, long arg)
{
	return uk_syscall_r_fcntl(fd, cmd, arg);
}

static long ioctl(int fd, unsigned long cmd, long arg)
{
	struct uk_file *const file = uk_fd_borrow(fd);
	long rc;

	UK_EXPECT_NOT_NULL(file);
	rc = uk_file_ioctl(file, cmd, arg);
	uk_fd_return(fd, file);
	return rc;
}

static void make(int fd[2], long flags)
{
	UK_EXPECT_EQ(uk_syscall_r_pipe2((long)fd, flags), 0);
}

static void end(int fd[2])
{
	for (unsigned int i = 0; i < 2; i++) {
		if (fd[i] >= 0)
			UK_EXPECT_EQ(uk_fd_close(fd[i]), 0);
	}
}

UK_TEST(pipe, bytes_go_from_one_end_to_the_other)
{
	char got[8] = "";
	int fd[2];

	UK_EXPECT_EQ(uk_syscall_r_pipe((long)fd), 0);
	UK_EXPECT_EQ(uk_test_write(fd[1], "hello", 5), 5);
	UK_EXPECT_EQ(uk_test_write(fd[1], "!", 1), 1);
	UK_EXPECT_EQ(uk_test_read(fd[0], got, 3), 3);
	UK_EXPECT_EQ(uk_test_read(fd[0], got + 3, 5), 3);
	UK_EXPECT_MEM_EQ(got, "hello!", 6);
	UK_EXPECT_EQ(uk_test_write(fd[0], "x", 1), -EBADF);
	UK_EXPECT_EQ(uk_test_read(fd[1], got, 1), -EBADF);
	UK_EXPECT_EQ(uk_test_read(fd[0], got, 0), 0);
	UK_EXPECT_EQ(uk_test_write(fd[1], got, 0), 0);
	end(fd);
}

UK_TEST(pipe, a_pipe_that_cannot_be_told_is_not_left_open)
{
	int fd[2], again[2];

	make(fd, 0);
	UK_EXPECT_EQ(uk_syscall_r_pipe(UK_TEST_BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_pipe2((long)again, 1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_pipe2((long)again, 040000), -EINVAL);
	make(again, 0);
	UK_EXPECT_EQ(again[0], fd[1] + 1);
	end(again);
	end(fd);
}

UK_TEST(pipe, with_one_number_free_there_is_no_half_of_a_pipe)
{
	int fd[2], again[2];

	make(fd, 0);
	uk_fd_set_limit((unsigned int)fd[1] + 2);
	UK_EXPECT_EQ(uk_syscall_r_pipe((long)again), -EMFILE);
	uk_fd_set_limit((unsigned int)fd[1] + 1);
	UK_EXPECT_EQ(uk_syscall_r_pipe((long)again), -EMFILE);
	uk_fd_set_limit(~0u);
	make(again, 0);
	UK_EXPECT_EQ(again[0], fd[1] + 1);
	end(again);
	end(fd);
}

UK_TEST(pipe, flags_go_to_both_ends)
{
	int fd[2];

	make(fd, UK_ABI_O_CLOEXEC | UK_ABI_O_NONBLOCK);
	for (unsigned int i = 0; i < 2; i++) {
		UK_EXPECT_EQ(fcntl(fd[i], UK_ABI_F_GETFD, 0), 1);
		UK_EXPECT_EQ(fcntl(fd[i], UK_ABI_F_GETFL, 0),
			     (i ? UK_ABI_O_WRONLY : UK_ABI_O_RDONLY) |
			     UK_ABI_O_NONBLOCK);
	}
	UK_EXPECT_EQ(uk_test_read(fd[0], mem, 1), -EAGAIN);
	end(fd);
}

UK_TEST(pipe, who_does_not_wait_is_told_what_fits)
{
	int fd[2];

	make(fd, UK_ABI_O_NONBLOCK);
	UK_EXPECT_EQ(uk_test_events(fd[0]), 0);
	UK_EXPECT_EQ(uk_test_events(fd[1]), UK_FILE_OUT);
	UK_EXPECT_EQ(uk_test_write(fd[1], mem, USUAL + 1), USUAL);
	UK_EXPECT_EQ(uk_test_write(fd[1], mem, 1), -EAGAIN);
	UK_EXPECT_EQ(uk_test_events(fd[0]), UK_FILE_IN);
	UK_EXPECT_EQ(uk_test_events(fd[1]), 0);
	/* A short write is not cut, a long one is. */
	UK_EXPECT_EQ(uk_test_read(fd[0], mem, PIPE_BUF - 1), PIPE_BUF - 1);
	UK_EXPECT_EQ(uk_test_events(fd[1]), 0);
	UK_EXPECT_EQ(uk_test_write(fd[1], mem, PIPE_BUF), -EAGAIN);
	UK_EXPECT_EQ(uk_test_write(fd[1], mem, PIPE_BUF + 1), PIPE_BUF - 1);
	end(fd);
}

UK_TEST(pipe, with_no_writer_left_the_rest_is_read_and_then_the_end)
{
	char got[4];
	int fd[2];

	make(fd, 0);
	UK_EXPECT_EQ(uk_test_write(fd[1], "ab", 2), 2);
	UK_EXPECT_EQ(uk_fd_close(fd[1]), 0);
	fd[1] = -1;
	UK_EXPECT_EQ(uk_test_events(fd[0]), UK_FILE_IN | UK_FILE_HUP);
	UK_EXPECT_EQ(uk_test_read(fd[0], got, 4), 2);
	UK_EXPECT_EQ(uk_test_events(fd[0]), UK_FILE_HUP);
	UK_EXPECT_EQ(uk_test_read(fd[0], got, 4), 0);
	UK_EXPECT_EQ(uk_test_read(fd[0], got, 4), 0);
	end(fd);
}

UK_TEST(pipe, with_no_reader_left_a_write_is_epipe)
{
	int fd[2];

	make(fd, 0);
	UK_EXPECT_EQ(uk_fd_close(fd[0]), 0);
	fd[0] = -1;
	UK_EXPECT_EQ(uk_test_events(fd[1]), UK_FILE_ERR | UK_FILE_OUT);
	UK_EXPECT_EQ(uk_test_write(fd[1], "x", 1), -EPIPE);
	end(fd);
}

UK_TEST(pipe, its_size_can_be_asked_for_and_set)
{
	int fd[2], n = 0;

	make(fd, UK_ABI_O_NONBLOCK);
	UK_EXPECT_EQ(fcntl(fd[0], UK_ABI_F_GETPIPE_SZ, 0), USUAL);
	UK_EXPECT_EQ(fcntl(fd[1], UK_ABI_F_SETPIPE_SZ, 5000), 8192);
	UK_EXPECT_EQ(uk_test_write(fd[1], mem, USUAL), 8192);
	UK_EXPECT_EQ(fcntl(fd[0], UK_ABI_F_SETPIPE_SZ, 4096), -EBUSY);
	UK_EXPECT_EQ(fcntl(fd[0], UK_ABI_F_SETPIPE_SZ, -1), -EINVAL);
	UK_EXPECT_EQ(fcntl(fd[0], UK_ABI_F_SETPIPE_SZ, 1 << 21), -EINVAL);
	UK_EXPECT_EQ(fcntl(fd[0], 7, 0), -EINVAL);
	UK_EXPECT_EQ(ioctl(fd[0], FIONREAD, (long)&n), 0);
	UK_EXPECT_EQ(n, 8192);
	UK_EXPECT_EQ(ioctl(fd[1], FIONREAD, UK_TEST_BAD), -EFAULT);
	UK_EXPECT_EQ(ioctl(fd[0], 1, 0), -ENOTTY);
	end(fd);
}

UK_TEST(pipe, what_was_read_before_a_fault_is_told)
{
	char got[4];
	const struct uk_abi_iovec iov[] = {
		{ got, 2 }, { (void *)UK_TEST_BAD, 2 },
	};
	struct uk_file *file;
	struct uk_io io;
	int fd[2];

	make(fd, UK_ABI_O_NONBLOCK);
	UK_EXPECT_EQ(uk_test_write(fd[1], "abcd", 4), 4);
	file = uk_fd_borrow(fd[0]);
	UK_EXPECT_EQ(uk_io_vec(&io, iov, 2), 0);
	UK_EXPECT_EQ(uk_file_read(file, &io, UK_FILE_POS), 2);
	uk_fd_return(fd[0], file);
	UK_EXPECT_EQ(uk_test_read(fd[0], (void *)UK_TEST_BAD, 2), -EFAULT);
	UK_EXPECT_EQ(uk_test_read(fd[0], got + 2, 2), 2);
	UK_EXPECT_MEM_EQ(got, "abcd", 4);
	end(fd);
}

#define NWRITERS	3u
#define EACH		100u
#define LEN		1000u

static int busy[2];

/* Writes blocks that all of its letter make up. */
static void write_blocks(void *arg)
{
	char block[LEN];

	memset(block, (int)(uintptr_t)arg, sizeof(block));
	for (unsigned int i = 0; i < EACH; i++) {
		if (uk_test_write(busy[1], block, LEN) != (long)LEN)
			return;
	}
}

static bool is_whole(const char *block)
{
	for (unsigned int i = 1; i < LEN; i++) {
		if (block[i] != block[0])
			return false;
	}
	return true;
}

UK_TEST(pipe_threads, short_writes_of_several_threads_do_not_mix)
{
	struct uk_thread *t[NWRITERS];
	char block[LEN];
	unsigned int nwhole = 0;

	make(busy, 0);
	/* So small that they wait for each other. */
	UK_EXPECT_EQ(fcntl(busy[1], UK_ABI_F_SETPIPE_SZ, 4096), 4096);
	for (uintptr_t i = 0; i < NWRITERS; i++)
		t[i] = uk_test_spawn(write_blocks, (void *)('a' + i));
	for (unsigned int i = 0; i < NWRITERS * EACH; i++) {
		size_t have = 0;

		while (have < LEN) {
			const long n = uk_test_read(busy[0], block + have,
						    LEN - have);

			UK_EXPECT_GT(n, 0);
			if (n <= 0)
				break;
			have += (size_t)n;
		}
		nwhole += is_whole(block);
	}
	UK_EXPECT_EQ(nwhole, NWRITERS * EACH);
	for (unsigned int i = 0; i < NWRITERS; i++)
		uk_thread_join(t[i]);
	end(busy);
}

static long result;

static void read_one(void *arg UK_UNUSED)
{
	char c;

	result = uk_test_read(busy[0], &c, 1);
}

static void write_more(void *arg UK_UNUSED)
{
	result = uk_test_write(busy[1], mem, USUAL + 1);
}

UK_TEST(pipe_threads, who_waits_goes_on_when_the_other_end_closes)
{
	struct uk_thread *t;

	make(busy, 0);
	result = 1;
	t = uk_test_spawn(read_one, NULL);
	uk_sched_thread_sleep(1000000);
	UK_EXPECT_EQ(result, 1);
	UK_EXPECT_EQ(uk_fd_close(busy[1]), 0);
	uk_thread_join(t);
	UK_EXPECT_EQ(result, 0);
	UK_EXPECT_EQ(uk_fd_close(busy[0]), 0);

	make(busy, 0);
	result = 1;
	t = uk_test_spawn(write_more, NULL);
	uk_sched_thread_sleep(1000000);
	UK_EXPECT_EQ(result, 1);
	UK_EXPECT_EQ(uk_fd_close(busy[0]), 0);
	uk_thread_join(t);
	/* What was put in counts, as for who had not waited. */
	UK_EXPECT_EQ(result, USUAL);
	UK_EXPECT_EQ(uk_fd_close(busy[1]), 0);
}
