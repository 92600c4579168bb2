/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Waiting for many files: a watch is hung on each one, once, and whichever is
 * told wakes the thread, which then asks them all. That is what these calls
 * cost by their nature; who has many files takes epoll.
 *
 * The watches are in pieces of a page, so that many of them do not need memory
 * in one piece. A file is borrowed as long as its watch hangs.
 */
#include "poll_priv.h"

#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/sched.h>
#include <uk/thread.h>
#include <uk/wait.h>

#define PIECE_LEN	4096u

struct piece {
	struct piece *next;
	unsigned int n;
	struct watched w[];
};

#define MOST	((PIECE_LEN - sizeof(struct piece)) / sizeof(struct watched))

int watches_init(struct watches *ws, unsigned int n)
{
	struct piece **end = &ws->first;

	*ws = (struct watches){ .first = NULL };
	while (n) {
		const unsigned int some = UK_MIN(n, (unsigned int)MOST);
		struct piece *const p = uk_zalloc(
			uk_alloc_get_default(),
			sizeof(*p) + some * sizeof(p->w[0]));

		if (!p) {
			watches_end(ws);
			return -ENOMEM;
		}
		p->n = some;
		*end = p;
		end = &p->next;
		n -= some;
	}
	watches_rewind(ws);
	return 0;
}

void watches_rewind(struct watches *ws)
{
	ws->cur = ws->first;
	ws->i = 0;
}

struct watched *watches_next(struct watches *ws)
{
	struct piece *p = ws->cur;

	if (p && ws->i == p->n) {
		p = ws->cur = p->next;
		ws->i = 0;
	}
	return p ? &p->w[ws->i++] : NULL;
}

void watches_end(struct watches *ws)
{
	struct watched *w;

	watches_rewind(ws);
	while ((w = watches_next(ws))) {
		if (!w->file)
			continue;
		uk_file_unwatch(&w->watch);
		uk_fd_return(w->fd, w->file);
	}
	while (ws->first) {
		struct piece *const p = ws->first;

		ws->first = p->next;
		uk_free(uk_alloc_get_default(), p);
	}
}

static bool on_event(struct uk_file_watch *watch, uint32_t events UK_UNUSED)
{
	uk_thread_wake(UK_CONTAINER_OF(watch, struct watched, watch)->thread);
	return true;
}

void watches_hang(struct watches *ws, struct watched *w, int fd,
		  uint32_t want)
{
	struct uk_file *file;

	w->fd = fd;
	if (fd < 0)
		return;
	file = uk_fd_borrow(fd);
	if (!file) {
		w->got = UK_ABI_POLLNVAL;
		ws->ready = true;
		return;
	}
	/* An event comes by its first name or by the second one. */
	w->watch.mask = want | (want >> 6 & (UK_FILE_IN | UK_FILE_OUT));
	w->watch.fn = on_event;
	w->thread = uk_thread_current();
	w->file = file;
	w->want = want;
	uk_file_watch(file, &w->watch);
}

/* Ask all; is there one that is ready? */
static bool ask_all(struct uk_file *none UK_UNUSED, void *arg)
{
	struct watches *const ws = arg;
	bool ready = ws->ready;
	struct watched *w;

	watches_rewind(ws);
	while ((w = watches_next(ws))) {
		if (!w->file)
			continue;
		w->got = uk_file_poll_bits(uk_file_events(w->file)) & w->want;
		ready |= w->got != 0;
	}
	return ready;
}

int watches_wait(struct watches *ws, uint64_t deadline_ns)
{
	uk_might_block();
	return uk_file_block(NULL, ask_all, ws, deadline_ns);
}
