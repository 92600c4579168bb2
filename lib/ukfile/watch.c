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
 * A watch with a gone() outlives its file. Its owner cannot know whether the
 * file is there, so the ends of such files and the removals of such watches
 * take one lock for all, in front of the file's: with it, a watch that was not
 * told has a file whose release is yet to come. Files that nobody watches so do
 * not come near it, and a reference costs what it did.
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

#include "file_priv.h"

/* Told to everybody. */
#define ALWAYS	(UK_FILE_ERR | UK_FILE_HUP)

void uk_file_watch(struct uk_file *file, struct uk_file_watch *watch)
{
	const unsigned long irq = uk_spin_lock_irqsave(&file->lock);

	watch->file = file;
	if (watch->gone)
		file->outlived = true;
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

/* In front of files' locks. */
static struct uk_spinlock ends = UK_SPINLOCK_INIT;

void uk_file_unwatch_weak(struct uk_file_watch *watch)
{
	const unsigned long irq = uk_spin_lock_irqsave(&ends);

	if (watch->file)
		uk_file_unwatch(watch);
	uk_spin_unlock_irqrestore(&ends, irq);
}

void file_end_watches(struct uk_file *file)
{
	const unsigned long irq = uk_spin_lock_irqsave(&ends);

	/* Its kind may wake it up to its release. */
	uk_spin_lock(&file->lock);
	while (!uk_list_empty(&file->watches)) {
		struct uk_file_watch *const w = uk_list_entry(
			file->watches.next, struct uk_file_watch, node);

		UK_ASSERT(w->gone);
		uk_list_remove(&w->node);
		w->file = NULL;
		w->gone(w);
	}
	uk_spin_unlock(&file->lock);
	uk_spin_unlock_irqrestore(&ends, irq);
}

/* Call the watches; @file's lock is held. Returns an exclusive one, or NULL. */
static struct uk_file_watch *call(struct uk_file *file, uint32_t events)
{
	struct uk_file_watch *w, *taken = NULL;

	uk_list_for_each(w, &file->watches, node) {
		if (!(events & (w->mask | ALWAYS)) || (w->exclusive && taken))
			continue;
		if (w->fn(w, events) && w->exclusive && !(events & ALWAYS))
			taken = w;
	}
	return taken;
}

void uk_file_wake_(struct uk_file *file, uint32_t events)
{
	const unsigned long irq = uk_spin_lock_irqsave(&file->lock);
	struct uk_file_watch *const taken = call(file, events);

	if (taken) {
		/* The next one is another's. */
		uk_list_remove(&taken->node);
		uk_list_push_back(&file->watches, &taken->node);
	}
	uk_spin_unlock_irqrestore(&file->lock, irq);
}

struct waiter {
	struct uk_file_watch watch;
	struct uk_thread *thread;
};

static bool wake_waiter(struct uk_file_watch *watch, uint32_t events UK_UNUSED)
{
	uk_thread_wake(UK_CONTAINER_OF(watch, struct waiter, watch)->thread);
	return true;
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

/* 0 or why not. */
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
		uk_sched_wait();
		late = deadline_ns != UK_TIME_NEVER &&
		       uk_time_now() >= deadline_ns;
		/* Mostly this is what it was woken for. */
	} while (!try(file, arg));
	return 0;
}

int uk_file_block(struct uk_file *file, try_fn try, void *arg,
		  uint64_t deadline_ns)
{
	return block(file, try, arg, deadline_ns, uk_thread_current());
}

static int wait(struct uk_file *file, uint32_t mask, try_fn try, void *arg,
		uint64_t deadline_ns)
{
	struct waiter w = {
		.watch = { .mask = mask, .fn = wake_waiter },
		.thread = uk_thread_current(),
	};
	int rc;

	uk_might_block();
	uk_file_watch(file, &w.watch);
	rc = block(file, try, arg, deadline_ns, w.thread);
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

/*
 * One wait for all that a kind's read or write costs: nothing is asked but
 * what has to be, once the watch hangs and the thread counts as blocked. What
 * it was woken for the kind finds by its next try.
 */
int uk_file_wait_turn(struct uk_file *file, uint32_t mask)
{
	struct waiter w = {
		.watch = { .mask = mask, .fn = wake_waiter },
		.thread = uk_thread_current(),
	};
	int rc;

	if (uk_file_is_nonblock(file))
		return has_events(file, &mask) ? 0 : -EAGAIN;
	uk_might_block();
	uk_file_watch(file, &w.watch);
	uk_thread_block(w.thread);
	rc = why_not(file, has_events, &mask, false);
	if (rc > 0)
		uk_sched_wait();
	else
		uk_thread_wake(w.thread);
	uk_file_unwatch(&w.watch);
	return rc == -EINTR ? -UK_CALL_RESTART : 0;
}

int uk_file_try(struct uk_file *file, uint32_t mask, try_fn try, void *arg)
{
	int rc;

	if (try(file, arg))
		return 0;
	if (uk_file_is_nonblock(file))
		return -EAGAIN;
	rc = wait(file, mask, try, arg, UK_TIME_NEVER);
	/* Nothing has been done that could not be begun again. */
	return rc == -EINTR ? -UK_CALL_RESTART : rc;
}
