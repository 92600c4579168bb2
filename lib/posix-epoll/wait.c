/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * epoll_wait(2): items are taken from the front of the ready list, and told of
 * if their files are asked and can do what is wanted. One that is told of goes
 * to the end of the list (level-triggered), so that with room for few events
 * all get their turn; or leaves it until the next wake (edge-triggered); or
 * until it is changed (one-shot).
 *
 * The program's memory is written with the lock held, if that needs no page to
 * be supplied; else the item stays where it is and the page is asked for
 * without the lock. So nothing that was taken from the list can be lost.
 *
 * Refused: taking the list away and going through it without the lock, as then
 * another thread finds nothing although something is ready.
 */
#include "epoll_priv.h"

#include <limits.h>
#include <stddef.h>

#include <uk/call.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/nofault.h>
#include <uk/syscall.h>
#include <uk/timeout.h>
#include <uk/waitmask.h>

/* Events of one call. */
#define MOST	((int)(INT_MAX / sizeof(struct uk_abi_epoll_event)))

/* Items that are told of before interrupts may come. */
#define AT_A_TIME	16

/* With e->lock, as what follows: @it was told of. */
static inline void after(struct epoll *e, struct item *it, uint64_t pass)
{
	it->pass = pass;
	if (it->events & UK_ABI_EPOLLONESHOT)
		it->events &= EPOLL_HOW;
	else if (!(it->events & UK_ABI_EPOLLET)) {
		/* To the end, where it may be already. */
		if (it->ready.next != &e->ready) {
			uk_list_remove(&it->ready);
			uk_list_push_back(&e->ready, &it->ready);
		}
		return;
	}
	uk_list_remove(&it->ready);
}

/*
 * Tell of @it, the first one, if it is ready. Returns how many that makes, or
 * -EFAULT and nothing was done.
 */
static inline int tell_one(struct epoll *e, struct item *it,
			   struct uk_abi_epoll_event *to, uint64_t pass)
{
	it->told.events = epoll_ask(it);
	if (UK_UNLIKELY(!it->told.events)) {
		uk_list_remove(&it->ready);
		return 0;
	}
	if (UK_UNLIKELY(uk_nofault_memcpy(to, &it->told, sizeof(*to),
					  UK_NOFAULT_NOPAGING) != sizeof(*to)))
		return -EFAULT;
	after(e, it, pass);
	return 1;
}

/* The next one that was not told of in this @pass, or NULL. */
static inline struct item *next(struct epoll *e, uint64_t *pass, int nfound)
{
	struct item *it;

	if (uk_list_empty(&e->ready))
		return NULL;
	it = uk_list_entry(e->ready.next, struct item, ready);
	if (UK_LIKELY(it->pass < *pass))
		return it;
	if (nfound)
		return NULL;
	/* Somebody else told of it meanwhile; it is ready all the same. */
	*pass = ++e->pass;
	return it;
}

/*
 * Let interrupts come, and have memory at @to supplied, if that can be. Not
 * inline, as all that follows the first look.
 */
UK_NOINLINE static unsigned long breathe(struct epoll *e, unsigned long irq,
					 struct uk_abi_epoll_event *to)
{
	uk_spin_unlock_irqrestore(&e->lock, irq);
	(void)!uk_nofault_probe_rw((uintptr_t)to, to ? sizeof(*to) : 0, 0);
	return uk_spin_lock_irqsave(&e->lock);
}

/* Tell of what is ready now. Returns how many, or -EFAULT. */
static UK_ALWAYS_INLINE
int tell(struct epoll *e, struct uk_abi_epoll_event *to, int max)
{
	struct uk_abi_epoll_event *bad = NULL;
	unsigned long irq = uk_spin_lock_irqsave(&e->lock);
	uint64_t pass = ++e->pass;
	struct item *it;
	int nfound = 0;
	bool more;

	while (nfound < max && (it = next(e, &pass, nfound))) {
		const int n = tell_one(e, it, to, pass);

		if (UK_LIKELY(n > 0)) {
			nfound++;
			to++;
			if (UK_LIKELY(nfound % AT_A_TIME))
				continue;
		}
		if (n < 0 && bad == to) {
			/* It was not supplied. */
			nfound = nfound ? nfound : -EFAULT;
			break;
		}
		bad = n < 0 ? to : NULL;
		irq = breathe(e, irq, bad);
	}
	/* What is left is for who waits too. */
	more = !uk_waitq_empty(&e->wq) && !uk_list_empty(&e->ready);
	uk_spin_unlock_irqrestore(&e->lock, irq);
	if (UK_UNLIKELY(more))
		uk_waitq_wake_up_one(&e->wq);
	return nfound;
}

static bool is_awaited(struct epoll *e)
{
	const unsigned long irq = uk_spin_lock_irqsave(&e->lock);
	const bool some = !uk_list_empty(&e->ready);

	uk_spin_unlock_irqrestore(&e->lock, irq);
	return some || uk_call_interrupted();
}

UK_NOINLINE
static int tell_later(struct epoll *e, struct uk_abi_epoll_event *to, int max,
		      uint64_t ns)
{
	const uint64_t deadline_ns = uk_timeout_deadline(ns);
	bool late = false;
	int n = 0;

	while (n == 0 && !late) {
		late = uk_waitq_wait_event_deadline(&e->wq, is_awaited(e),
						    deadline_ns);
		n = tell(e, to, max);
		if (n == 0 && uk_call_interrupted())
			return -EINTR;
	}
	return n;
}

static int wait(int epfd, struct uk_abi_epoll_event *events, int max,
		uint64_t ns)
{
	struct uk_fd_loan loan;
	struct uk_file *const file = uk_fd_lend(epfd, &loan);
	int rc = -EINVAL;

	if (UK_UNLIKELY(!file))
		return -EBADF;
	if (max > 0 && max <= MOST && epoll_is(file)) {
		rc = tell(epoll_of(file), events, max);
		if (rc == 0 && ns)
			rc = tell_later(epoll_of(file), events, max, ns);
	}
	uk_fd_give_back(&loan);
	return rc;
}

UK_SYSCALL_R_DEFINE(int, epoll_wait, int, epfd, struct uk_abi_epoll_event *,
		    events, int, max, int, timeout_ms)
{
	return wait(epfd, events, max, uk_timeout_of_ms(timeout_ms));
}

UK_NOINLINE
static int wait_masked(int epfd, struct uk_abi_epoll_event *events, int max,
		       uint64_t ns, const void *mask, size_t len)
{
	int rc;

	rc = uk_waitmask_begin(mask, len);
	if (rc < 0)
		return rc;
	rc = wait(epfd, events, max, ns);
	uk_waitmask_end(mask, rc);
	return rc;
}

UK_SYSCALL_R_DEFINE(int, epoll_pwait, int, epfd, struct uk_abi_epoll_event *,
		    events, int, max, int, timeout_ms, const void *, mask,
		    size_t, len)
{
	return wait_masked(epfd, events, max, uk_timeout_of_ms(timeout_ms),
			   mask, len);
}

UK_SYSCALL_R_DEFINE(int, epoll_pwait2, int, epfd, struct uk_abi_epoll_event *,
		    events, int, max, const struct uk_abi_timespec *, ts,
		    const void *, mask, size_t, len)
{
	uint64_t ns;
	const int rc = uk_timeout_read(ts, &ns);

	return rc < 0 ? rc : wait_masked(epfd, events, max, ns, mask, len);
}
