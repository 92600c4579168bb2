/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mailboxes: an array that is filled and emptied in a circle, and two
 * semaphores, of slots that are free and of slots that are not. Who has
 * counted a slot off one of them will find one; which one is decided under the
 * lock, so messages are in the order in which their senders held it.
 */
#include "mbox_priv.h"

#include <limits.h>

#include <uk/alloc.h>
#include <uk/errno.h>

struct uk_mbox *uk_mbox_create(struct uk_alloc *a, size_t size)
{
	struct uk_mbox *m;
	size_t len;

	if (size == 0 || size > LONG_MAX ||
	    __builtin_mul_overflow(size, sizeof(m->slots[0]), &len) ||
	    __builtin_add_overflow(len, sizeof(*m), &len))
		return NULL;
	m = uk_malloc(a, len);
	if (!m)
		return NULL;

	m->size = size;
	m->first = 0;
	m->last = 0;
	uk_spin_init(&m->lock);
	uk_semaphore_init(&m->room, (long)size);
	uk_semaphore_init(&m->filled, 0);
	return m;
}

void uk_mbox_free(struct uk_alloc *a, struct uk_mbox *m)
{
	uk_free(a, m);
}

static size_t after(const struct uk_mbox *m, size_t i)
{
	return i + 1 == m->size ? 0 : i + 1;
}

void mpi_mbox_put(struct uk_mbox *m, void *msg)
{
	const unsigned long irq = uk_spin_lock_irqsave(&m->lock);

	m->slots[m->last] = msg;
	m->last = after(m, m->last);
	uk_spin_unlock_irqrestore(&m->lock, irq);
	uk_semaphore_up(&m->filled);
}

void mpi_mbox_take(struct uk_mbox *m, void **msg)
{
	const unsigned long irq = uk_spin_lock_irqsave(&m->lock);

	if (msg)
		*msg = m->slots[m->first];
	m->first = after(m, m->first);
	uk_spin_unlock_irqrestore(&m->lock, irq);
	uk_semaphore_up(&m->room);
}

void uk_mbox_post(struct uk_mbox *m, void *msg)
{
	uk_semaphore_down(&m->room);
	mpi_mbox_put(m, msg);
}

int uk_mbox_post_try(struct uk_mbox *m, void *msg)
{
	if (!uk_semaphore_down_try(&m->room))
		return -ENOBUFS;
	mpi_mbox_put(m, msg);
	return 0;
}

void uk_mbox_recv(struct uk_mbox *m, void **msg)
{
	uk_semaphore_down(&m->filled);
	mpi_mbox_take(m, msg);
}

int uk_mbox_recv_try(struct uk_mbox *m, void **msg)
{
	if (!uk_semaphore_down_try(&m->filled)) {
		if (msg)
			*msg = NULL;
		return -ENOMSG;
	}
	mpi_mbox_take(m, msg);
	return 0;
}
