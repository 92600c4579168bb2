/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Locks that inherit priority: FUTEX_LOCK_PI and its like. The word of one has
 * the number of the thread that has it, and programs take and free it there as
 * long as nobody waits. Who finds it taken sets WAITERS, and from then on it is
 * handed over here, to the most urgent one.
 *
 * That somebody waits for a word is a struct futex_pi, found by the address. It
 * has a mutex which its owner, who has never heard of it, owns: that is what
 * lends (<uk/mutex_behalf.h>). It comes with the first who waits and goes with
 * the last one; the word is then as if it had never been.
 *
 * The word says who the owner is. A C library may free the words of a thread
 * that exits by itself, and another one may take them there before that thread
 * comes here: then the lock follows the word.
 *
 * All is under one lock. The word is read and written under it, and only if
 * that needs no paging: else the lock is given back, the page brought, and all
 * begun again. A thread that begins to exit says so under it, when what is in
 * its robust list has been left: so who finds that it does sees that.
 */
#include <uk/abi/futex.h>
#include <uk/alloc.h>
#include <uk/assert.h>
#include <uk/call.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/task.h>
#include <uk/thread.h>

#include "pi_priv.h"

#define WAITERS		UK_ABI_FUTEX_WAITERS
#define DIED		UK_ABI_FUTEX_OWNER_DIED
#define TID		UK_ABI_FUTEX_TID_MASK

/* Owners on the way from a lock. More wait in a circle, or are told so. */
#define CHAIN_MAX	1024u

static struct {
	struct uk_spinlock lock;
	struct futex_pi *bucket[FUTEX_NBUCKETS];
	uint32_t nblocked;	/* atomic, relaxed: for who asks by the way */
} pis = { .lock = UK_SPINLOCK_INIT };

unsigned long futex_pi_hold(void)
{
	return uk_spin_lock_irqsave(&pis.lock);
}

void futex_pi_release(unsigned long irq)
{
	uk_spin_unlock_irqrestore(&pis.lock, irq);
}

/* What points to the lock of @addr, or to NULL. */
static struct futex_pi **find(const uint32_t *addr)
{
	struct futex_pi **at = &pis.bucket[futex_hash(addr)];

	while (*at && (*at)->addr != addr)
		at = &(*at)->next;
	return at;
}

static bool load(uint32_t *val, const uint32_t *addr)
{
	return uk_nofault_load32(val, addr, UK_NOFAULT_NOPAGING);
}

static bool cas(uint32_t *addr, uint32_t *was, uint32_t val)
{
	return uk_nofault_cas32(addr, was, val, UK_NOFAULT_NOPAGING);
}

/* Make the word @val, whatever it is. */
static bool set_word(uint32_t *addr, uint32_t val)
{
	uint32_t was, tried;

	if (!load(&was, addr))
		return false;
	do {
		tried = was;
		if (!cas(addr, &was, val))
			return false;
	} while (was != tried);
	return true;
}

/* Without the lock: have the page of @addr, to write to. */
static bool page_in(uint32_t *addr)
{
	uint32_t was;

	return uk_nofault_load32(&was, addr, 0) &&
	       uk_nofault_cas32(addr, &was, was, 0);
}

bool futex_pi_provide(int rc, uint32_t *addr, struct futex_pi **room)
{
	if (rc == -EFAULT)
		return page_in(addr);
	if (rc != -ENOMEM || *room)
		return false;
	*room = uk_malloc(uk_alloc_get_default(), sizeof(**room));
	return *room;
}

void futex_pi_dispose(struct futex_pi *room)
{
	if (room)
		uk_free(uk_alloc_get_default(), room);
}

static uint32_t tid_of(const struct uk_task *task)
{
	return (uint32_t)task->tid;
}

static long get_task(struct uk_task *task, void *arg)
{
	if (!task->pi_over)
		*(struct uk_task **)arg = task;
	return 0;
}

/* Who has that number, and does not exit while the lock is held; or NULL. */
static struct uk_task *task_of(uint32_t tid)
{
	struct uk_task *task = NULL;

	(void)uk_task_with((int)tid, get_task, &task);
	return task;
}

static void remove_held(struct futex_pi *pi)
{
	struct futex_pi **at = &pi->owner->pi_held;

	while (*at != pi)
		at = &(*at)->next_held;
	*at = pi->next_held;
}

static void add_held(struct futex_pi *pi, struct uk_task *owner)
{
	pi->owner = owner;
	pi->next_held = owner->pi_held;
	owner->pi_held = pi;
}

/* @owner has @pi, which somebody else had. */
static void adopt(struct futex_pi *pi, struct uk_task *owner)
{
	remove_held(pi);
	add_held(pi, owner);
	uk_mutex_take_for(&pi->m, owner->thread);
}

/* Nobody waits for @pi any more, which is in nobody's list. */
static void forget(struct futex_pi *pi, struct futex_pi **room)
{
	struct futex_pi **const at = find(pi->addr);

	UK_ASSERT(*at == pi && !*room);

	*at = pi->next;
	*room = pi;
}

static struct futex_pi *begin(uint32_t *addr, struct uk_task *owner,
			      struct futex_pi **room)
{
	struct futex_pi *const pi = *room;
	struct futex_pi **const at = find(addr);

	*room = NULL;
	*pi = (struct futex_pi){ .next = *at, .addr = addr };
	*at = pi;
	uk_mutex_init(&pi->m);
	uk_list_init(&pi->waiters);
	add_held(pi, owner);
	uk_mutex_take_for(&pi->m, owner->thread);
	return pi;
}

/* Does @owner wait for @me, over whoever is between? */
static bool leads_to(const struct uk_task *owner, const struct uk_task *me)
{
	for (unsigned int i = 0; owner != me; i++) {
		if (i == CHAIN_MAX)
			return true;
		if (!owner->pi_wanted)
			return false;
		owner = owner->pi_wanted->owner;
	}
	return true;
}

/* Who has the lock with the word @was, that @pi is the waiting for, if any? */
static int find_owner(const struct futex_pi *pi, uint32_t was,
		      struct uk_task **owner)
{
	const uint32_t tid = was & TID;

	*owner = pi ? pi->owner : NULL;
	if (!tid)
		return pi && !(was & DIED) ? -EINVAL : 0;
	if (pi && tid == tid_of(pi->owner))
		return 0;
	*owner = task_of(tid);
	if (!pi)
		return *owner ? 0 : -ESRCH;
	return *owner && (*owner)->pi_wanted != pi ? 0 : -EINVAL;
}

/*
 * Whom @pw's task has to wait for, NULL: nobody; or why it does not, as far as
 * the word @was tells.
 */
static int look(const struct futex_pi_waiter *pw, const struct futex_pi *pi,
		uint32_t was, struct uk_task **owner, bool try)
{
	int rc;

	if ((was & TID) == tid_of(pw->task))
		return -EDEADLK;
	rc = find_owner(pi, was, owner);
	if (rc < 0 || !*owner)
		return rc;
	if (try)
		return -EAGAIN;
	return leads_to(*owner, pw->task) ? -EDEADLK : 0;
}

static void wait_for(struct futex_pi_waiter *pw, struct futex_pi *pi)
{
	pw->pi = pi;
	pw->w.addr = pi->addr;
	pw->task->pi_wanted = pi;
	uk_list_push_back(&pi->waiters, &pw->node);
	uk_mutex_wait_for(&pi->m, &pw->mw, pw->w.thread);
}

int futex_pi_enter(struct futex_pi_waiter *pw, uint32_t *addr,
		   struct futex_pi **room, bool try)
{
	struct futex_pi *pi = *find(addr);
	struct uk_task *owner;
	uint32_t was, tried;
	int rc;

	if (!load(&was, addr))
		return -EFAULT;
	do {
		tried = was;
		rc = look(pw, pi, was, &owner, try);
		/* It may have left the word a moment ago, and exited. */
		if (rc == -ESRCH && load(&was, addr) && was != tried)
			continue;
		if (rc == 0 && owner && !pi && !*room)
			rc = -ENOMEM;
		if (rc < 0)
			return rc;
		if (!cas(addr, &was, owner ? was | WAITERS :
				     tid_of(pw->task) | (was & DIED)))
			return -EFAULT;
	} while (was != tried);
	if (!owner)
		return 0;
	if (!pi)
		pi = begin(addr, owner, room);
	else if (pi->owner != owner)
		adopt(pi, owner);
	wait_for(pw, pi);
	return 1;
}

void futex_pi_end(struct futex_pi_waiter *pw, int rc)
{
	pw->rc = rc;
	futex_end_wait(&pw->w);
}

/* @pw is not among those that wait for its lock any more. */
static void stop(struct futex_pi_waiter *pw)
{
	uk_list_remove(&pw->node);
	pw->task->pi_wanted = NULL;
	pw->pi = NULL;
}

int futex_pi_leave(struct futex_pi_waiter *pw, int rc, struct futex_pi **room)
{
	struct futex_pi *const pi = pw->pi;

	if (!pw->w.addr)
		return pw->rc;
	if (pi) {
		uk_mutex_give_up_for(&pi->m, &pw->mw);
		stop(pw);
		if (!uk_mutex_is_wanted(&pi->m)) {
			remove_held(pi);
			forget(pi, room);
		}
	}
	pw->w.addr = NULL;
	return rc;
}

/*
 * The owner of @pi, whose word can be written, gives it to the most urgent one
 * of those who wait; @flags: of the word, beside the number.
 */
static void pass_on(struct futex_pi *pi, uint32_t flags,
		    struct futex_pi **room)
{
	struct uk_waiter *const mw = uk_mutex_hand_over(&pi->m);
	struct futex_pi_waiter *const pw =
		UK_CONTAINER_OF(mw, struct futex_pi_waiter, mw);
	const bool more = uk_mutex_is_wanted(&pi->m);

	/* If there is no word any more it does not matter what is in it. */
	(void)set_word(pi->addr, tid_of(pw->task) | flags |
				 (more ? WAITERS : 0));
	stop(pw);
	remove_held(pi);
	if (more)
		add_held(pi, pw->task);
	else
		forget(pi, room);
	futex_pi_end(pw, 0);
}

void futex_pi_waiter_init(struct futex_pi_waiter *pw, const uint32_t *addr,
			  struct futex_end end)
{
	struct uk_thread *const self = uk_thread_current();

	*pw = (struct futex_pi_waiter){
		.w = { .addr = addr, .thread = self, .end = end },
		.task = self->cur.task,
	};
}

long futex_pi_again(void)
{
	uk_task_current()->call_again = true;
	return -UK_CALL_RESTART;
}

int futex_pi_block(const struct futex_pi_waiter *pw)
{
	int rc;

	__atomic_fetch_add(&pis.nblocked, 1, __ATOMIC_RELAXED);
	rc = futex_block(&pw->w);
	__atomic_fetch_sub(&pis.nblocked, 1, __ATOMIC_RELAXED);
	return rc;
}

static int enter(struct futex_pi_waiter *pw, uint32_t *addr, bool try)
{
	struct futex_pi *room = NULL;
	unsigned long irq;
	int rc;

	do {
		irq = futex_pi_hold();
		rc = futex_pi_enter(pw, addr, &room, try);
		futex_pi_release(irq);
	} while (futex_pi_provide(rc, addr, &room));
	futex_pi_dispose(room);
	return rc;
}

long futex_pi_lock(uint32_t *addr, struct futex_end end, bool try)
{
	struct futex_pi_waiter pw;
	struct futex_pi *room = NULL;
	unsigned long irq;
	int rc;

	uk_might_block();
	futex_pi_waiter_init(&pw, addr, end);
	rc = enter(&pw, addr, try);
	if (rc <= 0)
		return rc;
	rc = futex_pi_block(&pw);
	irq = futex_pi_hold();
	rc = futex_pi_leave(&pw, rc, &room);
	futex_pi_release(irq);
	futex_pi_dispose(room);
	return rc == -EINTR ? futex_pi_again() : rc;
}

/* The lock is held. */
static int unlock(uint32_t *addr, struct futex_pi **room)
{
	struct futex_pi *const pi = *find(addr);
	uint32_t was, tried;

	if (!load(&was, addr))
		return -EFAULT;
	do {
		tried = was;
		if ((was & TID) != tid_of(uk_task_current()))
			return -EPERM;
		/* It can be written, if there is more to be. */
		if (!cas(addr, &was, pi ? was | WAITERS : 0))
			return -EFAULT;
	} while (was != tried);
	if (pi)
		pass_on(pi, 0, room);
	return 0;
}

long futex_pi_unlock(uint32_t *addr)
{
	struct futex_pi *room = NULL;
	unsigned long irq;
	int rc;

	do {
		irq = futex_pi_hold();
		rc = unlock(addr, &room);
		futex_pi_release(irq);
	} while (rc == -EFAULT && page_in(addr));
	futex_pi_dispose(room);
	return rc;
}

/* The word of @pi has gone: all who wait for it hear that. */
static void give_all_up(struct futex_pi *pi, struct futex_pi **room)
{
	struct futex_pi_waiter *pw, *tmp;

	uk_list_for_each_safe(pw, tmp, &pi->waiters, node) {
		uk_mutex_give_up_for(&pi->m, &pw->mw);
		stop(pw);
		futex_pi_end(pw, -EFAULT);
	}
	remove_held(pi);
	forget(pi, room);
}

/*
 * @pi's owner exits. Who has taken the word since keeps it, else the next one
 * gets it. False: the word cannot be read or written without paging.
 */
static bool leave_to_next(struct futex_pi *pi, struct futex_pi **room)
{
	const uint32_t mine = tid_of(pi->owner);
	struct uk_task *next;
	uint32_t was, tried;

	if (!load(&was, pi->addr))
		return false;
	do {
		tried = was;
		next = (was & TID) && (was & TID) != mine ?
		       task_of(was & TID) : NULL;
		if (!cas(pi->addr, &was, was | WAITERS))
			return false;
	} while (was != tried);
	if (next && next->pi_wanted != pi)
		adopt(pi, next);
	else
		pass_on(pi, DIED, room);
	return true;
}

/* Leave one of @task's locks; with @addr, whose word has gone, in any case. */
static uint32_t *leave_one(struct uk_task *task, const uint32_t *gone)
{
	const unsigned long irq = futex_pi_hold();
	struct futex_pi *const pi = task->pi_held;
	struct futex_pi *room = NULL;
	uint32_t *addr = NULL;

	task->pi_over = true;
	if (pi && pi->addr == gone)
		give_all_up(pi, &room);
	else if (pi && !leave_to_next(pi, &room))
		addr = pi->addr;
	futex_pi_release(irq);
	futex_pi_dispose(room);
	return addr;
}

void futex_pi_exit(struct uk_task *task)
{
	const uint32_t *gone = NULL;

	if (task->pi_over)
		return;
	do {
		uint32_t *const addr = leave_one(task, gone);

		gone = addr && !page_in(addr) ? addr : NULL;
	} while (UK_READ_ONCE(task->pi_held));
}

static bool look_for_waiter(const uint32_t *addr)
{
	struct futex_bucket *const b = futex_bucket_of(addr);
	const unsigned long irq = uk_spin_lock_irqsave(&b->lock);
	const unsigned long irq_too = futex_pi_hold();
	bool waits = *find(addr);

	for (const struct futex_waiter *w = b->first; w; w = w->next)
		waits |= w->addr == addr && !w->bits;
	futex_pi_release(irq_too);
	uk_spin_unlock_irqrestore(&b->lock, irq);
	return waits;
}

bool futex_pi_waits(const uint32_t *addr)
{
	return __atomic_load_n(&pis.nblocked, __ATOMIC_RELAXED) &&
	       look_for_waiter(addr);
}

static void wake_for_wall(const struct futex_pi *pi)
{
	const struct futex_pi_waiter *pw;

	uk_list_for_each(pw, &pi->waiters, node)
		if (pw->w.end.is_wall)
			uk_thread_wake(pw->w.thread);
}

void futex_pi_wall_moved(void)
{
	const unsigned long irq = futex_pi_hold();

	for (unsigned int i = 0; i < FUTEX_NBUCKETS; i++)
		for (const struct futex_pi *pi = pis.bucket[i]; pi;
		     pi = pi->next)
			wake_for_wall(pi);
	futex_pi_release(irq);
}
