/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>

#include <uk/compiler.h>

struct uk_thread;

/*
 * What a libc keeps of each thread beside its thread-local variables: the
 * thread control block (TCB). Where it lies is said in <uk/arch/tls.h>. The
 * libc's glue registers how to fill it; a libc without one need not.
 */
struct uk_tls_ops {
	size_t size;		/* bytes of a TCB; x86_64: the first word is
				 * not the libc's */
	size_t align;		/* at most 16 */

	/*
	 * Fill the zeroed @tcb of @t, whose variables are initialised. Called
	 * by the creating thread, and in stage SCHED for "main", which is the
	 * first one. Returns 0 or a negative errno, and then there is no
	 * thread. Only for threads with thread-local storage made here, not
	 * for a container that brings its own.
	 */
	int (*init)(struct uk_thread *t, void *tcb);

	/* Undo it, before the area is freed. Runs in any thread. */
	void (*fini)(struct uk_thread *t, void *tcb);
};

/*
 * Use @ops, which lives for ever, for all threads with thread-local storage.
 * Returns 0, or
 *   -EINVAL  ops->align is above 16
 *   -EBUSY   somebody has registered before
 * Context: boot, before stage SCHED.
 */
UK_MUST_USE int uk_tls_ops_register(const struct uk_tls_ops *ops);
