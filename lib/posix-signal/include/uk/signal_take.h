/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/abi/signal.h>
#include <uk/event.h>

/*
 * Signals that are taken as results, by who has other ways than a system call
 * of its own: a file.
 */

/*
 * Those that wait for the calling thread, or for the process if it is the
 * program's: a bit each. Context: thread, or an interrupt on top of one.
 */
uint64_t uk_signal_waiting(void);

/*
 * Take the next one of @set, as uk_signal_waiting() has them, whether it is
 * blocked or not. Returns its number, with @info filled, or 0: there is none.
 * Context: thread; it does not block.
 */
int uk_signal_take(uint64_t set, struct uk_abi_siginfo *info);

/*
 * Raised with an int *, the number of a signal that waits from now on, for the
 * process or any thread; it may be gone again. Context: any but NMI, with no
 * lock of the library.
 */
UK_EVENT_DECLARE(uk_signal_waits);
