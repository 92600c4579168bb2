/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/semaphore.h>

/*
 * The caller has taken one that is not there: enter the queue, unless the
 * caller is owed one. Returns whether it has to wait.
 */
bool lock_sem_enter(struct uk_semaphore *s, struct uk_waiter *w);
