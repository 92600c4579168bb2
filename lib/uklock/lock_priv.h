/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/assert.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/mutex.h>
#include <uk/wait.h>

/*
 * The steps of taking a mutex, for the two that wait for it: with and without
 * a time-out.
 */

/* Is it the caller's without blocking? */
bool lock_mutex_quick(struct uk_mutex *m);

/* Take it, or enter the queue; returns whether it was taken. */
bool lock_mutex_enter(struct uk_mutex *m, struct uk_waiter *w);

/* @w was woken: has it been given the mutex? Else enter again. */
bool lock_mutex_woken(struct uk_mutex *m, struct uk_waiter *w);

/* @w, the caller's waiter, has left the queue by itself. */
void lock_mutex_left(struct uk_mutex *m, struct uk_waiter *w);

/*
 * Finding deadlocks and long holders (debug.c). Called before the caller may
 * block for @m for ever, when it does not wait any more, when it is the
 * caller's, and before it is not.
 */
#if UK_IS_ENABLED(CONFIG_LIBUKLOCK_DEBUG)
void lock_debug_wait(struct uk_mutex *m);
void lock_debug_waited(void);
void lock_debug_locked(struct uk_mutex *m);
void lock_debug_unlock(struct uk_mutex *m);

/* Are that many ticks, @hz of which are a second, more than the limit? */
bool lock_debug_too_long(uint64_t ticks, uint64_t hz, unsigned int limit_ms);
#else
static inline void lock_debug_wait(struct uk_mutex *m)
{
	(void)m;
}

static inline void lock_debug_waited(void)
{
}

static inline void lock_debug_locked(struct uk_mutex *m)
{
	(void)m;
}

static inline void lock_debug_unlock(struct uk_mutex *m)
{
	(void)m;
}
#endif
