/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

struct uk_alloc;
struct uk_mbox;

/*
 * Mailboxes: a bounded queue of pointers between threads, first in, first out.
 * A message is a pointer of any value, NULL too, and the mailbox knows nothing
 * of what it points to. What was written before a message was posted is seen
 * by who received it.
 *
 * Context: thread; the _try functions: any but NMI.
 */

/* An empty mailbox for @size messages, at least 1. NULL: no memory. */
UK_MUST_USE struct uk_mbox *uk_mbox_create(struct uk_alloc *a, size_t size);

/* Free @m, which came from @a and nobody uses; its messages are dropped. */
void uk_mbox_free(struct uk_alloc *a, struct uk_mbox *m);

/* Put @msg behind the others; wait for room. */
void uk_mbox_post(struct uk_mbox *m, void *msg);

/*
 * The same if there is room. Returns 0, or
 *   -ENOBUFS  the mailbox is full
 */
UK_MUST_USE int uk_mbox_post_try(struct uk_mbox *m, void *msg);

/*
 * The same within @timeout_ns. Needs lib/uktime in the image. Returns the
 * nanoseconds it took, or UINT64_MAX: the mailbox was full so long.
 */
uint64_t uk_mbox_post_to(struct uk_mbox *m, void *msg, uint64_t timeout_ns);

/* Take the first message into *@msg, if @msg is not NULL; wait for one. */
void uk_mbox_recv(struct uk_mbox *m, void **msg);

/*
 * The same if there is one. Returns 0, or
 *   -ENOMSG  the mailbox is empty; *@msg is NULL
 */
UK_MUST_USE int uk_mbox_recv_try(struct uk_mbox *m, void **msg);

/*
 * The same within @timeout_ns. Needs lib/uktime in the image. Returns the
 * nanoseconds it took, or UINT64_MAX: the mailbox was empty so long, and *@msg
 * is NULL.
 */
uint64_t uk_mbox_recv_to(struct uk_mbox *m, void **msg, uint64_t timeout_ns);

/* What interrupt handlers of ports call. */
UK_MUST_USE static inline int uk_mbox_post_try_isr(struct uk_mbox *m,
						   void *msg)
{
	return uk_mbox_post_try(m, msg);
}

UK_MUST_USE static inline int uk_mbox_recv_try_isr(struct uk_mbox *m,
						   void **msg)
{
	return uk_mbox_recv_try(m, msg);
}
