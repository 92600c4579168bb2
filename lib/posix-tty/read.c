/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * read(2) of a terminal: by lines a line or as much of it as there is room
 * for; else termios(3)'s four cases of VMIN and VTIME. Bytes that were taken
 * and cannot be given to the program are lost, as on Linux.
 */
#include "posix_tty_priv.h"

#include <uk/console.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/io.h>
#include <uk/time.h>

#define TENTH_NS	(100 * UK_TIME_NS_PER_MS)
#define AT_A_TIME	128u

/* How a read goes, as the modes were when it began. */
struct way {
	bool lines;
	size_t least;		/* bytes */
	uint64_t time_ns;	/* 0: none */
};

static struct way way_now(void)
{
	const struct uk_abi_termios *const m = &term.tty.modes;
	const unsigned long irq = uk_spin_lock_irqsave(&term.lock);
	const struct way way = {
		.lines = m->c_lflag & UK_ABI_ICANON,
		.least = m->c_cc[UK_ABI_VMIN],
		.time_ns = m->c_cc[UK_ABI_VTIME] * TENTH_NS,
	};

	uk_spin_unlock_irqrestore(&term.lock, irq);
	return way;
}

static bool has(size_t least)
{
	const unsigned long irq = uk_spin_lock_irqsave(&term.lock);
	const bool yes = uk_tty_can_read(&term.tty, least);

	uk_spin_unlock_irqrestore(&term.lock, irq);
	return yes;
}

bool term_has_input(void)
{
	const struct way way = way_now();

	return !uk_console_has_input() || has(way.time_ns ? 1 : way.least);
}

/* For uk_file_try(): as for a read one byte is enough. */
static bool try(struct uk_file *file UK_UNUSED, void *arg UK_UNUSED)
{
	return has(1);
}

static size_t take(char *buf, size_t len, bool *end)
{
	const unsigned long irq = uk_spin_lock_irqsave(&term.lock);
	const size_t n = uk_tty_read(&term.tty, buf, len, end);

	uk_spin_unlock_irqrestore(&term.lock, irq);
	return n;
}

/*
 * Give out what is there, to the end of a line. Returns how much, or -EFAULT;
 * *@end: it came to such an end, and be it with nothing.
 */
static ptrdiff_t give(struct uk_io *io, bool *end)
{
	char buf[AT_A_TIME];
	ptrdiff_t done = 0;

	*end = false;
	uk_mutex_lock(&term.reading);
	while (io->left && !*end) {
		const size_t len = UK_MIN(sizeof(buf), io->left);
		const size_t n = take(buf, len, end);
		const ptrdiff_t put = n ? uk_io_put(io, buf, n) : 0;

		if (put < 0 && done == 0)
			done = put;
		else if (put > 0)
			done += put;
		if (n == 0 || put != (ptrdiff_t)n)
			break;
	}
	uk_mutex_unlock(&term.reading);
	/* There is room again for what was left in the device. */
	if (UK_READ_ONCE(term.full))
		term_pump();
	return done;
}

static ptrdiff_t read_line(struct uk_file *file, struct uk_io *io)
{
	for (;;) {
		ptrdiff_t n;
		bool end;
		int rc;

		term_watch();
		rc = uk_file_try(file, UK_FILE_IN, try, NULL);
		if (rc < 0)
			return rc;
		n = give(io, &end);
		/* Else another reader was first. */
		if (n || end)
			return n;
	}
}

/* Wait for a byte. Returns 0, or why the read ends: -ETIMEDOUT, too. */
static int wait_byte(struct uk_file *file, uint64_t deadline_ns)
{
	term_watch();
	if (deadline_ns == UK_TIME_NEVER)
		return uk_file_try(file, UK_FILE_IN, try, NULL);
	if (uk_file_is_nonblock(file))
		return -EAGAIN;
	return uk_file_wait(file, UK_FILE_IN, deadline_ns);
}

static uint64_t deadline(const struct way *way, ptrdiff_t done)
{
	/* With a least number the time is that between bytes. */
	if (way->time_ns == 0 || (way->least && done == 0))
		return UK_TIME_NEVER;
	return uk_time_now() + way->time_ns;
}

static ptrdiff_t read_bytes(struct uk_file *file, struct uk_io *io,
			    const struct way *way)
{
	uint64_t until_ns = deadline(way, 0);
	ptrdiff_t done = 0;

	while (io->left) {
		bool end;
		const ptrdiff_t n = give(io, &end);
		int rc;

		if (n < 0)
			return done ? done : n;
		done += n;
		if ((size_t)done >= way->least && (done || !way->time_ns))
			break;
		if (n)
			until_ns = deadline(way, done);
		rc = wait_byte(file, until_ns);
		if (rc == -ETIMEDOUT)
			break;
		if (rc < 0)
			return done ? done : rc;
	}
	return done;
}

ptrdiff_t term_read(struct uk_file *file, struct uk_io *io,
		    int64_t pos UK_UNUSED)
{
	const struct way way = way_now();

	if (!io->left || !uk_console_has_input())
		return 0;
	term_pump();
	return way.lines ? read_line(file, io) : read_bytes(file, io, &way);
}
