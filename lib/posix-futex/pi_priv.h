/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/list.h>
#include <uk/mutex_behalf.h>
#include <uk/wait.h>

#include "futex_priv.h"

/*
 * What pi.c and requeue_pi.c share. All is under one lock, which comes after a
 * bucket's and before those of lib/posix-process and lib/uklock.
 */

/* A lock that somebody waits for: a word of the program, and its mutex. */
struct futex_pi {
	struct futex_pi *next;		/* of those whose hash is the same */
	uint32_t *addr;
	struct uk_mutex m;
	struct uk_task *owner;
	struct futex_pi *next_held;	/* of owner's */
	struct uk_list waiters;
};

/* On the stack of who waits, for a lock or to be moved to one. */
struct futex_pi_waiter {
	struct futex_waiter w;		/* first; addr: NULL when it is over */
	struct uk_task *task;
	struct futex_pi *pi;		/* NULL: it waits for none */
	uint32_t *to;			/* where it wants to be moved */
	int rc;				/* when it is over */
	struct uk_waiter mw;
	struct uk_list node;		/* of pi's waiters */
};

void futex_pi_waiter_init(struct futex_pi_waiter *pw, const uint32_t *addr,
			  struct futex_end end);

unsigned long futex_pi_hold(void);
void futex_pi_release(unsigned long irq);

/*
 * @pw's task takes the lock at @addr (0), or waits for it (1); or as
 * futex_pi_lock(). Nothing is paged in or allocated: -EFAULT and -ENOMEM may be
 * due to that. *@room: NULL, or what may become a struct futex_pi; NULL
 * afterwards if it has. The lock is held.
 */
UK_MUST_USE
int futex_pi_enter(struct futex_pi_waiter *pw, uint32_t *addr,
		   struct futex_pi **room, bool try);

/*
 * Without the lock: get what the word at @addr or *@room lacked that @rc came
 * out. False: that is not it, or it is not to be had.
 */
bool futex_pi_provide(int rc, uint32_t *addr, struct futex_pi **room);

/* Without the lock: @room is not needed. */
void futex_pi_dispose(struct futex_pi *room);

/* futex_block(), for this kind. */
UK_MUST_USE int futex_pi_block(const struct futex_pi_waiter *pw);

/*
 * @pw, the caller's, waits no more, for the reason @rc if it has not got what
 * it wants. Returns @rc, or how its wait has ended. What nobody waits for any
 * more comes to *@room, which is NULL. The lock is held.
 */
UK_MUST_USE
int futex_pi_leave(struct futex_pi_waiter *pw, int rc, struct futex_pi **room);

/* @pw has ended its wait with @rc, or is to: tell its thread. Likewise. */
void futex_pi_end(struct futex_pi_waiter *pw, int rc);

/* The call is made again, whatever handler runs first. */
UK_MUST_USE long futex_pi_again(void);
