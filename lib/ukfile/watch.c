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
 * Mostly it is one thread in a call that waits, and nobody else. Then @who of
 * the file is where it waits and for what, and there is no lock: who wakes it
 * takes it from there, as one. With more than that @who is LISTED until the
 * list is empty again. Either way a thread that waits in a call is off the file
 * once it has been woken, and hangs itself up again to wait on; and who woke it
 * clears @hung last of all, so that it knows when nobody has it any more.
 *
 * A mask of events kept in the file was refused: the kind knows, and a second
 * copy that is set and cleared goes wrong where two threads do so at once.
 */
#include <uk/file.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/call.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/file_wait.h>
#include <uk/preempt.h>
#include <uk/sched.h>
#include <uk/sched_impl.h>
#include <uk/thread.h>
#include <uk/time.h>
#include <uk/wait.h>

#include "file_priv.h"

/* Told to everybody. */
#define ALWAYS	(UK_FILE_ERR | UK_FILE_HUP)

/* In @who in the place of who waits alone. */
#define LISTED	(UK_FILE_ALONE_ + 1)

static struct uk_file_waiter *waiter_in(uintptr_t who)
{
	return (struct uk_file_waiter *)(who & ~UK_FILE_ALONE_);
}

/* With @file's lock. */
static void add(struct uk_file *file, struct uk_file_watch *watch)
{
	uintptr_t who = __atomic_load_n(&file->who, __ATOMIC_RELAXED);

	/* Who waits alone does not any more; acquire: its place is written. */
	while (who != LISTED &&
	       !__atomic_compare_exchange_n(&file->who, &who, LISTED, true,
					    __ATOMIC_ACQ_REL,
					    __ATOMIC_RELAXED))
		;
	if (who != LISTED && who) {
		waiter_in(who)->watch.listed = true;
		uk_list_push_back(&file->watches, &waiter_in(who)->watch.node);
	}
	uk_list_push_back(&file->watches, &watch->node);
}

/* Likewise. */
static void take_out(struct uk_file *file, struct uk_file_watch *watch)
{
	uk_list_remove(&watch->node);
	if (uk_list_empty(&file->watches))
		__atomic_store_n(&file->who, 0, __ATOMIC_RELAXED);
}

void uk_file_watch(struct uk_file *file, struct uk_file_watch *watch)
{
	const unsigned long irq = uk_spin_lock_irqsave(&file->lock);

	watch->file = file;
	if (watch->gone)
		file->outlived = true;
	add(file, watch);
	uk_spin_unlock_irqrestore(&file->lock, irq);
	/* Pairs with the fence of uk_file_wake(). */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void uk_file_unwatch(struct uk_file_watch *watch)
{
	struct uk_file *const file = watch->file;
	const unsigned long irq = uk_spin_lock_irqsave(&file->lock);

	take_out(file, watch);
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
		take_out(file, w);
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

/* Those that are not taken off by a wake; @file's lock is held. */
static void call_in_turn(struct uk_file *file, uint32_t events)
{
	struct uk_file_watch *const taken = call(file, events);

	if (!taken)
		return;
	/* The next one is another's. */
	uk_list_remove(&taken->node);
	uk_list_push_back(&file->watches, &taken->node);
}

/* @w has been taken off. Interrupts are off: the caller keeps its CPU. */
static inline void end_wait(struct uk_file_waiter *w)
{
	uk_thread_wake_irqoff_(w->thread);
	/* Release, with the acquire of uk_file_take_off_(): all is done. */
	__atomic_store_n(&w->hung, 0, __ATOMIC_RELEASE);
}

UK_NOINLINE
static void wake_listed(struct uk_file *file, uint32_t events)
{
	const unsigned long irq = uk_spin_lock_irqsave(&file->lock);
	struct uk_list *at = file->watches.next;
	bool others = false;

	while (at != &file->watches) {
		struct uk_file_watch *const watch = uk_list_entry(
			at, struct uk_file_watch, node);
		struct uk_file_waiter *const w = UK_CONTAINER_OF(
			watch, struct uk_file_waiter, watch);

		at = at->next;
		if (!(events & (watch->mask | ALWAYS)))
			continue;
		if (!watch->once) {
			others = true;
			continue;
		}
		take_out(file, watch);
		watch->listed = false;
		end_wait(w);
	}
	if (others)
		call_in_turn(file, events);
	uk_spin_unlock_irqrestore(&file->lock, irq);
}

void uk_file_wake_(struct uk_file *file, uint32_t events, uintptr_t who)
{
	while (UK_LIKELY(who != LISTED)) {
		unsigned long irq;

		/* Of other events the address may say too much: once. */
		if (!(events & ((uint32_t)who | ALWAYS)))
			return;
		/* It may have to wait for the end of this. */
		irq = ukarch_irq_save();
		/* Acquire: with the release of uk_file_hang_up_(). */
		if (UK_LIKELY(__atomic_compare_exchange_n(
				&file->who, &who, 0, false, __ATOMIC_ACQ_REL,
				__ATOMIC_RELAXED))) {
			end_wait(waiter_in(who));
			ukarch_irq_restore(irq);
			uk_preempt_point();
			return;
		}
		ukarch_irq_restore(irq);
		if (!who)
			return;
	}
	wake_listed(file, events);
}

void uk_file_hang_up_slow_(struct uk_file *file, struct uk_file_waiter *w)
{
	const unsigned long irq = uk_spin_lock_irqsave(&file->lock);

	w->watch.listed = true;
	add(file, &w->watch);
	uk_spin_unlock_irqrestore(&file->lock, irq);
}

void uk_file_take_off_slow_(struct uk_file *file, struct uk_file_waiter *w)
{
	uintptr_t alone = (uintptr_t)w | w->watch.mask;
	unsigned long irq;

	if (__atomic_compare_exchange_n(&file->who, &alone, 0, false,
					__ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return;
	irq = uk_spin_lock_irqsave(&file->lock);
	if (w->watch.listed) {
		take_out(file, &w->watch);
		w->watch.listed = false;
		w->hung = 0;
	}
	uk_spin_unlock_irqrestore(&file->lock, irq);
	/* Another CPU has it, and is about to be done with it. */
	while (__atomic_load_n(&w->hung, __ATOMIC_ACQUIRE))
		ukarch_spin_wait();
}

int uk_file_stay_(struct uk_file *file, struct uk_file_waiter *w, int rc)
{
	/* Whoever has woken it. */
	uk_thread_wake(w->thread);
	uk_file_take_off_(file, w);
	return rc;
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

/* 0 or why not. @w is not hung up; NULL: somebody else has what wakes it. */
static int block(struct uk_file *file, try_fn try, void *arg,
		 uint64_t deadline_ns, struct uk_thread *self,
		 struct uk_file_waiter *w)
{
	bool late = false;
	int rc = 1;

	do {
		uk_thread_block_until(self, deadline_ns);
		if (w) {
			w->hung = 1;
			uk_file_hang_up_(file, w, w->watch.mask);
		}
		rc = why_not(file, try, arg, late);
		if (rc <= 0)
			/* It does not wait any more, whoever woke it. */
			uk_thread_wake(self);
		else
			uk_sched_wait();
		if (w)
			uk_file_take_off_(file, w);
		late = deadline_ns != UK_TIME_NEVER &&
		       uk_time_now() >= deadline_ns;
		/* Mostly this is what it was woken for. */
	} while (rc > 0 && !try(file, arg));
	return UK_MIN(rc, 0);
}

int uk_file_block(struct uk_file *file, try_fn try, void *arg,
		  uint64_t deadline_ns)
{
	return block(file, try, arg, deadline_ns, uk_thread_current(), NULL);
}

static int wait(struct uk_file *file, uint32_t mask, try_fn try, void *arg,
		uint64_t deadline_ns)
{
	struct uk_file_waiter w;

	uk_might_block();
	uk_file_waiter_begin_(&w, uk_thread_self(), mask);
	return block(file, try, arg, deadline_ns, w.thread, &w);
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

static inline bool has_some(struct uk_file *file, uint32_t mask)
{
	return uk_file_events(file) & (mask | ALWAYS);
}

/*
 * One wait for all that a kind's read or write costs: nothing is asked but
 * what has to be, once the watch hangs and the thread counts as blocked. What
 * it was woken for the kind finds by its next try.
 */
int uk_file_wait_turn(struct uk_file *file, uint32_t mask)
{
	return uk_file_wait_for(file, mask, has_some);
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
