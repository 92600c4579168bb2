/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/compiler.h>
#include <uk/mutex.h>
#include <uk/wait.h>

struct uk_thread;

/*
 * Mutexes on behalf of others: for those who make locks of which the owner
 * need not know that it has a mutex, and whose waiters lend it their priority
 * nevertheless.
 *
 * Such a mutex is made by uk_mutex_init() and has these calls only, one at a
 * time: the caller has a lock of its own around them. It has an owner from the
 * first one on, and is handed over; nobody comes by in between. It is
 * memory again when nobody waits. Whoever owns it or waits is alive, and a
 * thread waits for one mutex at a time.
 *
 * The thread that waits blocks by itself, with uk_thread_block(): it is not
 * woken here.
 *
 * Context: any but NMI, with interrupts off.
 */

/* @m is @t's from now on, whoever had it; those that wait for it still do. */
void uk_mutex_take_for(struct uk_mutex *m, struct uk_thread *t);

/* @t, which is not the owner, waits for @m with @w. */
void uk_mutex_wait_for(struct uk_mutex *m, struct uk_waiter *w,
		       struct uk_thread *t);

/* @w, which waits for @m, does not any more. */
void uk_mutex_give_up_for(struct uk_mutex *m, struct uk_waiter *w);

/*
 * Give @m, which somebody waits for, to the most urgent one. Returns its
 * waiter, which waits no more.
 */
UK_MUST_USE struct uk_waiter *uk_mutex_hand_over(struct uk_mutex *m);

/* Does anybody wait for @m? */
static inline bool uk_mutex_is_wanted(const struct uk_mutex *m)
{
	return !uk_waitq_empty(&m->wq);
}
