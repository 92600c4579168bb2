/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The open file that descriptors 0 to 2 are at boot: one, as where a shell has
 * started a program, so that what is set on one of them holds for all. It is
 * static, and lives on when all are closed.
 */
#include "posix_tty_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fdtab.h>
#include <uk/init.h>
#include <uk/io.h>

#define NFDS		3
#define AT_A_TIME	256u

struct term term;

static bool may_write(struct uk_file *file UK_UNUSED, void *arg UK_UNUSED)
{
	const unsigned long irq = uk_spin_lock_irqsave(&term.lock);
	const bool may = !term.held && !term.tty.stopped;

	uk_spin_unlock_irqrestore(&term.lock, irq);
	return may;
}

static void write_out(const char *buf, size_t len)
{
	const unsigned long irq = uk_spin_lock_irqsave(&term.lock);

	uk_tty_write(&term.tty, buf, len);
	uk_spin_unlock_irqrestore(&term.lock, irq);
}

/* As long as output is not stopped. Returns how much, or -EFAULT. */
static ptrdiff_t write_some(struct uk_file *file, struct uk_io *io)
{
	char buf[AT_A_TIME];
	ptrdiff_t done = 0;

	uk_mutex_lock(&term.writing);
	while (io->left && may_write(file, NULL)) {
		const size_t len = UK_MIN(sizeof(buf), io->left);
		const ptrdiff_t n = uk_io_take(io, buf, len);

		if (n < 0 && done == 0)
			done = n;
		if (n <= 0)
			break;
		write_out(buf, (size_t)n);
		done += n;
		if ((size_t)n < len)
			break;
	}
	uk_mutex_unlock(&term.writing);
	return done;
}

static ptrdiff_t on_write(struct uk_file *file, struct uk_io *io,
			  int64_t pos UK_UNUSED)
{
	ptrdiff_t done = 0;

	while (io->left) {
		const size_t left = io->left;
		ptrdiff_t n = write_some(file, io);

		if (n > 0) {
			done += n;
			/* All that could be read of it has been written. */
			if (io->left && may_write(file, NULL))
				break;
			continue;
		}
		if (n == 0 && io->left == left) {
			term_watch();
			n = uk_file_try(file, UK_FILE_OUT, may_write, NULL);
		}
		if (n < 0)
			return done ? done : n;
	}
	return done;
}

static uint32_t on_events(struct uk_file *file)
{
	term_watch();
	return (term_has_input() ? UK_FILE_IN : 0) |
	       (may_write(file, NULL) ? UK_FILE_OUT : 0);
}

static void on_release(struct uk_file *file UK_UNUSED)
{
}

static int tty_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	static const struct uk_file_ops ops = {
		.kind = "tty", .read = term_read, .write = on_write,
		.ioctl = term_ioctl, .events = on_events,
		.release = on_release,
	};
	int rc = 0;

	uk_spin_init(&term.lock);
	uk_mutex_init(&term.reading);
	uk_mutex_init(&term.writing);
	uk_file_init(&term.file, &ops, true, true);
	term_device_init();
	uk_file_get_many(&term.file, NFDS);
	for (int fd = 0; fd < NFDS && rc >= 0; fd++)
		rc = uk_fd_open(&term.file, 0, false);
	return rc < 0 ? rc : 0;
}

UK_INIT(SERVICE, tty_init, NULL);
