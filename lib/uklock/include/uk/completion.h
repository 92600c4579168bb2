/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/wait.h>

/*
 * Something that happens once: whoever waits goes on when it has happened, and
 * never waits afterwards. It may be on the stack of the one that waits: who
 * says that it is done does not touch it any more when the waiter goes on.
 *
 * Context: waiting: thread; else any but NMI.
 */
struct uk_completion {
	bool done;		/* written under wq.lock */
	struct uk_waitq wq;
};

#define UK_COMPLETION_INITIALIZER(c)  { .wq = UK_WAITQ_INIT((c).wq) }

/* Also to use it again, when nobody waits. */
static inline void uk_completion_init(struct uk_completion *c)
{
	c->done = false;
	uk_waitq_init(&c->wq);
}

/* It has happened; may be said again. */
void uk_completion_done(struct uk_completion *c);

/* Wait until it has happened. */
void uk_completion_wait(struct uk_completion *c);

/*
 * The same until uk_time_now() is @deadline_ns (0 or UK_TIME_NEVER: for ever).
 * Needs lib/uktime in the image. Returns 0, or
 *   -ETIMEDOUT  it has not happened so long
 */
UK_MUST_USE int uk_completion_wait_until(struct uk_completion *c,
					 uint64_t deadline_ns);

/* Has it happened? Then what was written before is seen. */
bool uk_completion_is_done(struct uk_completion *c);
