/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/file.h>
#include <uk/thread.h>

/*
 * Threads, files and failures for cases. Context: thread, in a case.
 */

/* Run @fn(@arg) in a thread, to be joined. */
struct uk_thread *uk_test_spawn(uk_thread_fn1_t fn, void *arg);

/* Wait until @t, which is about to, waits, or has ended. */
void uk_test_until_it_waits(const struct uk_thread *t);

/* What can be done now with @fd, which is open: UK_FILE_…. */
uint32_t uk_test_events(int fd);

/* Have @t come out of the call that it waits in, as a signal would. */
void uk_test_interrupt(struct uk_thread *t);

/*
 * Of the requests to the default heap for new blocks the @nth from now on
 * fails; 0: none. Nobody but the case asks for memory meanwhile.
 */
void uk_test_fail_nth(unsigned int nth);

/* A file whose events are what the case says, and that counts its ends. */
struct uk_test_file {
	struct uk_file file;
	uint32_t events;	/* atomic */
	uint32_t nreleases;	/* atomic */
};

/*
 * Make @f a file with no events, or one of a kind that does not tell them.
 * Returns its number, at least 3, which has the reference.
 */
int uk_test_file_open(struct uk_test_file *f);
int uk_test_file_open_always(struct uk_test_file *f);

/* @f's events are @events from now on, and it wakes for them. */
void uk_test_file_wake(struct uk_test_file *f, uint32_t events);
