/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/event.h>

/*
 * A CPU has nothing to do: whoever has work that can wait does a piece of it.
 *
 * The scheduler raises this again and again on a CPU without a thread to run,
 * until nobody has more to do; then the CPU sleeps. A handler that did
 * something returns UK_EVENT_HANDLED, one that has nothing to do
 * UK_EVENT_NOT_HANDLED. A thread that becomes ready waits for a piece to end
 * where threads are not preempted, so it is a page's worth of work, no more.
 * In an image without a scheduler nobody raises it.
 *
 * The data is NULL. Context: the idle thread of the CPU, interrupts on; it does
 * not block.
 */
UK_EVENT_DECLARE(uk_idle);
