/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/abi/epoll.h>
#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/file.h>
#include <uk/list.h>
#include <uk/mutex.h>
#include <uk/spinlock.h>
#include <uk/wait.h>

struct epoll;

/*
 * A file that an epoll waits for. It is in the epoll's table, and its watch
 * hangs on the file, to which it has no reference: it ends with the file.
 */
struct item {
	struct uk_file_watch watch;
	struct epoll *e;	/* constant, as the key, file and fd */
	struct uk_file *file;	/* alive while it is in the ready list */
	int fd;
	bool nested;		/* it is a struct nested; constant */
	uint32_t events;	/* e->lock: what it wants, and how */
	struct uk_abi_epoll_event told;	/* e->lock: its data, and scratch */
	uint64_t pass;		/* e->lock: which one told of it last */
	struct uk_list ready;	/* e->lock: in ready or gone, or alone */
	struct item *next;	/* e->mutex: the table's */
};

/* The same where the file is an epoll; the links belong to nest.c. */
struct nested {
	struct item item;
	struct epoll *below;
	struct uk_list of_above;	/* in the children of item.e */
	struct uk_list of_below;	/* in the parents of below */
};

/* items.c: items by file and number; the owner serialises. */
#define ITEMS_FEW	8u

struct items {
	struct item **bucket;
	uint32_t nbuckets;	/* a power of two */
	uint32_t n;
	struct item *few[ITEMS_FEW];
};

void items_init(struct items *t);

/* @t is empty. */
void items_end(struct items *t);
struct item *items_find(const struct items *t, const struct uk_file *file,
			int fd);
void items_insert(struct items *t, struct item *it);
void items_remove(struct items *t, struct item *it);

/* Take one out, from bucket *@at on, which moves on; NULL: that was all. */
struct item *items_pop(struct items *t, uint32_t *at);

struct epoll {
	struct uk_file file;
	struct uk_mutex mutex;
	struct items items;	/* mutex */

	/* With interrupts off, behind the locks of files that it waits for. */
	struct uk_spinlock lock;
	struct uk_list ready;	/* lock: items to be asked */
	struct uk_list gone;	/* lock: items whose file is gone */
	uint64_t pass;		/* lock */
	struct uk_waitq wq;	/* threads in epoll_wait */

	/* nest.c. */
	struct uk_list parents, children;
	uint64_t walk;
	unsigned int depth;
};

/*
 * nest.c: which epolls wait for which. Has its own lock, behind e->mutex.
 */
void nest_init(struct epoll *e);
void nest_end(struct epoll *e);

/*
 * @n, whose members but the links are set, is to be. Returns 0, or
 *   -ELOOP  they would wait for each other, or be more than five deep
 */
UK_MUST_USE int nest_add(struct nested *n);
void nest_remove(struct nested *n);

/* ready.c */
extern const struct uk_file_ops epoll_ops;

static inline bool epoll_is(const struct uk_file *file)
{
	return file->ops == &epoll_ops;
}

static inline struct epoll *epoll_of(struct uk_file *file)
{
	return UK_CONTAINER_OF(file, struct epoll, file);
}

void epoll_init(struct epoll *e);

/* Not events, but how they are told. */
#define EPOLL_HOW							\
	(UK_ABI_EPOLLET | UK_ABI_EPOLLONESHOT | UK_ABI_EPOLLEXCLUSIVE |	\
	 UK_ABI_EPOLLWAKEUP)

/* With e->lock: what is possible of what it wants. */
static inline uint32_t epoll_ask(struct item *it)
{
	/* Kinds that do not tell are not added. */
	return uk_file_poll_bits(it->file->ops->events(it->file)) &
	       it->events & ~EPOLL_HOW;
}

/* With e->lock: it is to be asked. */
static inline void epoll_queue(struct epoll *e, struct item *it)
{
	if (uk_list_empty(&it->ready))
		uk_list_push_back(&e->ready, &it->ready);
}

/* Begin to wait for the item's file, to which the caller has a reference. */
void epoll_start(struct item *it, const struct uk_abi_epoll_event *ev);

/* Want these events from now on; likewise. */
void epoll_change(struct item *it, const struct uk_abi_epoll_event *ev);

/*
 * No more; it is in no list afterwards and nobody else has it. Of the caller's
 * right to have it, @e->mutex or the last reference.
 */
void epoll_stop(struct item *it);

/* The next item whose file is gone, or NULL. */
struct item *epoll_next_gone(struct epoll *e);

/*
 * ctl.c: epoll_ctl(2). @op is ADD, MOD or DEL; the caller has a reference to
 * @file. And the end of an epoll.
 */
int epoll_control(struct epoll *e, int op, struct uk_file *file, int fd,
		  const struct uk_abi_epoll_event *ev);
void epoll_release(struct uk_file *file);
