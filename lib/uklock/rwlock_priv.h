/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/rwlock.h>

/*
 * Take @l, or enter its queue. @how is UK_RWLOCK_READER or UK_RWLOCK_WRITER.
 * Returns whether it was taken.
 */
bool lock_rw_enter(struct uk_rwlock *l, struct uk_waiter *w, uint32_t how);

/* Somebody left the queue, or the lock: others may have it now. */
void lock_rw_waiter_left(struct uk_rwlock *l);
