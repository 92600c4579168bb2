/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/abi/poll.h>
#include <uk/compiler.h>
#include <uk/fdtab.h>
#include <uk/file.h>

struct piece;
struct uk_thread;

/* What of poll(2)'s bits @want can be done with @fd now, or POLLNVAL. */
static inline uint32_t poll_ask(int fd, uint32_t want)
{
	struct uk_fd_loan loan;
	struct uk_file *const file = uk_fd_lend(fd, &loan);
	uint32_t got;

	if (!file)
		return UK_ABI_POLLNVAL;
	got = uk_file_poll_bits(uk_file_events(file)) & want;
	uk_fd_give_back(&loan);
	return got;
}

/*
 * watches.c: a watch for each descriptor, and waiting for any of them. The
 * caller's alone; what is borrowed is given back by watches_end().
 */
struct watched {
	struct uk_file_watch watch;
	struct uk_thread *thread;
	struct uk_file *file;	/* borrowed; NULL: none */
	int fd;
	uint32_t want;
	uint32_t got;		/* what of it is possible, or POLLNVAL */
};

struct watches {
	struct piece *first;
	struct piece *cur;	/* where watches_next() is */
	unsigned int i;
	bool ready;		/* there is a POLLNVAL */
};

/* Room for @n of them. Returns 0, or -ENOMEM and there is nothing to end. */
UK_MUST_USE int watches_init(struct watches *ws, unsigned int n);
void watches_end(struct watches *ws);

/* Go through them, from the first one on; NULL: that was all. */
void watches_rewind(struct watches *ws);
struct watched *watches_next(struct watches *ws);

/* Have @w be for the bits @want of @fd; below 0: for nothing. */
void watches_hang(struct watches *ws, struct watched *w, int fd,
		  uint32_t want);

/*
 * Wait until one of them has some of what it wants, or uk_time_now() is
 * @deadline_ns. Returns 0, @got being set, -ETIMEDOUT or -EINTR.
 */
UK_MUST_USE int watches_wait(struct watches *ws, uint64_t deadline_ns);

/*
 * poll.c, select.c: the calls, to wait @ns at most. Return how many are ready,
 * or a negative errno.
 */
int poll_files(struct uk_abi_pollfd *fds, unsigned int nfds, uint64_t ns);
int poll_select(int nfds, void *in, void *out, void *ex, uint64_t ns);
