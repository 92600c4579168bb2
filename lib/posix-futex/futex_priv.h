/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/futex.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/sched_impl.h>
#include <uk/spinlock.h>
#include <uk/thread.h>

struct uk_abi_timespec;
struct uk_task;

/* Until when one waits: monotonic time, or wall time as it is set meanwhile. */
struct futex_end {
	uint64_t ns;		/* UK_TIME_NEVER: for ever */
	bool is_wall;
};

/*
 * Read *@ts: how long to wait, or a time of a clock; NULL: for ever. Returns 0,
 * -EFAULT or -EINVAL.
 */
UK_MUST_USE
int futex_get_end(const struct uk_abi_timespec *ts, bool relative,
		  bool realtime, struct futex_end *end);

/*
 * Who waits for a word, in a table by its address: see futex.c.
 */
struct futex_bucket {
	struct uk_spinlock lock;
	uint32_t nwaiters;	/* changed under the lock */
	/* Under the lock; last NULL: never used. */
	struct futex_waiter *first, **last;
} UK_ALIGNED(UK_CACHELINE);

struct futex_waiter {
	struct futex_waiter *next;	/* the bucket's lock */
	const uint32_t *addr;		/* likewise; NULL: in no queue */
	struct futex_bucket *bucket;	/* changed under both locks */
	struct uk_thread *thread;
	struct futex_end end;
	uint32_t bits;		/* 0: it is a struct futex_pi_waiter's */
	bool woken;	/* nobody else has it any more; futex_end_wait() */
};

#define FUTEX_NBUCKETS	(1u << CONFIG_LIBPOSIX_FUTEX_BUCKETS_ORDER)

extern struct futex_bucket futex_table[FUTEX_NBUCKETS];

static inline size_t futex_hash(const uint32_t *addr)
{
	/* Words of one structure should not share a lock: the high bits of a
	 * product depend on all of the address. */
	const uint64_t mixed = (uintptr_t)addr *
			       UINT64_C(0x9e3779b97f4a7c15);

	return mixed >> 32 >> (32 - CONFIG_LIBPOSIX_FUTEX_BUCKETS_ORDER);
}

static inline struct futex_bucket *futex_bucket_of(const uint32_t *addr)
{
	return &futex_table[futex_hash(addr)];
}

/* The lock is held. */
static inline void futex_push(struct futex_bucket *b, struct futex_waiter *w)
{
	w->next = NULL;
	w->bucket = b;
	if (!b->first)
		b->last = &b->first;
	*b->last = w;
	b->last = &w->next;
	UK_WRITE_ONCE(b->nwaiters, b->nwaiters + 1);
}

/* Take out the one that *@at, of @b's queue, points to. The lock is held. */
static inline void futex_take(struct futex_bucket *b, struct futex_waiter **at)
{
	struct futex_waiter *const w = *at;

	*at = w->next;
	if (b->last == &w->next)
		b->last = at;
	UK_WRITE_ONCE(b->nwaiters, b->nwaiters - 1);
}

/*
 * @w has been taken out, and the lock is held; afterwards it may be gone, and
 * its thread too.
 */
static inline void futex_end_wait(struct futex_waiter *w)
{
	UK_WRITE_ONCE(w->addr, NULL);
	uk_thread_wake_irqoff_(w->thread);
	/* Release, with the acquire of who leaves: all has been done. */
	__atomic_store_n(&w->woken, true, __ATOMIC_RELEASE);
}

/* The command of @op; is a time in it one of CLOCK_REALTIME? */
static inline int futex_cmd(int op)
{
	return op & ~(UK_ABI_FUTEX_PRIVATE_FLAG | UK_ABI_FUTEX_CLOCK_REALTIME);
}

static inline bool futex_by_wall(int op)
{
	return op & UK_ABI_FUTEX_CLOCK_REALTIME;
}

/*
 * Block until @w, the caller's, waits no more: 0; or -EINTR, -ETIMEDOUT. It is
 * not blocked then; who ended its wait may still have the lock.
 */
UK_MUST_USE int futex_block(const struct futex_waiter *w);

/*
 * 0 if the word at @addr is @val, or -EAGAIN, or -EFAULT. The second one pages
 * nothing in, for who holds a lock.
 */
UK_MUST_USE int futex_look(const uint32_t *addr, uint32_t val);
UK_MUST_USE int futex_look_locked(const uint32_t *addr, uint32_t val);

/* uk_futex_wait(), by either clock. */
UK_MUST_USE
int futex_wait(const uint32_t *addr, uint32_t val, uint32_t bits,
	       struct futex_end end);

/*
 * Wake at most @nwake of those who wait at @addr, and have at most @nmove more
 * wait at @to. If @val is not NULL, only if the word at @addr is *@val when no
 * other thread can begin to wait: else -EAGAIN, or -EFAULT. Returns how many
 * were woken or moved.
 */
UK_MUST_USE
long futex_requeue(const uint32_t *addr, unsigned int nwake,
		   const uint32_t *to, unsigned int nmove, const uint32_t *val);

/* FUTEX_WAKE_OP: see op.c. */
UK_MUST_USE
long futex_wake_op(const uint32_t *addr, unsigned int nwake, uint32_t *to,
		   unsigned int nwake_to, uint32_t op);

/*
 * Locks that inherit priority: see pi.c. Words are aligned.
 *
 * Take the lock at @addr, or @try to. Returns 0, or
 *   -EAGAIN     it is taken, and @try
 *   -EDEADLK    it is the caller's, or its owner waits for the caller
 *   -EFAULT     there is no word there, or none that can be written
 *   -EINVAL     the word is not what it must be while somebody waits
 *   -ENOMEM     no memory
 *   -ESRCH      its owner has gone
 *   -ETIMEDOUT  it is that late
 *   -UK_CALL_RESTART  the thread is to do something else first
 */
UK_MUST_USE
long futex_pi_lock(uint32_t *addr, struct futex_end end, bool try);

/*
 * Give the lock at @addr to the most urgent of those who wait, or free it.
 * Returns 0, -EFAULT or -EINVAL as above, or
 *   -EPERM  it is not the caller's
 */
UK_MUST_USE long futex_pi_unlock(uint32_t *addr);

/*
 * Wait, if the word at @addr is @val, to be moved by futex_pi_requeue() to the
 * lock at @to, and for that. Returns 0: the lock is the caller's; or as above,
 * or
 *   -EAGAIN  the word is not @val, or the thread was interrupted at @to
 */
UK_MUST_USE
long futex_pi_wait(uint32_t *addr, uint32_t val, struct futex_end end,
		   uint32_t *to);

/*
 * If the word at @addr is @val, have the first of those who wait there and
 * @nmove more wait for the lock at @to, or take it. Returns how many did, or
 * as above, or
 *   -EAGAIN  the word is not @val
 *   -EINVAL  somebody waits there who does not want @to
 */
UK_MUST_USE
long futex_pi_requeue(uint32_t *addr, uint32_t *to, unsigned int nmove,
		      uint32_t val);

/* futex(2) for these; -ENOSYS: it is none of them. */
long futex_pi_call(uint32_t *addr, int op, uint32_t val,
		   const struct uk_abi_timespec *ts, uint32_t *to,
		   uint32_t val3);

/* Does somebody wait at @addr for a lock, or to be moved to one? */
UK_MUST_USE bool futex_pi_waits(const uint32_t *addr);

/* @task, which is the caller's, exits: others get what it has. */
void futex_pi_exit(struct uk_task *task);

/* Wall time has moved: who waits for it is woken. */
void futex_pi_wall_moved(void);

/* Can a word be at @addr, as far as its address tells? */
static inline bool futex_aligned(const uint32_t *addr)
{
	return (uintptr_t)addr % sizeof(*addr) == 0;
}
