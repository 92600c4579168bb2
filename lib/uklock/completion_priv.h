/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/completion.h>

/* Enter @c's queue, if it has not happened; returns whether it has not. */
bool lock_completion_enter(struct uk_completion *c, struct uk_waiter *w);
