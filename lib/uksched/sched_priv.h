/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/assert.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/sched_impl.h>
#include <uk/thread.h>

/*
 * Where the parts of a thread lie in its block of memory (layout.c). Offsets;
 * the thread itself is always there, of the others those that have a length.
 */
struct sched_layout {
	size_t size;		/* of the block */
	size_t align;
	size_t stack_len;	/* the stack begins at 0 */
	size_t thread;
	size_t ectx;
	size_t tls;
	size_t trap;		/* UKARCH_TRAP_STACK_SIZE bytes */
};

/* What a block has to have. */
struct sched_parts {
	size_t stack_len;
	size_t ectx_len;
	size_t tls_len;
	size_t tls_align;
	bool trap_stack;
};

/* Returns false if the lengths overflow. */
bool sched_layout(struct sched_layout *l, const struct sched_parts *parts);

/*
 * The block for a thread from @a, with a stack. Guards (guards.c): @t, in it,
 * is told which part of its stack may have no memory yet; and stacks are from
 * an allocator that keeps their surroundings free.
 */
#if UK_IS_ENABLED(CONFIG_LIBUKSCHED_GUARDS)
UK_MUST_USE void *sched_stack_alloc(struct uk_alloc *a,
				    const struct sched_layout *l);
struct uk_alloc *sched_stacks(struct uk_alloc *heap);
/*
 * Say at which thread's stack @addr is; false: at none's. For the crash screen:
 * takes no lock.
 */
bool sched_describe(uintptr_t addr, char *buf, size_t size);
#else
static inline void *sched_stack_alloc(struct uk_alloc *a,
				      const struct sched_layout *l)
{
	return uk_memalign(a, l->align, l->size);
}

static inline struct uk_alloc *sched_stacks(struct uk_alloc *heap)
{
	return heap;
}
#endif
#if UK_IS_ENABLED(CONFIG_LIBUKALLOCSTACK_DEMAND)
void sched_stack_lazy(struct uk_thread *t);
/* Does @t's stack have all its memory, the canary's too? */
static inline bool sched_stack_is_whole(const struct uk_thread *t)
{
	return t->cur.lazy_len == 0;
}
#else
static inline void sched_stack_lazy(struct uk_thread *t UK_UNUSED)
{
}

static inline bool sched_stack_is_whole(const struct uk_thread *t UK_UNUSED)
{
	return true;
}
#endif

/*
 * Thread-local storage (tls.c)
 */

/* Bytes of an area; 0: this image has no thread-local variables and no TCB. */
size_t sched_tls_len(void);

/* Fill @area for @t, which gets UKTLS. Returns 0, or the libc's error. */
UK_MUST_USE int sched_tls_init(struct uk_thread *t, void *area);

/* Undo it. */
void sched_tls_fini(struct uk_thread *t);

/* UK_THREAD_INIT() (hooks.c); the first returns a hook's error. */
UK_MUST_USE int sched_hooks_init(struct uk_thread *t);
void sched_hooks_term(struct uk_thread *t);

/* The list of all threads (registry.c). */
void sched_register(struct uk_thread *t);
void sched_unregister(struct uk_thread *t);
/*
 * The name of the thread whose block begins at @block; NULL: it is nobody's, or
 * the list is being changed. For the crash screen: takes no lock.
 */
const char *sched_owner_of(uintptr_t block);

/* Fill the low end of the @t's stacks (canary.c). */
void sched_canary_init(struct uk_thread *t);

/* Set @t->ctx so that @t begins in sched_begin() (begin.c). */
void sched_prepare(struct uk_thread *t);

/*
 * Leave the CPU until woken: as uk_sched_yield(), but not a place where a
 * thread is terminated.
 */
static inline void sched_block(void)
{
	struct uk_thread *const self = uk_thread_self();

	UK_ASSERT(self->cur.is_thread);
	uk_sched_wait_(self);
}

/* @t's alarm does not go off any more (time.c). */
#if UK_IS_ENABLED(CONFIG_LIBUKSCHED_TIME)
void sched_alarm_end(struct uk_thread *t);
#else
static inline void sched_alarm_end(struct uk_thread *t)
{
	(void)t;
}
#endif

/* @t is freed; its counts are kept (stats.c). The registry's lock is held. */
#if UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS)
void sched_stats_gone(const struct uk_thread *t);
#else
static inline void sched_stats_gone(const struct uk_thread *t)
{
	(void)t;
}
#endif

/* What join_ may be beside a thread that waits. */
#define SCHED_OWNED	((struct uk_thread *)0)		/* nobody waits */
#define SCHED_NOBODYS	((struct uk_thread *)1)		/* nobody will */
#define SCHED_DONE	((struct uk_thread *)2)		/* has exited */
