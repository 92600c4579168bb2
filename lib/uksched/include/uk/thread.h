/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/ctx.h>
#include <uk/arch/percpu.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/current.h>
#include <uk/event.h>
#include <uk/list.h>
#if UK_IS_ENABLED(CONFIG_LIBUKSCHED_TIME)
#include <uk/timer.h>
#endif

struct uk_alloc;
struct uk_mutex;
struct uk_sched;
struct uk_thread;
struct uk_vas;

/*
 * Threads, whatever schedules them: what one consists of, and what it can do
 * by itself. Making one and having it run are two steps:
 *
 *	t = uk_thread_create_fn1(a, work, arg, a, 0, NULL, 0, NULL, false,
 *				 "worker", NULL, NULL);
 *	rc = uk_sched_thread_add(uk_sched_current(), t);
 *	...
 *	uk_thread_join(t);
 *
 * or one, with uk_sched_thread_create() of <uk/sched.h>; such a thread belongs
 * to nobody and is freed when it has ended. One that was made by a function of
 * this header belongs to who made it: it stays until it is joined, released or
 * detached.
 *
 * The structure and the names are what library ports know; in the core they
 * never set errno.
 *
 * Context, unless said otherwise: thread, from stage SCHED on.
 */

/* What a thread runs. When one of these returns the thread exits. */
typedef void (*uk_thread_fn0_t)(void);
typedef void (*uk_thread_fn1_t)(void *arg);
typedef void (*uk_thread_fn2_t)(void *arg0, void *arg1);

/*
 * Called when @t is freed, before its memory is. Context: whoever frees it.
 */
typedef void (*uk_thread_dtor_t)(struct uk_thread *t);

/* See uk_sched_thread_exit2(). */
typedef void (*uk_thread_gc_t)(struct uk_thread *t, void *arg);

/* Bytes of a stack when nobody says another number. */
#define UK_THREAD_STACK_SIZE						\
	((size_t)UKARCH_PAGE_SIZE << CONFIG_STACK_SIZE_PAGE_ORDER)

/* Flags. The first four do not change after the creation. */
#define UK_THREADF_ECTX		0x001	/* may use FP and SIMD registers */
#define UK_THREADF_AUXSP	0x002	/* has an auxiliary stack */
#define UK_THREADF_UKTLS	0x004	/* has thread-local storage */
#define UK_THREADF_TLSP		0x040	/* has a thread pointer: UKTLS too */
#define UK_THREADF_RUNNABLE	0x008	/* does not wait for anything */
#define UK_THREADF_EXITED	0x010	/* does not run any more */
#define UK_THREADF_QUEUEABLE	0x020	/* a scheduler has it */
#define UK_THREADF_TERMINATE	0x100	/* exits at its next opportunity */

/* 0 is least, 31 most urgent; a scheduler may know one only. */
#define UK_THREAD_PRIO_MAX	31
#define UK_THREAD_PRIO_DEFAULT	16

/* Bit i: may run on CPU i. All CPUs above 63 count as allowed by ANY only. */
#define UK_THREAD_CPU_ANY	UINT64_MAX

struct uk_thread {
	/* First: the running thread is ukarch_current(). */
	struct uk_current cur;

	/* Public. */
	struct ukarch_ctx ctx;	/* where it goes on when it does not run */
	uint32_t flags;		/* atomic once the thread has been added */
	uint8_t prio;		/* it runs at; its own, or what it was lent */
	struct uk_sched *sched;	/* NULL: nobody runs it */
	void *priv;		/* the creator's */
	uintptr_t tlsp;		/* thread pointer while it does not run */
	uintptr_t auxsp;	/* upper end of the auxiliary stack, or 0 */
	struct {
		void *stack;	/* lower end; NULL: not ours */
		size_t stack_len;
		void *trapstack;	/* lower end; NULL: its CPU's */
		void *auxstack;
		struct uk_alloc *auxstack_a;
		void *uktls;	/* area for TLS; NULL: none, or not ours */
		void *block;	/* that holds this structure, and what else */
		struct uk_alloc *block_a;	/* NULL: not ours */
	} _mem;

	/* Private to lib/uksched; what is shared names its lock. */
	void *ectx_;		/* UKARCH_ECTX_ALIGN; see UK_THREADF_ECTX */
	uk_thread_fn2_t fn_;	/* NULL: begin at start_ */
	void *arg0_, *arg1_;
	struct ukarch_ctx start_;
	uk_thread_dtor_t dtor_;
	uk_thread_gc_t gc_fn_;
	void *gc_arg_;
	struct uk_thread *gc_next_;	/* the garbage list's lock */
	struct uk_thread *join_;	/* atomic, see join.c */
	struct uk_list all_;	/* the list's lock, see registry.c */

	/*
	 * Private to the scheduler, under its lock; the priorities, prio too,
	 * are atomic, relaxed, for those who only look.
	 */
	uint8_t base_prio_;
	uint8_t lent_prio_;	/* 0: nobody lends */
	struct uk_list queue_;
	bool queued_;		/* is in a run queue */
	bool on_cpu_;		/* runs: its ctx is not valid */
	bool irqs_;		/* begins with interrupts on */
	uint32_t cpu_;		/* logical index, of the last one */
	uint64_t cpus_;		/* that it may run on */
	void *home_;		/* what the scheduler has of that CPU; atomic */

#if UK_IS_ENABLED(CONFIG_LIBUKSCHED_SPACES)
	/* NULL: none. By the thread, or before it is added: see lib/ukvmem. */
	struct uk_vas *vas_;
#endif
#if UK_IS_ENABLED(CONFIG_LIBUKSCHED_TIME)
	/* Ends uk_thread_block_until(); the thread's own, but to fire. */
	struct uk_timer timer_;
#endif
#if UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS)
	/* Written when it gets and leaves a CPU, by that CPU. */
	uint64_t run_ticks_;
	uint64_t since_;	/* ticks when it got the CPU; 0: it has none */
	uint64_t nswitches_;
	uint64_t npreempted_;
#endif
#if UK_IS_ENABLED(CONFIG_LIBUKLOCK_INHERIT)
	/* What it waits for, and those who wait for it: see lib/uklock. */
	uintptr_t waiter_;
	struct uk_mutex *lenders_;
	uint8_t wait_prio_;
#endif
#if UK_IS_ENABLED(CONFIG_LIBUKLOCK_DEBUG)
	/* Written by the thread, read by others: see lib/uklock. */
	struct uk_mutex *waits_for_;
#endif
};

/* The running thread; NULL before stage SCHED. Context: any. */
static inline struct uk_thread *uk_thread_current(void)
{
	struct uk_current *const cur = ukarch_current();

	return UK_LIKELY(cur->is_thread) ? (struct uk_thread *)(void *)cur :
					   NULL;
}

/* The same for who knows that a thread runs, or only compares. */
static inline struct uk_thread *uk_thread_self(void)
{
	return (struct uk_thread *)(void *)ukarch_current();
}

/*
 * The logical index of the CPU that @t runs on, or ran on last: a hint, it may
 * be another one a moment later. Context: any; @t is alive.
 */
static inline unsigned int uk_thread_cpu(const struct uk_thread *t)
{
	return UK_READ_ONCE(t->cpu_);
}

/*
 * Making threads
 *
 * @a gives memory for the structure. @a_stack, if not NULL, gives a stack of
 * @stack_len bytes (0: UK_THREAD_STACK_SIZE), and then the structure, the FP
 * state and thread-local storage are in the same block of memory. @a_auxstack
 * is NULL or gives a second stack for trapped system calls, of
 * @auxstack_len bytes (0: UK_THREAD_STACK_SIZE). @a_uktls NULL: no
 * thread-local storage, so no code that may use it (a libc, an application).
 * @no_ectx: the thread uses no FP or SIMD register, so neither may what it
 * calls outside the core. @name is shown by logs and crash screens and lives
 * as long as the thread. It may run on the same CPUs as the creator, and has
 * UK_THREAD_PRIO_DEFAULT. @priv is the caller's. @dtor may be NULL.
 *
 * The functions registered with UK_THREAD_INIT() are called, in the context
 * of the creator. All return NULL without memory, or if one of these fails.
 */

/*
 * The rest of the arguments is for ukarch_ctx_init() of the caller, on
 * _mem.stack: a container is what a loaded program runs in. To be runnable
 * when it is added, it gets UK_THREADF_RUNNABLE.
 */
UK_MUST_USE
struct uk_thread *uk_thread_create_container(
	struct uk_alloc *a, struct uk_alloc *a_stack, size_t stack_len,
	struct uk_alloc *a_auxstack, size_t auxstack_len,
	struct uk_alloc *a_uktls, bool no_ectx, const char *name, void *priv,
	uk_thread_dtor_t dtor);

/*
 * A container for a stack and thread pointer that the caller brings: it begins
 * with stack pointer @sp, @auxsp and @tlsp (0: it has none). @is_uktls: the
 * area at @tlsp is the image's thread-local storage, ready, with a libc's
 * control block; it stays the caller's. Else @tlsp is a pointer of its own, of
 * a loaded program, and it runs no code that may use the image's.
 */
UK_MUST_USE
struct uk_thread *uk_thread_create_container2(
	struct uk_alloc *a, uintptr_t sp, uintptr_t auxsp, uintptr_t tlsp,
	bool is_uktls, bool no_ectx, const char *name, void *priv,
	uk_thread_dtor_t dtor);

/*
 * The same, and it is runnable and begins at @ip, as a function that does not
 * return. @sp is a multiple of UKARCH_SP_ALIGN.
 */
UK_MUST_USE
struct uk_thread *uk_thread_create_bare(
	struct uk_alloc *a, uintptr_t ip, uintptr_t sp, uintptr_t auxsp,
	uintptr_t tlsp, bool is_uktls, bool no_ectx, const char *name,
	void *priv, uk_thread_dtor_t dtor);

/* Runnable threads that call @fn. @a_stack is not NULL. */
UK_MUST_USE
struct uk_thread *uk_thread_create_fn0(
	struct uk_alloc *a, uk_thread_fn0_t fn, struct uk_alloc *a_stack,
	size_t stack_len, struct uk_alloc *a_auxstack, size_t auxstack_len,
	struct uk_alloc *a_uktls, bool no_ectx, const char *name, void *priv,
	uk_thread_dtor_t dtor);
UK_MUST_USE
struct uk_thread *uk_thread_create_fn1(
	struct uk_alloc *a, uk_thread_fn1_t fn, void *arg,
	struct uk_alloc *a_stack, size_t stack_len,
	struct uk_alloc *a_auxstack, size_t auxstack_len,
	struct uk_alloc *a_uktls, bool no_ectx, const char *name, void *priv,
	uk_thread_dtor_t dtor);
UK_MUST_USE
struct uk_thread *uk_thread_create_fn2(
	struct uk_alloc *a, uk_thread_fn2_t fn, void *arg0, void *arg1,
	struct uk_alloc *a_stack, size_t stack_len,
	struct uk_alloc *a_auxstack, size_t auxstack_len,
	struct uk_alloc *a_uktls, bool no_ectx, const char *name, void *priv,
	uk_thread_dtor_t dtor);

/*
 * Threads end
 */

/*
 * Free @t, which the caller owns and no scheduler has: it was never added, was
 * removed, or uk_thread_is_exited().
 */
void uk_thread_release(struct uk_thread *t);

/*
 * Wait until @t, which the caller owns, has exited, and free it. One thread
 * only may join another, once, and none itself.
 */
void uk_thread_join(struct uk_thread *t);

/* The caller gives @t up: it is freed as soon as it has exited. */
void uk_thread_detach(struct uk_thread *t);

/*
 * Has @t, which the caller owns, exited, so that its stack is in use no more
 * and it may be released? Context: any.
 */
bool uk_thread_is_exited(const struct uk_thread *t);

/* The caller does not run any more. Not for the first thread, "main". */
UK_NORETURN void uk_thread_exit(void);

/*
 * Make @t exit, with what UK_THREAD_INIT() registered being undone. The caller
 * does so at once; another thread when it calls uk_sched_yield() or
 * uk_sched_thread_sleep() next, at once if it is in there, and if it has not
 * begun yet. Not while it waits in a lock, in a wait queue, for a file or a
 * futex: it would leave that locked, or linked to a stack that is gone. @t is
 * the caller's, or nobody's and known to be alive.
 */
void uk_thread_terminate(struct uk_thread *t);

/*
 * Waiting, the raw form; mostly <uk/wait.h> is what one wants.
 *
 *	uk_thread_block(uk_thread_current());
 *	... tell somebody who will call uk_thread_wake() ...
 *	uk_sched_yield();
 *
 * From the block on a wake is not lost: one before the yield makes that
 * return soon. The yield may return without a wake, so look why.
 */

/*
 * The caller waits from now on, or, @t being another thread, that does when it
 * does not run or stops running. Context: thread.
 */
void uk_thread_block(struct uk_thread *t);

/* The same where it is known that @t is the caller. */
static inline void uk_thread_block_self(struct uk_thread *t)
{
	/* Acquire, with the release in uk_thread_wake(). */
	(void)__atomic_fetch_and(&t->flags, ~UK_THREADF_RUNNABLE,
				 __ATOMIC_ACQUIRE);
}

/*
 * The same for the caller, and it is woken by the time at the latest: @ns from
 * now, or when uk_time_now() is @deadline_ns (0 or UK_TIME_NEVER: never). @t is
 * uk_thread_current(). Needs lib/uktime in the image.
 */
void uk_thread_block_timeout(struct uk_thread *t, uint64_t ns);
void uk_thread_block_until(struct uk_thread *t, uint64_t deadline_ns);

/*
 * @t does not wait any more. What the caller wrote before is seen by @t when
 * it goes on. @t must be alive: whoever wakes holds the lock of what @t waits
 * for, or knows otherwise. Context: any but NMI; cooperative scheduler: on
 * the boot CPU.
 */
void uk_thread_wake(struct uk_thread *t);

/*
 * The same for who has interrupts off, for a spinlock or for less: whom it has
 * woken gets this CPU no earlier than where the lock is given back, or at
 * uk_preempt_point(), which is the caller's to call.
 */
void uk_thread_wake_irqoff(struct uk_thread *t);

/*
 * If @t runs on another CPU, have that one take an interrupt, soon, at whose
 * end @t sees what the caller wrote before. @t is alive, as above. Context: any
 * but NMI.
 */
void uk_thread_interrupt(struct uk_thread *t);

static inline bool uk_thread_is_runnable(const struct uk_thread *t)
{
	return __atomic_load_n(&t->flags, __ATOMIC_RELAXED) &
	       UK_THREADF_RUNNABLE;
}

/*
 * Who runs when
 */

/*
 * Give @t a priority of its own. While it holds a mutex that somebody more
 * urgent waits for it runs at theirs, and comes back to its own afterwards.
 *
 * Returns 0, or
 *   -EINVAL   @prio is above UK_THREAD_PRIO_MAX
 *   -ENOTSUP  the scheduler knows no priorities
 */
UK_MUST_USE int uk_thread_set_prio(struct uk_thread *t, unsigned int prio);

/* Raised after that with a struct uk_thread_prio, in the caller's context. */
UK_EVENT_DECLARE(uk_thread_prio);

struct uk_thread_prio {
	struct uk_thread *t;
	unsigned int was;	/* its own priority before */
};

/*
 * For those who make locks: @t is to run at @prio at least, and no more at
 * what was said before; 0: at its own. There is one who lends in an image, who
 * serialises the calls for a thread. Returns whether @t, which is alive, is
 * more or less urgent now; never with a scheduler that knows no priorities.
 * Context: any but NMI.
 */
bool uk_thread_lend_prio(struct uk_thread *t, unsigned int prio);

/*
 * Let @t run on the CPUs of the bit mask @cpus only; if it is on another one,
 * it leaves that at once, or soon if it runs on another than the caller.
 *
 * Returns 0, or
 *   -EINVAL   none of them runs threads
 *   -ENOTSUP  the scheduler knows one CPU
 */
UK_MUST_USE int uk_thread_set_affinity(struct uk_thread *t, uint64_t cpus);

/* Those of the mask that run threads now. Context: any. */
uint64_t uk_thread_affinity(const struct uk_thread *t);

/*
 * What @t had of its CPUs so far; and what all threads had, those that are gone
 * too, but for the idle ones. Both need CONFIG_LIBUKSCHED_STATS, else
 * -ENOTSUP. Who asks while another CPU switches may miss what the thread that
 * leaves had since it came, and gets too much never. Context: any but NMI; @t
 * is alive.
 */
struct uk_thread_stats {
	uint64_t run_ticks;	/* of ukarch_ticks() */
	uint64_t nswitches;	/* times it left a CPU */
	uint64_t npreempted;	/* of these, without asking for it */
};

UK_MUST_USE int uk_thread_stats_get(const struct uk_thread *t,
				    struct uk_thread_stats *stats);
UK_MUST_USE int uk_thread_stats_all(struct uk_thread_stats *stats);

/* @t's copy of thread-local variable @var of the caller; both have UKTLS. */
#define uk_thread_uktls_var(t, var)					\
	(*(__typeof__(&(var)))((uintptr_t)&(var) - ukarch_tp_get() +	\
			       ((t) == uk_thread_current() ?		\
				ukarch_tp_get() : (t)->tlsp)))

/*
 * What is done for every thread.
 *
 *	UK_THREAD_INIT(futex_thread_init, futex_thread_term);
 *
 * @init is called when @child is made by @parent (NULL: in stage SCHED), in
 * the parent's context, and a negative result makes that fail. @term is called
 * when it exits, in its own context, or when it is freed without having run.
 * Either may be NULL. They are called in the order of @prio, 0 to 9, among
 * equals a library after what it depends on; term functions the other way
 * round. With _FLAGS only for threads that have all of @flags (of
 * UK_THREADF_ECTX, AUXSP, UKTLS). A thread that the scheduler needs for itself
 * (idle) is not told of.
 */
struct uk_thread_inittab_entry {
	uint64_t flags;
	int (*init)(struct uk_thread *child, struct uk_thread *parent);
	void (*term)(struct uk_thread *child);
	uint64_t reserved;
};

_Static_assert(sizeof(struct uk_thread_inittab_entry) == 32,
	       "array in the image");

#define UK_THREAD_INIT_FLAGS_(init_, term_, prio_, flags_)		\
	static const struct uk_thread_inittab_entry			\
	uk_thread_inittab_##prio_##_##init_				\
	UK_USED UK_IN_ORDER UK_ALIGNED(8)				\
	UK_SECTION(".uk_thread_init." #prio_) = {			\
		.flags = flags_,					\
		.init = init_,						\
		.term = term_,						\
	}
#define UK_THREAD_INIT_PRIO_FLAGS(init, term, prio, flags)		\
	UK_THREAD_INIT_FLAGS_(init, term, prio, flags)
#define UK_THREAD_INIT_PRIO(init, term, prio)				\
	UK_THREAD_INIT_PRIO_FLAGS(init, term, prio, 0)
#define UK_THREAD_INIT_FLAGS(init, term, flags)				\
	UK_THREAD_INIT_PRIO_FLAGS(init, term, 5, flags)
#define UK_THREAD_INIT(init, term)  UK_THREAD_INIT_PRIO(init, term, 5)
