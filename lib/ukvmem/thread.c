/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who is in which address space. It is written in the thread, and the scheduler
 * changes over where two threads differ; before there are threads, the boot
 * context has one.
 *
 * Who is in an address space counts as a user of it, so one without users is
 * active nowhere: a thread comes and goes by itself, or before it runs. The
 * switch counts nothing.
 *
 * A home is what threads see that say nothing, the idle ones too: it is never
 * ended, so a CPU may have it active without anybody who counts. CPUs learn of
 * it when they touch it. A thread whose stack is in it may wait: no thread in
 * the image makes its CPU leave it.
 *
 * Refused: that the idle thread stays in any address space of the thread before
 * it. It saves a change, but an address space would be active where nobody is
 * in it, and could not be ended.
 */
#include "vmem_priv.h"

#include <uk/arch/paging.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/preempt.h>
#include <uk/sched_impl.h>
#include <uk/thread.h>

/* The boot context's; "main" takes it over. */
static struct uk_vas *boot_vas;

/* Of who is in no other; written once. Atomic: release, with acquire. */
static struct uk_vas *home;

static struct uk_vas *at_home(void)
{
	return __atomic_load_n(&home, __ATOMIC_ACQUIRE);
}

static struct uk_vas **mine(void)
{
	struct uk_thread *const me = uk_thread_current();

	return me ? &me->vas_ : &boot_vas;
}

/* Preemption is off, and the stack stays where it is. */
static void enter(struct uk_vas *vas)
{
	UK_ASSERT((uintptr_t)__builtin_frame_address(0) >= UKARCH_LINEAR_BASE);
	if (!vas)
		vas = at_home();
	uk_paging_activate(vas ? &vas->pt : uk_paging_kernel());
}

static void get(struct uk_vas *vas)
{
	if (vas)
		(void)__atomic_fetch_add(&vas->nusers, 1, __ATOMIC_RELAXED);
}

static void put(struct uk_vas *vas)
{
	/* Release, with the acquire in vmem_is_used(): it is not active. */
	if (vas)
		(void)__atomic_fetch_sub(&vas->nusers, 1, __ATOMIC_RELEASE);
}

bool vmem_is_used(const struct uk_vas *vas)
{
	return __atomic_load_n(&vas->nusers, __ATOMIC_ACQUIRE) > 0;
}

void vmem_use_threads(void)
{
	uk_sched_set_spaces(enter);
}

void uk_vas_activate(struct uk_vas *vas)
{
	struct uk_vas **const my = mine();
	struct uk_vas *const old = *my;

	if (vas == old)
		return;
	get(vas);
	/* The scheduler, too, believes that what is written is active. */
	uk_preempt_disable();
	*my = vas;
	enter(vas);
	uk_preempt_enable();
	put(old);
}

struct uk_vas *uk_vas_get_active(void)
{
	struct uk_vas *const my = *mine();

	return my ? my : at_home();
}

int uk_vas_set_home(struct uk_vas *vas)
{
	struct uk_vas *none = NULL;

	get(vas);
	if (__atomic_compare_exchange_n(&home, &none, vas, false,
					__ATOMIC_RELEASE, __ATOMIC_RELAXED))
		return 0;
	put(vas);
	return -EBUSY;
}

bool vmem_come_home(void)
{
	if (*mine() || !at_home() || uk_paging_active() != uk_paging_kernel())
		return false;
	enter(NULL);
	return true;
}

struct uk_vas *vmem_here(void)
{
	struct uk_vas *const my = *mine();
	struct uk_vas *const vas = my ? my : at_home();

	/* Somebody may have another one active, past this library. */
	return my || !vas || uk_paging_active() == &vas->pt ? vas : NULL;
}

void uk_vas_set_thread(struct uk_vas *vas, struct uk_thread *t)
{
	struct uk_vas *const old = t->vas_;

	UK_ASSERT(!t->sched);
	get(vas);
	t->vas_ = vas;
	put(old);
}

static int inherit(struct uk_thread *child, struct uk_thread *parent)
{
	if (parent) {
		child->vas_ = parent->vas_;
		get(child->vas_);
	} else {
		child->vas_ = boot_vas;
		boot_vas = NULL;
	}
	return 0;
}

static void leave(struct uk_thread *t)
{
	if (t == uk_thread_current()) {
		uk_vas_activate(NULL);
	} else {
		put(t->vas_);
		t->vas_ = NULL;
	}
}

/* First, so that it is last when a thread ends. */
UK_THREAD_INIT_PRIO(inherit, leave, 0);

const char *vmem_stack_of(uintptr_t start, uintptr_t end, uintptr_t sp)
{
	const struct uk_thread *const me = uk_thread_current();
	uintptr_t stack;

	if (!me)
		return NULL;
	stack = (uintptr_t)me->_mem.stack;
	return (stack >= start && stack < end) || (sp >= start && sp <= end)
	       ? me->cur.name : NULL;
}
