/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/thread.h>

struct uk_alloc;
struct uk_sched_ops;

/*
 * The scheduler: who runs threads. An image has one, chosen by the
 * configuration:
 *
 *   ukschedcoop  threads of the boot CPU take turns, each until it blocks or
 *                yields; deterministic, smallest
 *   ukschedsmp   all CPUs, 32 priorities, round robin among equals with a time
 *                slice, threads may be preempted anywhere
 *
 * In stage SCHED the boot context becomes the thread "main".
 *
 * Context, unless said otherwise: thread, from stage SCHED on.
 */
struct uk_sched {
	const struct uk_sched_ops *ops;	/* see <uk/sched_impl.h> */

	/* Where uk_sched_thread_create_…() takes memory; may be changed. */
	struct uk_alloc *a;
	struct uk_alloc *a_stack;
	struct uk_alloc *a_auxstack;	/* NULL: no auxiliary stacks */
	struct uk_alloc *a_uktls;
};

/* The scheduler of the caller; NULL before stage SCHED. */
static inline struct uk_sched *uk_sched_current(void)
{
	struct uk_thread *const t = uk_thread_current();

	return t ? t->sched : NULL;
}

/*
 * Let other threads run that are as urgent as the caller, or more. Returns
 * when it is the caller's turn again; after uk_thread_block(), when it has
 * been woken. Interrupts are on or off as they were.
 */
void uk_sched_yield(void);

/*
 * The same for a caller that others find by what is on its stack, as those do
 * that wait for files: if it is to exit (uk_thread_terminate()), it does not do
 * so here.
 */
void uk_sched_wait(void);

/*
 * Have @s run @t, as soon as it is UK_THREADF_RUNNABLE; it begins with
 * interrupts on, if they are now. Returns 0, or
 *   -EINVAL  @t has a scheduler, or has exited
 */
UK_MUST_USE int uk_sched_thread_add(struct uk_sched *s, struct uk_thread *t);

/*
 * Nobody runs @t any more, which stays as it is. Returns 0, or
 *   -EINVAL  it has no scheduler
 *   -EBUSY   it is running
 */
UK_MUST_USE int uk_sched_thread_remove(struct uk_thread *t);

/*
 * Make a thread that calls @fn, and have @s run it. It belongs to nobody and
 * is freed when it has exited, so the result is of use only to who knows that
 * it is alive. @s gives the memory; the arguments are those of <uk/thread.h>,
 * with @no_uktls in the place of an allocator. NULL: no memory, or a function
 * of UK_THREAD_INIT() failed.
 */
struct uk_thread *uk_sched_thread_create_fn0(
	struct uk_sched *s, uk_thread_fn0_t fn, size_t stack_len,
	size_t auxstack_len, bool no_uktls, bool no_ectx, const char *name,
	void *priv, uk_thread_dtor_t dtor);
struct uk_thread *uk_sched_thread_create_fn1(
	struct uk_sched *s, uk_thread_fn1_t fn, void *arg, size_t stack_len,
	size_t auxstack_len, bool no_uktls, bool no_ectx, const char *name,
	void *priv, uk_thread_dtor_t dtor);
struct uk_thread *uk_sched_thread_create_fn2(
	struct uk_sched *s, uk_thread_fn2_t fn, void *arg0, void *arg1,
	size_t stack_len, size_t auxstack_len, bool no_uktls, bool no_ectx,
	const char *name, void *priv, uk_thread_dtor_t dtor);

/* The usual case: default stack, thread-local storage, FP and SIMD. */
#define uk_sched_thread_create(s, fn, arg, name)			\
	uk_sched_thread_create_fn1(s, fn, arg, 0, 0, false, false, name, \
				   NULL, NULL)

/* Do nothing for @ns at least. Needs lib/uktime in the image. */
void uk_sched_thread_sleep(uint64_t ns);

/* uk_thread_exit() and uk_thread_terminate(), by their other names. */
UK_NORETURN static inline void uk_sched_thread_exit(void)
{
	uk_thread_exit();
}

static inline void uk_sched_thread_terminate(struct uk_thread *t)
{
	uk_thread_terminate(t);
}

/*
 * The caller exits, and @gc_fn(t, @gc_arg) is called by another thread when
 * its stack and thread-local storage are in use no more, but are still there.
 */
UK_NORETURN void uk_sched_thread_exit2(uk_thread_gc_t gc_fn, void *gc_arg);

/*
 * Call @fn(t, @arg) for every thread that has been made and not freed, until
 * it returns other than 0, which is the result. None is made or freed
 * meanwhile, so it neither blocks nor allocates.
 */
int uk_sched_foreach_thread(int (*fn)(struct uk_thread *t, void *arg),
			    void *arg);
