/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Items that may be ready.
 *
 * A file that wakes puts its item at the end of the ready list, from whose
 * front wait.c takes items to ask their files. So what waiting costs goes by
 * what is ready, not by how many items there are. An item that is not ready
 * after all leaves the list.
 *
 * Files are asked with the lock held: an item in the list has a file, as the
 * end of a file takes the item out before, with the lock; and no wake comes in
 * between asking and deciding. An epoll's lock comes after the locks of files
 * that it waits for, so it wakes without its own: threads, and those who wait
 * for it as for any file. Asking one that is nested takes the inner one's lock
 * inside the outer one's.
 */
#include "epoll_priv.h"

/* Always told. */
#define ALWAYS	(UK_FILE_ERR | UK_FILE_HUP)

/* Without e->lock: something was queued. */
static inline void wake(struct epoll *e)
{
	/*
	 * Who waits entered the queue, then looked with the lock held; so it
	 * is seen here, or has seen the item.
	 */
	if (!uk_waitq_empty(&e->wq))
		uk_waitq_wake_up_one(&e->wq);
	uk_file_wake(&e->file, UK_FILE_IN);
}

static bool on_wake(struct uk_file_watch *watch, uint32_t events)
{
	struct item *const it = UK_CONTAINER_OF(watch, struct item, watch);
	struct epoll *const e = it->e;
	bool wanted, heard = false;

	uk_spin_lock(&e->lock);
	wanted = uk_file_poll_bits(events) & it->events & ~EPOLL_HOW;
	if (wanted) {
		epoll_queue(e, it);
		heard = !uk_waitq_empty(&e->wq);
	}
	uk_spin_unlock(&e->lock);
	if (wanted)
		wake(e);
	return heard;
}

static void on_gone(struct uk_file_watch *watch)
{
	struct item *const it = UK_CONTAINER_OF(watch, struct item, watch);

	uk_spin_lock(&it->e->lock);
	uk_list_remove(&it->ready);
	uk_list_push_back(&it->e->gone, &it->ready);
	uk_spin_unlock(&it->e->lock);
}

static uint32_t on_events(struct uk_file *file)
{
	struct epoll *const e = epoll_of(file);
	const unsigned long irq = uk_spin_lock_irqsave(&e->lock);
	bool ready = false;

	while (!ready && !uk_list_empty(&e->ready)) {
		struct item *const it = uk_list_entry(e->ready.next,
						      struct item, ready);

		ready = epoll_ask(it);
		if (!ready)
			uk_list_remove(&it->ready);
	}
	uk_spin_unlock_irqrestore(&e->lock, irq);
	return ready ? UK_FILE_IN : 0;
}

const struct uk_file_ops epoll_ops = {
	.kind = "eventpoll", .events = on_events, .release = epoll_release,
};

void epoll_init(struct epoll *e)
{
	uk_file_init(&e->file, &epoll_ops, true, true);
	uk_mutex_init(&e->mutex);
	items_init(&e->items);
	uk_spin_init(&e->lock);
	uk_list_init(&e->ready);
	uk_list_init(&e->gone);
	e->pass = 0;
	uk_waitq_init(&e->wq);
	nest_init(e);
}

void epoll_change(struct item *it, const struct uk_abi_epoll_event *ev)
{
	struct epoll *const e = it->e;
	const unsigned long irq = uk_spin_lock_irqsave(&e->lock);
	bool ready;

	it->events = ev->events | ALWAYS;
	it->told.data = ev->data;
	/* A wake before this one was for what it wanted before. */
	ready = epoll_ask(it);
	if (ready)
		epoll_queue(e, it);
	uk_spin_unlock_irqrestore(&e->lock, irq);
	if (ready)
		wake(e);
}

void epoll_start(struct item *it, const struct uk_abi_epoll_event *ev)
{
	/* What it wants may change: it is called for all, and looks. */
	it->watch.mask = ~0u;
	it->watch.exclusive = ev->events & UK_ABI_EPOLLEXCLUSIVE;
	it->watch.fn = on_wake;
	it->watch.gone = on_gone;
	uk_file_watch(it->file, &it->watch);
	epoll_change(it, ev);
}

void epoll_stop(struct item *it)
{
	unsigned long irq;

	uk_file_unwatch_weak(&it->watch);
	irq = uk_spin_lock_irqsave(&it->e->lock);
	uk_list_remove(&it->ready);
	uk_spin_unlock_irqrestore(&it->e->lock, irq);
}

struct item *epoll_next_gone(struct epoll *e)
{
	const unsigned long irq = uk_spin_lock_irqsave(&e->lock);
	struct item *it = NULL;

	if (!uk_list_empty(&e->gone)) {
		it = uk_list_entry(e->gone.next, struct item, ready);
		uk_list_remove(&it->ready);
	}
	uk_spin_unlock_irqrestore(&e->lock, irq);
	return it;
}
