/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who waits for a word, in a table by its address.
 *
 * A waiter enters the queue first, and looks at the word then: so the word,
 * which a page fault may have to supply, is never read with a lock held. Who
 * changes the word and wakes after that finds the waiter, or the waiter finds
 * the word changed and leaves again. If it has been woken in between it was,
 * and says so: the wake-up was meant for one who waits.
 *
 * A waiter's place is on its stack. Who takes it out of its queue wakes it
 * under the queue's lock, and last of all notes in the place that it has done
 * so; a waiter that does not find the note takes that lock before it returns.
 * So nobody touches a place that is gone. That a queue is empty is seen without
 * the lock.
 *
 * Who waits until a wall time is woken when that clock moves, to look again
 * when it will be. A move is counted before anybody is woken; a waiter reads
 * the count before it looks at the clock, and again when it counts as blocked:
 * so a move is seen then, or wakes.
 */
#include <uk/futex.h>

#include <uk/assert.h>
#include <uk/call.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/event.h>
#include <uk/list.h>
#include <uk/nofault.h>
#include <uk/sched.h>
#include <uk/spinlock.h>
#include <uk/thread.h>
#include <uk/time.h>
#include <uk/wait.h>

#include "futex_priv.h"

struct futex_bucket futex_table[FUTEX_NBUCKETS];

/* How often wall time has moved; atomic. */
static uint32_t nmoves;

static uint32_t moves(void)
{
	return __atomic_load_n(&nmoves, __ATOMIC_SEQ_CST);
}

/*
 * The bucket that @w is in, or was in last, locked. It may be moved to another
 * one until the right one is locked.
 */
static struct futex_bucket *lock_own(const struct futex_waiter *w,
				     unsigned long *irq)
{
	for (;;) {
		struct futex_bucket *const b = UK_READ_ONCE(w->bucket);

		*irq = uk_spin_lock_irqsave(&b->lock);
		if (b == w->bucket)
			return b;
		uk_spin_unlock_irqrestore(&b->lock, *irq);
	}
}

/* @w does not wait any more. Returns whether somebody had woken it. */
UK_NOINLINE static bool leave_slow(struct futex_waiter *w)
{
	unsigned long irq;
	struct futex_bucket *const b = lock_own(w, &irq);
	const bool woken = !w->addr;
	struct futex_waiter **at = &b->first;

	if (!woken) {
		while (*at != w)
			at = &(*at)->next;
		futex_take(b, at);
	}
	uk_spin_unlock_irqrestore(&b->lock, irq);
	return woken;
}

static inline bool leave(struct futex_waiter *w)
{
	return UK_LIKELY(__atomic_load_n(&w->woken, __ATOMIC_ACQUIRE)) ||
	       leave_slow(w);
}

static enum uk_event_result on_wall_moved(void *data UK_UNUSED)
{
	__atomic_fetch_add(&nmoves, 1, __ATOMIC_SEQ_CST);
	for (unsigned int i = 0; i < FUTEX_NBUCKETS; i++) {
		struct futex_bucket *const b = &futex_table[i];
		const unsigned long irq = uk_spin_lock_irqsave(&b->lock);

		for (struct futex_waiter *w = b->first; w; w = w->next)
			if (w->end.is_wall)
				uk_thread_wake(w->thread);
		uk_spin_unlock_irqrestore(&b->lock, irq);
	}
	futex_pi_wall_moved();
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_time_wall_moved, on_wall_moved);

/* The moment of monotonic time; 0 is for ever to a thread that blocks. */
static uint64_t moment_of(struct futex_end end)
{
	uint64_t now_ns, wall_ns;

	if (!end.is_wall || end.ns == UK_TIME_NEVER)
		return UK_MAX(end.ns, UINT64_C(1));
	wall_ns = uk_time_wall();
	now_ns = uk_time_now();
	if (end.ns <= wall_ns)
		return now_ns;
	if (__builtin_add_overflow(now_ns, end.ns - wall_ns, &now_ns))
		return UK_TIME_NEVER;
	return now_ns;
}

/* It counts as blocked: is there a reason not to leave the CPU? */
static inline bool must_stay(const struct futex_waiter *w)
{
	return !UK_READ_ONCE(w->addr) || uk_call_interrupted();
}

static inline void block_once(const struct futex_waiter *w, bool stay)
{
	if (UK_UNLIKELY(stay))
		uk_thread_wake(w->thread);
	else
		uk_sched_wait();
}

/* With a time. */
UK_NOINLINE static int block_until(const struct futex_waiter *w)
{
	bool late = false;

	for (;;) {
		const uint32_t seen = moves();
		const uint64_t deadline_ns = moment_of(w->end);

		uk_thread_block_until(w->thread, deadline_ns);
		block_once(w, must_stay(w) || late ||
			      (w->end.is_wall && moves() != seen));
		if (!UK_READ_ONCE(w->addr))
			return 0;
		if (uk_call_interrupted())
			return -EINTR;
		if (late)
			return -ETIMEDOUT;
		/* Of this clock it still is, if it has not moved. */
		late = moves() == seen &&
		       deadline_ns != UK_TIME_NEVER &&
		       uk_time_now() >= deadline_ns;
	}
}

static UK_ALWAYS_INLINE int block(const struct futex_waiter *w)
{
	if (UK_UNLIKELY(w->end.ns != UK_TIME_NEVER))
		return block_until(w);
	for (;;) {
		uk_thread_block_self(w->thread);
		block_once(w, must_stay(w));
		if (UK_LIKELY(!UK_READ_ONCE(w->addr)))
			return 0;
		if (uk_call_interrupted())
			return -EINTR;
	}
}

int futex_block(const struct futex_waiter *w)
{
	return block(w);
}

int futex_look(const uint32_t *addr, uint32_t val)
{
	uint32_t now;

	if (!uk_nofault_load32(&now, addr, 0))
		return -EFAULT;
	return now == val ? 0 : -EAGAIN;
}

int futex_wait(const uint32_t *addr, uint32_t val, uint32_t bits,
	       struct futex_end end)
{
	struct futex_bucket *const b = futex_bucket_of(addr);
	struct futex_waiter w;
	unsigned long irq;
	int rc;

	if (!futex_aligned(addr) || !bits)
		return -EINVAL;
	/* No word is ever there, and it stands for "in no queue". */
	if (!addr)
		return -EFAULT;
	uk_might_block();
	/* One by one: the rest comes with the queue. */
	w.addr = addr;
	w.bits = bits;
	w.end = end;
	w.thread = uk_thread_current();
	w.woken = false;
	irq = uk_spin_lock_irqsave(&b->lock);
	futex_push(b, &w);
	uk_spin_unlock_irqrestore(&b->lock, irq);
	/* Pairs with the fence of uk_futex_wake(). */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	rc = futex_look(addr, val);
	if (rc == 0)
		rc = block(&w);
	return leave(&w) ? 0 : rc;
}

int uk_futex_wait(const uint32_t *addr, uint32_t val, uint32_t bits,
		  uint64_t deadline_ns)
{
	return futex_wait(addr, val, bits,
			  (struct futex_end){ .ns = deadline_ns });
}

/* The lock is held. Returns how many of at most @n it has woken. */
static UK_ALWAYS_INLINE
unsigned int wake_some(struct futex_bucket *b, const uint32_t *addr,
		       unsigned int n, uint32_t bits)
{
	struct futex_waiter **at = &b->first;
	unsigned int done = 0;

	while (*at && done < n) {
		struct futex_waiter *const w = *at;

		if (w->addr != addr || !(w->bits & bits)) {
			at = &w->next;
			continue;
		}
		futex_take(b, at);
		futex_end_wait(w);
		done++;
	}
	return done;
}

unsigned int uk_futex_wake(const uint32_t *addr, unsigned int n, uint32_t bits)
{
	struct futex_bucket *const b = futex_bucket_of(addr);
	unsigned int done;
	unsigned long irq;

	/*
	 * The word has changed before this; who enters the queue after this
	 * look sees that.
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!UK_READ_ONCE(b->nwaiters))
		return 0;
	irq = uk_spin_lock_irqsave(&b->lock);
	done = wake_some(b, addr, n, bits);
	uk_spin_unlock_irqrestore(&b->lock, irq);
	return done;
}

/* Both locks, which may be one, in the order of their addresses. */
static unsigned long lock_both(struct futex_bucket *a, struct futex_bucket *b)
{
	struct futex_bucket *const first = a < b ? a : b;
	struct futex_bucket *const second = a < b ? b : a;
	const unsigned long irq = uk_spin_lock_irqsave(&first->lock);

	if (second != first)
		uk_spin_lock(&second->lock);
	return irq;
}

static void unlock_both(struct futex_bucket *a, struct futex_bucket *b,
			unsigned long irq)
{
	if (a != b)
		uk_spin_unlock(a < b ? &b->lock : &a->lock);
	uk_spin_unlock_irqrestore(a < b ? &a->lock : &b->lock, irq);
}

/*
 * Both locks are held. Returns how many of at most @n it has moved, or
 *   -EINVAL  one of them is to be moved to a lock (requeue_pi.c)
 */
static long move_some(struct futex_bucket *from, const uint32_t *addr,
		      struct futex_bucket *to, const uint32_t *to_addr,
		      unsigned int n)
{
	struct futex_waiter **at = &from->first;
	unsigned int done = 0;

	while (*at && done < n) {
		struct futex_waiter *const w = *at;
		const bool here = w->addr == addr;

		if (here && !w->bits)
			return -EINVAL;
		done += here;
		/* Who moves to where it is keeps its place. */
		if (!here || addr == to_addr) {
			at = &w->next;
			continue;
		}
		futex_take(from, at);
		w->addr = to_addr;
		futex_push(to, w);
	}
	return done;
}

int futex_look_locked(const uint32_t *addr, uint32_t val)
{
	uint32_t now;

	if (!uk_nofault_load32(&now, addr, UK_NOFAULT_NOPAGING))
		return -EFAULT;
	return now == val ? 0 : -EAGAIN;
}

long futex_requeue(const uint32_t *addr, unsigned int nwake,
		   const uint32_t *to, unsigned int nmove, const uint32_t *val)
{
	struct futex_bucket *const from_b = futex_bucket_of(addr);
	struct futex_bucket *const to_b = futex_bucket_of(to);
	unsigned long irq;
	long rc, moved;

	for (;;) {
		irq = lock_both(from_b, to_b);
		rc = val ? futex_look_locked(addr, *val) : 0;
		if (rc == 0) {
			rc = wake_some(from_b, addr, nwake, UK_FUTEX_ANY);
			moved = move_some(from_b, addr, to_b, to, nmove);
			rc = moved < 0 ? moved : rc + moved;
		}
		unlock_both(from_b, to_b, irq);
		/* Perhaps it only is not there yet. */
		if (rc != -EFAULT || futex_look(addr, *val) == -EFAULT)
			return rc;
	}
}
