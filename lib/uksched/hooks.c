/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What libraries do for every thread: the entries of UK_THREAD_INIT(), which
 * the linker has put in the order of their priorities.
 *
 * A thread's flags do not change meanwhile, so the same entries that were
 * begun are undone.
 */
#include <uk/thread.h>

#include "sched_priv.h"

/* By the platform's linker script. */
extern const struct uk_thread_inittab_entry uk_thread_init_start[],
	uk_thread_init_end[];

static bool concerns(const struct uk_thread_inittab_entry *e,
		     const struct uk_thread *t)
{
	return (t->flags & e->flags) == e->flags;
}

static void undo(struct uk_thread *t, const struct uk_thread_inittab_entry *e)
{
	while (e-- > uk_thread_init_start)
		if (e->term && concerns(e, t))
			e->term(t);
}

int sched_hooks_init(struct uk_thread *t)
{
	const struct uk_thread_inittab_entry *e = uk_thread_init_start;

	for (; e < uk_thread_init_end; e++) {
		int rc = 0;

		if (e->init && concerns(e, t))
			rc = e->init(t, uk_thread_current());
		if (rc < 0) {
			undo(t, e);
			return rc;
		}
	}
	return 0;
}

void sched_hooks_term(struct uk_thread *t)
{
	undo(t, uk_thread_init_end);
}
