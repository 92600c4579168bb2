/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/abi/signal.h>
#include <uk/compiler.h>
#include <uk/event.h>

/*
 * A signal whose sender keeps what is known about it: sending it takes no
 * memory, so an interrupt can, and it is never lost. A timer's is one. It waits
 * once at a time, also beside others of its number, and does not count for
 * RLIMIT_SIGPENDING.
 */
struct uk_signal_entry {
	/*
	 * Whoever has taken it is about to get @info, which may be changed, and
	 * the entry does not wait any more: it may be sent, or be gone, by now.
	 * Not called for one that was dropped. NULL: an entry of the library's
	 * own. Context: thread, no lock held.
	 */
	void (*taken)(struct uk_abi_siginfo *info);
	struct uk_abi_siginfo info;	/* constant while it waits */

	/* Private, under the library's lock. */
	struct uk_signal_entry *next;
	struct sig_set *set;		/* in which it waits; NULL: in none */
};

/*
 * Send @e to the thread @tid, 0: to any of the program; if it waits already
 * nothing happens. Returns 0, or
 *   -ECANCELED  it is ignored, and dropped
 *   -ESRCH      there is no such thread
 * Context: any but NMI.
 */
int uk_signal_entry_send(struct uk_signal_entry *e, int tid);

/* Afterwards @e does not wait. Context: any but NMI. */
void uk_signal_entry_cancel(struct uk_signal_entry *e);

/*
 * Raised with an int *, a signal that was ignored and is not from now on: what
 * was dropped may be sent. Context: thread.
 */
UK_EVENT_DECLARE(uk_signal_heard);
