/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/call.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/file.h>
#include <uk/sched_impl.h>
#include <uk/thread.h>
#include <uk/wait.h>

/*
 * uk_file_wait_turn() for kinds whose reads or writes are to be short: inline,
 * and with a question of the kind in the place of its events().
 *
 *	static bool may_read(struct uk_file *file, uint32_t mask)
 *
 *	rc = uk_file_wait_for(file, UK_FILE_IN, may_read);
 *
 * Context: thread.
 */

/* What @who of a file has beside the address of one who waits alone. */
#define UK_FILE_ALONE_	((uintptr_t)(UK_FILE_IN | UK_FILE_PRI | UK_FILE_OUT))

/* A thread that waits in a call: a watch that is @once. See watch.c. */
struct uk_file_waiter {
	struct uk_file_watch watch;	/* listed: the file's lock */
	struct uk_thread *thread;
	uint32_t hung;		/* somebody may wake it; atomic */
};

_Static_assert(UK_FILE_ALONE_ < _Alignof(struct uk_file_waiter),
	       "the bits of an address");

/* Where others wait too; and where @w is on the file still. */
void uk_file_hang_up_slow_(struct uk_file *file, struct uk_file_waiter *w);
void uk_file_take_off_slow_(struct uk_file *file, struct uk_file_waiter *w);

/* The caller, whose @w is, does not wait, and @w is taken off. Returns @rc. */
int uk_file_stay_(struct uk_file *file, struct uk_file_waiter *w, int rc);

/* Make @w that of @self, for @mask. */
static inline void uk_file_waiter_begin_(struct uk_file_waiter *w,
					 struct uk_thread *self,
					 uint32_t mask)
{
	/* One by one: no more of a watch is used. */
	w->watch.mask = mask;
	w->watch.once = true;
	w->watch.listed = false;
	w->thread = self;
	w->hung = 1;
}

/*
 * @w, for @mask, is @hung, and its caller counts as blocked: a wake may come,
 * and not come again.
 */
static inline void uk_file_hang_up_(struct uk_file *file,
				    struct uk_file_waiter *w, uint32_t mask)
{
	uintptr_t nobody = 0;

	if (UK_UNLIKELY(mask & ~UK_FILE_ALONE_) ||
	    UK_UNLIKELY(!__atomic_compare_exchange_n(
			&file->who, &nobody, (uintptr_t)w | mask,
			false, __ATOMIC_RELEASE, __ATOMIC_RELAXED)))
		uk_file_hang_up_slow_(file, w);
	/* As in uk_file_watch(). */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void uk_file_take_off_(struct uk_file *file,
				     struct uk_file_waiter *w)
{
	if (UK_UNLIKELY(__atomic_load_n(&w->hung, __ATOMIC_ACQUIRE)))
		uk_file_take_off_slow_(file, w);
}

/*
 * @mask is of IN, PRI and OUT. @ready(@file, @mask) says whether @file's
 * events() has something of @mask, ERR or HUP; meanwhile the caller counts as
 * blocked, so it must not block, nor touch a program's memory. Returns as
 * uk_file_wait_turn().
 */
UK_MUST_USE static UK_ALWAYS_INLINE
int uk_file_wait_for(struct uk_file *file, uint32_t mask,
		     bool (*ready)(struct uk_file *file, uint32_t mask))
{
	struct uk_thread *const self = uk_thread_self();
	struct uk_file_waiter w;

	if (UK_UNLIKELY(uk_file_is_nonblock(file)))
		return ready(file, mask) ? 0 : -EAGAIN;
	uk_might_block();
	mask &= (uint32_t)UK_FILE_ALONE_;
	uk_file_waiter_begin_(&w, self, mask);
	uk_thread_block_self(self);
	uk_file_hang_up_(file, &w, mask);
	if (UK_UNLIKELY(ready(file, mask)))
		return uk_file_stay_(file, &w, 0);
	if (UK_UNLIKELY(uk_call_interrupted()))
		return uk_file_stay_(file, &w, -UK_CALL_RESTART);
	uk_sched_wait_(self);
	uk_file_take_off_(file, &w);
	return 0;
}
