/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who wants to know what becomes of a file, and the thread that does.
 *
 * A watch is told, it does not ask: its function is called with the file's lock
 * held, so it takes a note and wakes somebody. What is possible is asked
 * afterwards of the kind, by its own lock; so no lock of a kind is ever taken
 * inside this one, and a kind may wake with or without its own.
 *
 * Nothing is missed: a watch is hung before the question, a kind changes before
 * it wakes; whichever lock comes first, one of both sees the other.
 *
 * A mask of events kept in the file was refused: the kind knows, and a second
 * copy that is set and cleared goes wrong where two threads do so at once.
 */
#include <uk/file.h>

#include <uk/assert.h>
#include <uk/call.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/sched.h>
#include <uk/thread.h>
#include <uk/time.h>
#include <uk/wait.h>

/* Told to everybody. */
#define ALWAYS	(UK_FILE_ERR | UK_FILE_HUP)

void uk_file_watch(struct uk_file *file, struct uk_file_watch *watch)
{
	const unsigned long irq = uk_spin_lock_irqsave(&file->lock);

	watch->file = file;
	uk_list_push_back(&file->watches, &watch->node);
	uk_spin_unlock_irqrestore(&file->lock, irq);
	/* Pairs with the fence of uk_file_wake(). */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void uk_file_unwatch(struct uk_file_watch *watch)
{
	struct uk_file *const file = watch->file;
	const unsigned long irq = uk_spin_lock_irqsave(&file->lock);

	uk_list_remove(&watch->node);
	uk_spin_unlock_irqrestore(&file->lock, irq);
}

void uk_file_wake_(struct uk_file *file, uint32_t events)
{
	const unsigned long irq = uk_spin_lock_irqsave(&file->lock);
	struct uk_file_watch *w;

	uk_list_for_each(w, &file->watches, node) {
		if (events & (w->mask | ALWAYS))
			w->fn(w, events);
	}
	uk_spin_unlock_irqrestore(&file->lock, irq);
}

struct waiter {
	struct uk_file_watch watch;
	struct uk_thread *thread;
};

static void wake_waiter(struct uk_file_watch *watch, uint32_t events UK_UNUSED)
{
	uk_thread_wake(UK_CONTAINER_OF(watch, struct waiter, watch)->thread);
}

/* What a waiter waits for. */
typedef bool (*try_fn)(struct uk_file *file, void *arg);

/* Counts as blocked: why it does not wait, or 1: it does. */
static int why_not(struct uk_file *file, try_fn try, void *arg, bool late)
{
	if (try(file, arg))
		return 0;
	if (uk_call_interrupted())
		return -EINTR;
	return late ? -ETIMEDOUT : 1;
}

/* With the watch hung: 0 or why not. */
static int block(struct uk_file *file, try_fn try, void *arg,
		 uint64_t deadline_ns, struct uk_thread *self)
{
	bool late = false;

	do {
		int rc;

		uk_thread_block_until(self, deadline_ns);
		rc = why_not(file, try, arg, late);
		if (rc <= 0) {
			/* It does not wait any more, whoever woke it. */
			uk_thread_wake(self);
			return rc;
		}
		uk_sched_yield();
		late = deadline_ns != UK_TIME_NEVER &&
		       uk_time_now() >= deadline_ns;
		/* Mostly this is what it was woken for. */
	} while (!try(file, arg));
	return 0;
}

static int wait(struct uk_file *file, uint32_t mask, try_fn try, void *arg,
		uint64_t deadline_ns)
{
	struct uk_thread *const self = uk_thread_current();
	struct waiter w = {
		.watch = { .mask = mask, .fn = wake_waiter },
		.thread = self,
	};
	int rc;

	uk_might_block();
	uk_file_watch(file, &w.watch);
	rc = block(file, try, arg, deadline_ns, self);
	uk_file_unwatch(&w.watch);
	return rc;
}

static bool has_events(struct uk_file *file, void *arg)
{
	return uk_file_events(file) & (*(uint32_t *)arg | ALWAYS);
}

int uk_file_wait(struct uk_file *file, uint32_t mask, uint64_t deadline_ns)
{
	if (has_events(file, &mask))
		return 0;
	return wait(file, mask, has_events, &mask, deadline_ns);
}

int uk_file_wait_turn(struct uk_file *file, uint32_t mask)
{
	return uk_file_try(file, mask, has_events, &mask);
}

int uk_file_try(struct uk_file *file, uint32_t mask, try_fn try, void *arg)
{
	if (try(file, arg))
		return 0;
	if (uk_file_is_nonblock(file))
		return -EAGAIN;
	return wait(file, mask, try, arg, UK_TIME_NEVER);
}
