/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Results and errors are those of Linux 6.18, tried there with pipes, an
 * eventfd and a file in place of the kind here.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/fcntl.h>
#include <uk/abi/ioctl.h>
#include <uk/abi/uio.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/io.h>
#include <uk/syscall.h>
#include <uk/test.h>

#define BAD		((long)16)
#define NOWHERE		123		/* no descriptor */
#define LEN		32u
#define EVENT		0x1234u		/* an ioctl of the kind */

/* A kind with positions: some bytes, which neither grow nor end. */
struct bytes {
	struct uk_file file;
	char data[LEN];
	int64_t pos;		/* its own */
	int64_t asked;		/* what the last transfer was given */
	bool released;
};

static struct bytes *bytes_of(struct uk_file *file)
{
	return UK_CONTAINER_OF(file, struct bytes, file);
}

static ptrdiff_t move(struct uk_file *file, struct uk_io *io, int64_t pos,
		      bool write)
{
	struct bytes *const b = bytes_of(file);
	const int64_t at = pos == UK_FILE_POS ? b->pos : pos;
	ptrdiff_t n = 0;

	b->asked = pos;
	if (at >= LEN)
		return 0;
	n = write ? uk_io_take(io, b->data + at, LEN - (size_t)at)
		  : uk_io_put(io, b->data + at, LEN - (size_t)at);
	if (n > 0 && pos == UK_FILE_POS)
		b->pos += n;
	return n;
}

static ptrdiff_t on_read(struct uk_file *file, struct uk_io *io, int64_t pos)
{
	return move(file, io, pos, false);
}

static ptrdiff_t on_write(struct uk_file *file, struct uk_io *io, int64_t pos)
{
	return move(file, io, pos, true);
}

static int64_t on_seek(struct uk_file *file, int64_t off, int whence)
{
	return whence == 0 ? bytes_of(file)->pos = off : -EINVAL;
}

static long on_ioctl(struct uk_file *file UK_UNUSED, unsigned long cmd,
		     long arg)
{
	return cmd == EVENT ? arg : -ENOTTY;
}

static void on_release(struct uk_file *file)
{
	bytes_of(file)->released = true;
}

static int open_bytes(struct bytes *b, bool readable, bool writable)
{
	static const struct uk_file_ops ops = {
		.kind = "bytes", .read = on_read, .write = on_write,
		.seek = on_seek, .ioctl = on_ioctl, .release = on_release,
	};

	*b = (struct bytes){ .released = false };
	uk_file_init(&b->file, &ops, readable, writable);
	return uk_fd_open(&b->file, 0, false);
}

static void open_pipe(int fd[2])
{
	UK_EXPECT_EQ(uk_syscall_r_pipe2((long)fd, UK_ABI_O_NONBLOCK), 0);
}

static void close_pipe(const int fd[2])
{
	UK_EXPECT_EQ(uk_fd_close(fd[0]), 0);
	UK_EXPECT_EQ(uk_fd_close(fd[1]), 0);
}

UK_TEST(fdio, bytes_that_are_written_are_read)
{
	char got[8] = "";
	int fd[2];

	open_pipe(fd);
	UK_EXPECT_EQ(uk_syscall_r_write(fd[1], (long)"hello", 5), 5);
	UK_EXPECT_EQ(uk_syscall_r_read(fd[0], (long)got, 8), 5);
	UK_EXPECT_MEM_EQ(got, "hello", 5);
	UK_EXPECT_EQ(uk_syscall_r_read(fd[0], (long)got, 8), -EAGAIN);
	UK_EXPECT_EQ(uk_syscall_r_read(fd[0], 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_write(fd[1], 0, 0), 0);
	close_pipe(fd);
}

UK_TEST(fdio, a_descriptor_is_looked_at_before_the_memory)
{
	char buf[1];
	int fd[2];

	open_pipe(fd);
	UK_EXPECT_EQ(uk_syscall_r_read(NOWHERE, BAD, -1), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_read(-1, BAD, -1), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_read(fd[1], (long)buf, -1), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_write(fd[0], 0, 0), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_readv(fd[1], 0, 2), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_readv(fd[1], (long)buf, 1025), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_writev(NOWHERE, BAD, -1), -EBADF);
	close_pipe(fd);
}

UK_TEST(fdio, a_range_that_no_memory_can_have_is_efault_even_if_empty)
{
	char buf[1];
	int fd[2];

	open_pipe(fd);
	UK_EXPECT_EQ(uk_syscall_r_read(fd[0], (long)buf, -1), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_read(fd[0], 0, INT64_MIN), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_read(fd[0], (long)buf, INT64_MAX), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_read(fd[0], -1, 0), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_write(fd[1], -1, 1), -EFAULT);
	/* What may be there is asked for when there are bytes for it. */
	UK_EXPECT_EQ(uk_syscall_r_read(fd[0], 0, 1), -EAGAIN);
	UK_EXPECT_EQ(uk_syscall_r_write(fd[1], 0, 1), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_write(fd[1], (long)1 << 62, 1), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_write(fd[1], (long)"x", 1), 1);
	UK_EXPECT_EQ(uk_syscall_r_read(fd[0], BAD, 1), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_read(fd[0], (long)buf, 1), 1);
	close_pipe(fd);
}

UK_TEST(fdio, pieces_are_filled_in_order)
{
	char a[2], b[4];
	const struct uk_abi_iovec out[] = {
		{ (void *)(uintptr_t)"ab", 2 }, { NULL, 0 },
		{ (void *)(uintptr_t)"cdef", 4 },
	};
	const struct uk_abi_iovec in[] = { { a, 2 }, { b, 4 } };
	int fd[2];

	open_pipe(fd);
	UK_EXPECT_EQ(uk_syscall_r_writev(fd[1], (long)out, 3), 6);
	UK_EXPECT_EQ(uk_syscall_r_readv(fd[0], (long)in, 2), 6);
	UK_EXPECT_MEM_EQ(a, "ab", 2);
	UK_EXPECT_MEM_EQ(b, "cdef", 4);
	UK_EXPECT_EQ(uk_syscall_r_readv(fd[0], (long)in, 2), -EAGAIN);
	close_pipe(fd);
}

UK_TEST(fdio, a_list_of_pieces_that_is_bad_is_refused)
{
	char buf[1];
	const struct uk_abi_iovec neg = { buf, -1ul };
	const struct uk_abi_iovec empty = { buf, 0 };
	int fd[2];

	open_pipe(fd);
	UK_EXPECT_EQ(uk_syscall_r_readv(fd[0], (long)&neg, -1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_readv(fd[0], 0, 1025), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_readv(fd[0], BAD, 1), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_readv(fd[0], (long)&neg, 1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_readv(fd[1], (long)&neg, 1), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_readv(fd[0], 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_readv(fd[0], (long)&empty, 1), 0);
	close_pipe(fd);
}

UK_TEST(fdio, positions_are_given_or_the_files_own)
{
	const struct uk_abi_iovec piece = { (void *)(uintptr_t)"xy", 2 };
	struct bytes b;
	char got[4];
	int fd = open_bytes(&b, true, true);

	UK_EXPECT_EQ(uk_syscall_r_write(fd, (long)"ab", 2), 2);
	UK_EXPECT_EQ(b.asked, UK_FILE_POS);
	UK_EXPECT_EQ(uk_syscall_r_pwrite64(fd, (long)"cd", 2, 6), 2);
	UK_EXPECT_EQ(uk_syscall_r_pwritev(fd, (long)&piece, 1, 2, 0), 2);
	/* The upper half is none. */
	UK_EXPECT_EQ(uk_syscall_r_pwritev(fd, (long)&piece, 1, 4, 7), 2);
	UK_EXPECT_EQ(b.asked, 4);
	UK_EXPECT_EQ(b.pos, 2);
	UK_EXPECT_MEM_EQ(b.data, "abxyxycd", 8);
	UK_EXPECT_EQ(uk_syscall_r_pread64(fd, (long)got, 2, 6), 2);
	UK_EXPECT_MEM_EQ(got, "cd", 2);
	UK_EXPECT_EQ(uk_syscall_r_lseek(fd, 6, 0), 6);
	UK_EXPECT_EQ(uk_syscall_r_pwritev2(fd, (long)&piece, 1, -1, -1, 0), 2);
	UK_EXPECT_EQ(b.pos, 8);
	UK_EXPECT_EQ(uk_syscall_r_pwritev2(fd, (long)&piece, 1, 0, 0, 0), 2);
	UK_EXPECT_MEM_EQ(b.data, "xyxyxyxy", 8);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
	UK_EXPECT(b.released);
}

UK_TEST(fdio, a_position_is_looked_at_before_the_descriptor)
{
	char buf[2];
	const struct uk_abi_iovec piece = { buf, 2 };
	const long at = (long)&piece;
	struct bytes b;
	int fd[2], f = open_bytes(&b, true, false);

	open_pipe(fd);
	UK_EXPECT_EQ(uk_syscall_r_pread64(NOWHERE, BAD, 1, -1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_pread64(NOWHERE, BAD, 1, 0), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_preadv(NOWHERE, at, 1, -1, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_preadv2(NOWHERE, at, 1, -1, 0, 0), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_preadv2(fd[0], at, 1, -2, 0, 0), -EINVAL);
	/* No positions before not open for that. */
	UK_EXPECT_EQ(uk_syscall_r_pread64(fd[1], (long)buf, 1, 0), -ESPIPE);
	UK_EXPECT_EQ(uk_syscall_r_preadv(fd[1], 0, 2, 0, 0), -ESPIPE);
	UK_EXPECT_EQ(uk_syscall_r_preadv2(fd[0], at, 1, 0, 0, 0), -ESPIPE);
	UK_EXPECT_EQ(uk_syscall_r_pwrite64(f, (long)buf, 1, 0), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_pread64(f, (long)buf, 2, INT64_MAX),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_pread64(f, (long)buf, -1, INT64_MAX),
		     -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_pread64(f, (long)buf, 0, INT64_MAX), 0);
	UK_EXPECT_EQ(uk_syscall_r_preadv(f, at, 1, INT64_MAX, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_preadv(f, at, 0, INT64_MAX, 0), 0);
	close_pipe(fd);
	UK_EXPECT_EQ(uk_fd_close(f), 0);
}

UK_TEST(fdio, flags_that_are_not_honoured_are_refused)
{
	char buf[2];
	const struct uk_abi_iovec piece = { buf, 1 };
	const long at = (long)&piece;
	struct bytes b;
	int fd[2], f = open_bytes(&b, true, true);

	open_pipe(fd);
	UK_EXPECT_EQ(uk_syscall_r_pwritev2(fd[1], at, 1, -1, 0,
					   UK_ABI_RWF_HIPRI | UK_ABI_RWF_SYNC |
					   UK_ABI_RWF_DSYNC |
					   UK_ABI_RWF_APPEND), 1);
	UK_EXPECT_EQ(uk_syscall_r_preadv2(fd[0], at, 1, -1, 0,
					  UK_ABI_RWF_NOWAIT), -EOPNOTSUPP);
	UK_EXPECT_EQ(uk_syscall_r_preadv2(fd[0], at, 1, -1, 0, 0x4000),
		     -EOPNOTSUPP);
	/* Of nothing they are not asked. */
	UK_EXPECT_EQ(uk_syscall_r_preadv2(fd[0], at, 0, -1, 0, 0x4000), 0);
	UK_EXPECT_EQ(uk_syscall_r_preadv2(fd[1], at, 1, -1, 0, 0x4000),
		     -EBADF);
	/* Storage would have to be told to be as good as its word. */
	UK_EXPECT_EQ(uk_syscall_r_pwritev2(f, at, 1, 0, 0, UK_ABI_RWF_SYNC),
		     -EOPNOTSUPP);
	UK_EXPECT_EQ(uk_syscall_r_pwritev2(f, at, 1, 0, 0, UK_ABI_RWF_APPEND),
		     -EOPNOTSUPP);
	UK_EXPECT_EQ(uk_syscall_r_pwritev2(f, at, 1, 0, 0, UK_ABI_RWF_HIPRI),
		     1);
	close_pipe(fd);
	UK_EXPECT_EQ(uk_fd_close(f), 0);
}

UK_TEST(fdio, lseek_refuses_what_it_does_not_know_before_the_kind)
{
	struct bytes b;
	int fd[2], f = open_bytes(&b, true, true);

	open_pipe(fd);
	UK_EXPECT_EQ(uk_syscall_r_lseek(NOWHERE, 0, 5), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_lseek(fd[0], 0, 5), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_lseek(fd[0], 0, -1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_lseek(fd[0], 0, 0), -ESPIPE);
	UK_EXPECT_EQ(uk_syscall_r_lseek(f, 9, 0), 9);
	UK_EXPECT_EQ(uk_syscall_r_lseek(f, 9, 4), -EINVAL);
	close_pipe(fd);
	UK_EXPECT_EQ(uk_fd_close(f), 0);
}

UK_TEST(fdio, ioctl_sets_what_all_files_have)
{
	int fd[2], on = 0, n = 7;

	open_pipe(fd);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(fd[0], UK_ABI_FIONBIO, (long)&on), 0);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd[0], UK_ABI_F_GETFL, 0),
		     UK_ABI_O_RDONLY);
	on = 1;
	UK_EXPECT_EQ(uk_syscall_r_ioctl(fd[0], UK_ABI_FIONBIO, (long)&on), 0);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd[0], UK_ABI_F_GETFL, 0),
		     UK_ABI_O_RDONLY | UK_ABI_O_NONBLOCK);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(fd[0], UK_ABI_FIONBIO, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(fd[0], UK_ABI_FIOCLEX, BAD), 0);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd[0], UK_ABI_F_GETFD, 0), 1);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(fd[0], UK_ABI_FIONCLEX, BAD), 0);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd[0], UK_ABI_F_GETFD, 0), 0);
	/* A command is 32 bits, whatever is above them. */
	UK_EXPECT_EQ(uk_syscall_r_ioctl(fd[0], (1l << 40) | UK_ABI_FIONREAD,
					(long)&n), 0);
	UK_EXPECT_EQ(n, 0);
	close_pipe(fd);
}

UK_TEST(fdio, what_else_ioctl_is_asked_for_is_the_kinds)
{
	struct bytes b;
	int fd[2], f = open_bytes(&b, true, true);

	open_pipe(fd);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(NOWHERE, UK_ABI_FIOCLEX, 0), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(f, EVENT, 42), 42);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(f, EVENT + 1, 42), -ENOTTY);
	UK_EXPECT_EQ(uk_syscall_r_ioctl(fd[0], EVENT, 0), -ENOTTY);
	close_pipe(fd);
	UK_EXPECT_EQ(uk_fd_close(f), 0);
}

UK_TEST(fdio, a_read_of_an_eventfd_takes_8_bytes)
{
	uint64_t n = 3;
	const long fd = uk_syscall_r_eventfd2(0, UK_ABI_O_NONBLOCK);

	UK_EXPECT_GE(fd, 0);
	UK_EXPECT_EQ(uk_syscall_r_write(fd, (long)&n, 8), 8);
	UK_EXPECT_EQ(uk_syscall_r_read(fd, (long)&n, 7), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_read(fd, (long)&n, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_read(fd, (long)&n, 8), 8);
	UK_EXPECT_EQ(n, 3);
	UK_EXPECT_EQ(uk_fd_close((int)fd), 0);
}
