/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FUTEX_WAIT_REQUEUE_PI and FUTEX_CMP_REQUEUE_PI: who waits for a condition is
 * moved to the lock that guards it, without waking in between.
 *
 * At first a waiter is in a bucket as any other, of a kind that is never woken
 * there. It is moved under both the bucket's lock and that of pi.c, and so
 * takes both to find out where it is.
 */
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>

#include "pi_priv.h"

/* Where @pw is in @b, whose lock is held. */
static struct futex_waiter **place(struct futex_bucket *b,
				   const struct futex_pi_waiter *pw)
{
	struct futex_waiter **at = &b->first;

	while (*at != &pw->w)
		at = &(*at)->next;
	return at;
}

/* It does not wait any more, for the reason @rc if nobody has told it. */
static long leave(struct futex_pi_waiter *pw, int rc)
{
	struct futex_bucket *const b = pw->w.bucket;
	const unsigned long irq = uk_spin_lock_irqsave(&b->lock);
	const unsigned long irq_too = futex_pi_hold();
	const bool moved = pw->pi;
	struct futex_pi *room = NULL;

	if (pw->w.addr && !moved)
		futex_take(b, place(b, pw));
	rc = futex_pi_leave(pw, rc, &room);
	futex_pi_release(irq_too);
	uk_spin_unlock_irqrestore(&b->lock, irq);
	futex_pi_dispose(room);
	if (rc != -EINTR)
		return rc;
	/* Once it has been moved the call, as it was made, is over. */
	return moved ? -EAGAIN : futex_pi_again();
}

long futex_pi_wait(uint32_t *addr, uint32_t val, struct futex_end end,
		   uint32_t *to)
{
	struct futex_bucket *const b = futex_bucket_of(addr);
	struct futex_pi_waiter pw;
	unsigned long irq;
	int rc;

	if (addr == to)
		return -EINVAL;
	if (!addr || !to)
		return -EFAULT;
	uk_might_block();
	futex_pi_waiter_init(&pw, addr, end);
	pw.to = to;
	irq = uk_spin_lock_irqsave(&b->lock);
	futex_push(b, &pw.w);
	uk_spin_unlock_irqrestore(&b->lock, irq);
	/* As in futex_wait(). */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	rc = futex_look(addr, val);
	if (rc == 0)
		rc = futex_pi_block(&pw);
	return leave(&pw, rc);
}

/*
 * Move at most @n of those who wait at @addr, in @b; both locks are held.
 * Returns how many, or why not all.
 */
static long move_some(struct futex_bucket *b, const uint32_t *addr,
		      uint32_t *to, unsigned int n, struct futex_pi **room)
{
	struct futex_waiter **at = &b->first;
	unsigned int done = 0;

	while (*at && done < n) {
		struct futex_waiter *const w = *at;
		struct futex_pi_waiter *const pw =
			UK_CONTAINER_OF(w, struct futex_pi_waiter, w);
		int rc;

		if (w->addr != addr) {
			at = &w->next;
			continue;
		}
		if (w->bits || pw->to != to)
			return -EINVAL;
		rc = futex_pi_enter(pw, to, room, false);
		if (rc < 0)
			return rc;
		futex_take(b, at);
		if (rc == 0)
			futex_pi_end(pw, 0);
		done++;
	}
	return done;
}

static long move(const uint32_t *addr, uint32_t *to, unsigned int n,
		 uint32_t val, struct futex_pi **room)
{
	struct futex_bucket *const b = futex_bucket_of(addr);
	const unsigned long irq = uk_spin_lock_irqsave(&b->lock);
	const unsigned long irq_too = futex_pi_hold();
	long rc = futex_look_locked(addr, val);

	if (rc == 0)
		rc = move_some(b, addr, to, n, room);
	futex_pi_release(irq_too);
	uk_spin_unlock_irqrestore(&b->lock, irq);
	return rc;
}

long futex_pi_requeue(uint32_t *addr, uint32_t *to, unsigned int nmove,
		      uint32_t val)
{
	struct futex_pi *room = NULL;
	long rc;

	if (addr == to)
		return -EINVAL;
	do {
		rc = move(addr, to, nmove + 1, val, &room);
		/* Either word may only be not there yet. */
	} while ((rc != -EFAULT || futex_look(addr, val) != -EFAULT) &&
		 futex_pi_provide((int)rc, to, &room));
	futex_pi_dispose(room);
	return rc;
}
