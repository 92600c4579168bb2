/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/file.h>

#include <uk/errno.h>
#include <uk/io.h>
#include <uk/test.h>

/* A file that counts what is asked of it. */
struct thing {
	struct uk_file file;
	int64_t pos;
	unsigned int nreads, nwrites, nreleases;
	uint32_t events;
};

static struct thing *thing_of(struct uk_file *file)
{
	return UK_CONTAINER_OF(file, struct thing, file);
}

static ptrdiff_t on_read(struct uk_file *file, struct uk_io *io, int64_t pos)
{
	thing_of(file)->nreads++;
	thing_of(file)->pos = pos;
	return uk_io_put(io, "data", 4);
}

static ptrdiff_t on_write(struct uk_file *file, struct uk_io *io, int64_t pos)
{
	thing_of(file)->nwrites++;
	thing_of(file)->pos = pos;
	return (ptrdiff_t)io->left;
}

static int64_t on_seek(struct uk_file *file, int64_t off, int whence)
{
	return thing_of(file)->pos = off + whence;
}

static long on_ioctl(struct uk_file *file UK_UNUSED, unsigned long cmd,
		     long arg)
{
	return (long)cmd + arg;
}

static uint32_t on_events(struct uk_file *file)
{
	return thing_of(file)->events;
}

static void on_release(struct uk_file *file)
{
	thing_of(file)->nreleases++;
}

static const struct uk_file_ops all = {
	.kind = "thing", .read = on_read, .write = on_write, .seek = on_seek,
	.ioctl = on_ioctl, .events = on_events, .release = on_release,
};
static const struct uk_file_ops none = {
	.kind = "nothing", .release = on_release,
};
static const struct uk_file_ops stream = {
	.kind = "stream", .read = on_read, .write = on_write,
	.release = on_release,
};

static ptrdiff_t read_some(struct uk_file *file, int64_t pos)
{
	char buf[8];
	struct uk_io io;

	uk_io_buf(&io, buf, sizeof(buf));
	return uk_file_read(file, &io, pos);
}

static ptrdiff_t write_some(struct uk_file *file, int64_t pos)
{
	char buf[8];
	struct uk_io io;

	uk_io_buf(&io, buf, sizeof(buf));
	return uk_file_write(file, &io, pos);
}

UK_TEST(ukfile, the_last_reference_releases_a_file_once)
{
	struct thing t = { 0 };

	uk_file_init(&t.file, &none, true, true);
	uk_file_get(&t.file);
	uk_file_get(&t.file);
	uk_file_put(&t.file);
	uk_file_put(&t.file);
	UK_EXPECT_EQ(t.nreleases, 0);
	uk_file_put(&t.file);
	UK_EXPECT_EQ(t.nreleases, 1);
}

UK_TEST(ukfile, what_a_kind_cannot_do_is_refused_with_linux_errors)
{
	struct thing t = { 0 };

	uk_file_init(&t.file, &none, true, true);
	UK_EXPECT_EQ(read_some(&t.file, UK_FILE_POS), -EINVAL);
	UK_EXPECT_EQ(write_some(&t.file, UK_FILE_POS), -EINVAL);
	UK_EXPECT_EQ(uk_file_seek(&t.file, 0, 0), -ESPIPE);
	UK_EXPECT_EQ(uk_file_ioctl(&t.file, 1, 2), -ENOTTY);
	UK_EXPECT_EQ(uk_file_fcntl(&t.file, 1, 2), -EINVAL);
	UK_EXPECT_EQ(uk_file_events(&t.file), UK_FILE_IN | UK_FILE_OUT);
	uk_file_put(&t.file);
}

UK_TEST(ukfile, a_file_is_read_and_written_only_as_it_was_opened_for)
{
	struct thing t = { 0 };

	uk_file_init(&t.file, &all, true, false);
	UK_EXPECT_EQ(write_some(&t.file, UK_FILE_POS), -EBADF);
	UK_EXPECT_EQ(read_some(&t.file, UK_FILE_POS), 4);
	uk_file_init(&t.file, &all, false, true);
	UK_EXPECT_EQ(read_some(&t.file, UK_FILE_POS), -EBADF);
	UK_EXPECT_EQ(write_some(&t.file, UK_FILE_POS), 8);
	UK_EXPECT_EQ(t.nreads, 1);
	UK_EXPECT_EQ(t.nwrites, 1);
	uk_file_put(&t.file);
}

UK_TEST(ukfile, a_position_is_for_kinds_that_have_one)
{
	struct thing t = { 0 };

	uk_file_init(&t.file, &stream, true, true);
	UK_EXPECT_EQ(read_some(&t.file, 0), -ESPIPE);
	UK_EXPECT_EQ(write_some(&t.file, 5), -ESPIPE);
	UK_EXPECT_EQ(read_some(&t.file, UK_FILE_POS), 4);
	UK_EXPECT_EQ(t.nreads, 1);
	uk_file_init(&t.file, &all, true, true);
	UK_EXPECT_EQ(read_some(&t.file, 7), 4);
	UK_EXPECT_EQ(t.pos, 7);
	UK_EXPECT_EQ(write_some(&t.file, -2), -EINVAL);
	UK_EXPECT_EQ(t.nwrites, 0);
	UK_EXPECT_EQ(uk_file_seek(&t.file, 40, 2), 42);
	UK_EXPECT_EQ(uk_file_ioctl(&t.file, 40, 2), 42);
	uk_file_put(&t.file);
}

UK_TEST(ukfile, who_would_wait_for_a_nonblocking_file_is_sent_away)
{
	struct thing t = { .events = UK_FILE_OUT };

	uk_file_init(&t.file, &all, true, true);
	t.file.flags = UK_FILE_NONBLOCK;
	UK_EXPECT_EQ(uk_file_wait_turn(&t.file, UK_FILE_IN), -EAGAIN);
	UK_EXPECT_EQ(uk_file_wait_turn(&t.file, UK_FILE_OUT), 0);
	/* Who waits for anything hears of an error. */
	t.events = UK_FILE_HUP;
	UK_EXPECT_EQ(uk_file_wait_turn(&t.file, UK_FILE_IN), 0);
	uk_file_put(&t.file);
}
