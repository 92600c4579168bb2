/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/signal.h>
#include <uk/arch/trap.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/event.h>
#include <uk/signal_entry.h>
#include <uk/spinlock.h>
#include <uk/task.h>

/* Nobody blocks, ignores or handles these. */
#define SIG_FIXED	(UK_ABI_SIGBIT(UK_ABI_SIGKILL) | \
			 UK_ABI_SIGBIT(UK_ABI_SIGSTOP))

/*
 * Signals that wait (queue.c). Under the lock.
 */
struct sig_set {
	uint64_t bits;
	struct uk_signal_entry *first, **last;	/* last NULL: none ever */
};

/* Put @e at the end; or a signal about which nothing is known. */
void sig_push(struct sig_set *set, struct uk_signal_entry *e);
void sig_mark(struct sig_set *set, int sig);

/*
 * Take the oldest @sig out, to @info. Returns its entry, if it had one, which
 * is the caller's then, if it is not a sender's.
 */
struct uk_signal_entry *sig_take(struct sig_set *set, int sig,
				 struct uk_abi_siginfo *info);

/* Take all of @bits out; returns their entries, but for those of senders. */
struct uk_signal_entry *sig_drop(struct sig_set *set, uint64_t bits);

/* Take @e out, which is in @set. */
void sig_remove(struct sig_set *set, struct uk_signal_entry *e);

/* Which of @bits, not 0, is next: faults first, then from the lowest on. */
int sig_next(uint64_t bits);

/*
 * What a thread has. Under the lock, but for what only it uses itself.
 */
struct uk_signals {
	uint64_t mask;		/* blocked; changed by itself */
	uint64_t waits_for;	/* in rt_sigtimedwait() */
	uint64_t old_mask;	/* of itself: to have when a handler returns */
	bool has_old_mask;
	bool until_handled;	/* its call ends with a handler only */
	struct uk_abi_stack alt;	/* of itself */
	struct sig_set waiting;
};

/* What the process has. */
struct sig_process {
	struct uk_spinlock lock;
	struct uk_abi_sigaction action[UK_ABI_NSIG];	/* lock */
	struct sig_set waiting;				/* lock */
	uint32_t nqueued;				/* atomic */
	struct uk_alloc *heap;	/* of all entries and threads; constant */
};

extern struct sig_process sig_process;

/* The lock is held. */
static inline struct uk_abi_sigaction *sig_action(int sig)
{
	return &sig_process.action[sig - 1];
}

static inline bool sig_valid(int sig)
{
	return sig >= 1 && sig <= UK_ABI_NSIG;
}

/* What happens without a handler (default.c). */
enum sig_default { SIG_ENDS, SIG_DUMPS, SIG_IGNORED, SIG_STOPS };
enum sig_default sig_default(int sig);

/* Is @sig ignored, as it is now? The lock is held. */
bool sig_is_ignored(int sig);

/* Free the entries from @e on. */
void sig_free(struct uk_signal_entry *e);

/*
 * Have @task, by whose mask or signals something has changed, be asked or not
 * be asked; it is woken if it is. The lock is held.
 */
void sig_update(struct uk_task *task);
/* The same for the running thread, by itself. */
void sig_update_self(struct uk_task *self);

/* Ask a thread that does not block @sig, which waits for the process. */
void sig_offer(int sig);

/* Block @mask from now on; the running thread. */
void sig_set_mask(uint64_t mask);

/* The same until a handler has returned: then it is as before. */
void sig_swap_mask(uint64_t mask);
/* And if there has been none. */
void sig_restore_mask(void);

/*
 * Take the next signal of @set, not in a mask, that waits for the running
 * thread or the process. Returns its number, or 0.
 */
int sig_take_any(uint64_t set, struct uk_abi_siginfo *info);

/* Bytes that an alternate stack has at least (MINSIGSTKSZ). */
#define SIG_ALT_LEAST	(UK_IS_ENABLED(CONFIG_ARCH_X86_64) ? 2048u : 5120u)

/*
 * The alternate stack (altstack.c): whether @sp is on it, what is told of it,
 * and setting it: 0, -EINVAL or -ENOMEM.
 */
bool sig_on_alt(const struct uk_signals *s, uintptr_t sp);
struct uk_abi_stack sig_alt_told(const struct uk_signals *s, uintptr_t sp);
long sig_alt_set(struct uk_signals *s, const struct uk_abi_stack *set);

/*
 * A signal that has been taken (taken.c), and what was to be done with it then:
 * a handler, or SIG_DFL, to end the program.
 */
struct sig_taken {
	int sig;
	struct uk_abi_siginfo info;
	struct uk_abi_sigaction action;
};

/* The action of @t->sig. False: it is ignored, as it is now. */
UK_MUST_USE bool sig_look_up(struct sig_taken *t);

/* Take one that is neither blocked nor ignored; false: there is none. */
UK_MUST_USE bool sig_take_next(struct uk_signals *s, struct sig_taken *t);

/*
 * Is a call that has done nothing made again when @t has been handled? @always:
 * it is one that wants that of all handlers.
 */
static inline bool sig_restarts(const struct uk_signals *s,
				const struct sig_taken *t, bool always)
{
	return always || (!s->until_handled &&
			  (t->action.flags & UK_ABI_SA_RESTART));
}

/* Whether it is, which is looked at once, before any handler runs. */
static inline bool sig_call_again(void)
{
	struct uk_task *const task = uk_task_current();
	const bool always = task->call_again;

	task->call_again = false;
	return always;
}

/* Is its handler for the alternate stack, and @sp is not on it? */
bool sig_wants_alt(const struct uk_signals *s, const struct sig_taken *t,
		   uintptr_t sp);

/* What is to be blocked after the next handler. */
uint64_t sig_mask_behind(const struct uk_signals *s);

/* The handler of @t is next, or has ended and wants @alt and @mask. */
void sig_handler_begins(struct uk_signals *s, const struct sig_taken *t,
			bool on_alt);
void sig_handler_ended(struct uk_signals *s, struct uk_abi_stack alt,
		       uint64_t mask);

/* The host asks for the end: as handlers of ukplat_end_asked (asked.c). */
enum uk_event_result sig_end_asked(void *data);

/* End the program by @sig. */
UK_NORETURN void sig_end_program(int sig);

/* See uk_call_set_exit(); the second one if uk_call_is_trapped(). */
bool sig_exit(long *ret, struct ukarch_regs *regs);
bool sig_trap_exit(struct uk_signals *s, long *ret, struct ukarch_regs *regs);

/*
 * Have @regs begin the handler of @t. @trap: what it is about, or NULL. False:
 * there is no memory for its frame, and nothing has changed.
 */
UK_MUST_USE bool sig_lead(struct uk_signals *s, const struct sig_taken *t,
			  const struct uk_trap *trap, struct ukarch_regs *regs);

/*
 * There was no memory for the frame of @sig, which is lost: have @regs begin
 * the handler of SIGSEGV, if there is one that may. False: as sig_lead().
 */
UK_MUST_USE bool sig_force_segv(struct uk_signals *s, int sig,
				struct ukarch_regs *regs);

/* @trap as @sig, if it is one: for handlers of its event (fault.c). */
enum uk_event_result sig_fault(const struct uk_trap *trap, int sig, int code,
			       uintptr_t addr);

/*
 * By the architecture (arch/<arch>/)
 */

/*
 * What a handler gets: the kernel's ucontext. Fill it with @regs, all but its
 * stack, its mask and what is reserved, which nobody writes; and have @regs be
 * what it says, as far as a program may change them: false, and nothing is, if
 * it goes on nowhere.
 */
struct sig_ucontext;
void sig_uc_fill(struct sig_ucontext *uc, const struct ukarch_regs *regs);
UK_MUST_USE
bool sig_uc_apply(const struct sig_ucontext *uc, struct ukarch_regs *regs);

/*
 * Call @handler(@sig, @info, @uc) on the stack whose upper end is @sp, 0: on
 * this one.
 */
void sig_call(uintptr_t sp, uintptr_t handler, int sig,
	      struct uk_abi_siginfo *info, struct sig_ucontext *uc);

/* Where a handler returns to for which nothing else is said. */
void sig_restorer(void);

/*
 * A frame that rt_sigreturn(2) ends, in the kernel's layout, with the FP and
 * SIMD registers as they are, below @top.
 */
struct sig_plan {
	uintptr_t top;
	uintptr_t low;			/* where the stack ends, 0: who knows */
	const struct sig_taken *taken;
	const struct uk_trap *trap;	/* or NULL */
	struct uk_abi_stack alt;	/* what it tells of the two */
	uint64_t mask;
};

/* Make it, and have @regs begin the handler. False: see sig_lead(). */
UK_MUST_USE
bool sig_frame_push(const struct sig_plan *plan, struct ukarch_regs *regs);

/*
 * The ucontext of the frame that @regs come back with. NULL: there is none,
 * or it has FP registers that cannot be.
 */
struct sig_ucontext *sig_uc_at(const struct ukarch_regs *regs);
void sig_uc_restore_fp(const struct sig_ucontext *uc);

/* Have @regs begin @fn(@arg), which does not return, below @sp. */
void sig_regs_begin(struct ukarch_regs *regs, void (*fn)(int arg), int arg,
		    uintptr_t sp);

/* The si_code of a SIGFPE, 0: the frame tells; and of a SIGTRAP. */
int sig_math_code(const struct ukarch_regs *regs);
int sig_debug_code(const struct ukarch_regs *regs);

/* Is a bus error one of an address alone? */
bool sig_is_unaligned(const struct uk_trap *trap);
