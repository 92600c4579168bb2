/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/arch/trap.h>
#include <uk/compiler.h>
#include <uk/config.h>

/*
 * What others ask of a thread while it is in a system call: a signal to
 * deliver, an end to come to. The core and the program share one privilege
 * level, so a thread that were made to do something else in the middle of a
 * call might hold a lock; it is asked, and does it where it leaves the
 * outermost call. A call that waits ends its wait early for that.
 *
 * Who asks sets a bit of @pending of the thread's struct uk_current, then
 * wakes the thread; who waits calls uk_call_interrupted() after it counts as
 * blocked. While @calls is 0 the thread is in its program and holds no lock of
 * the core: what comes then is done at the end of an interrupt, which who asks
 * sees to (uk_thread_interrupt()), or of a trap.
 *
 * All this is in images that have somebody who asks (CONFIG_HAVE_CALL_COUNT);
 * in others calls are not counted, and nothing is ever pending.
 */

/*
 * Minus this is the result of a call that was interrupted before it changed
 * anything, and may be made again. Programs never see it: the end of the
 * outermost call makes another call or -EINTR of it. A call that is not made
 * again, whatever the program wishes, returns -EINTR.
 */
#define UK_CALL_RESTART	512

/*
 * In struct uk_current's calls: the program was left by a trap, and all of its
 * integer registers are in a struct ukarch_regs, which is not on its stack.
 * Such a call counts by this bit alone.
 */
#define UK_CALL_TRAPPED	0x80000000u

/* Is @cur in such a call? Its FP and SIMD registers are its caller's then. */
static inline bool uk_call_is_trapped(const struct uk_current *cur)
{
	return UK_IS_ENABLED(CONFIG_HAVE_CALL_COUNT) &&
	       cur->calls & UK_CALL_TRAPPED;
}

/*
 * May the present call use the memory at @ptr, of which only the start is
 * looked at? False where CONFIG_LIBSYSCALL_SHIM_RANGE is on, the call was made
 * by an instruction, and @ptr is not in the half of the address space that is
 * for mappings: what is between the halves faults.
 */
static inline bool uk_call_may_use(const void *ptr)
{
	return !UK_IS_ENABLED(CONFIG_LIBSYSCALL_SHIM_RANGE) ||
	       !uk_call_is_trapped(ukarch_current()) || (intptr_t)ptr >= 0;
}

/* Bits of struct uk_current's pending. */
#define UK_CALL_SIGNAL	0x1u	/* signals that it does not block */
#define UK_CALL_END	0x2u	/* it is to exit */

/* Ask @cur for @bits. Context: any; the thread is alive. */
static inline void uk_call_ask(struct uk_current *cur, uint32_t bits)
{
	/* Release: with the acquire of who looks, for what it is asked. */
	__atomic_fetch_or(&cur->pending, bits, __ATOMIC_RELEASE);
}

/* @cur has done @bits, or need not. Context: any. */
static inline void uk_call_done(struct uk_current *cur, uint32_t bits)
{
	__atomic_fetch_and(&cur->pending, ~bits, __ATOMIC_RELAXED);
}

/* Is the caller asked to come out of its call? Context: thread. */
static inline bool uk_call_interrupted(void)
{
	return UK_IS_ENABLED(CONFIG_HAVE_CALL_COUNT) &&
	       __atomic_load_n(&ukarch_current()->pending, __ATOMIC_ACQUIRE);
}

/*
 * Count the caller into a call, and out of it: by UK_SYSCALL_R_DEFINE() for
 * every call that is not a leaf, and by a C library around a service of the
 * core that it calls directly, as malloc() does: a signal's handler would make
 * calls in the middle of it. Programs that call functions of the core that are
 * no system calls do the same, or have no handlers. They nest. What is pending
 * happens at the end of the outermost, which may not return then. A thread
 * stays what it is, so the end gets what the beginning has returned.
 *
 * Context: thread.
 */
static inline struct uk_current *uk_call_enter(void)
{
	struct uk_current *cur;

	if (!UK_IS_ENABLED(CONFIG_HAVE_CALL_COUNT))
		return NULL;
	cur = ukarch_current();
	cur->calls++;
	uk_compiler_barrier();
	return cur;
}

/* How a call ends: with @ret, or by being made @again. */
struct uk_call_end {
	long ret;
	bool again;
};

/*
 * The end of a call that is not the usual one: of the outermost one with
 * something pending, already counted out; or, still counted, with @ret
 * -UK_CALL_RESTART, or -EINTR if it was to be made again and is given up.
 * @regs: the caller's, if it has them, else NULL. If the call is made again it
 * is still counted. Contract: implemented by lib/syscall_shim.
 */
#if UK_IS_ENABLED(CONFIG_HAVE_CALL_COUNT)
struct uk_call_end uk_call_end_slow(struct uk_current *cur, long ret,
				    struct ukarch_regs *regs);
#else
/* Named by what is not optimised, and not called. */
static inline struct uk_call_end
uk_call_end_slow(struct uk_current *cur UK_UNUSED, long ret,
		 struct ukarch_regs *regs UK_UNUSED)
{
	return (struct uk_call_end){ .ret = ret, .again = false };
}
#endif

/*
 * The usual end of a call with result @ret. False: that is not it, and
 * uk_call_end_slow() is.
 *
 * Counted out first, then looked: who asks later finds a thread that is in
 * its program. A result that programs do not see is looked at while the call
 * still counts, so that nobody makes it stale.
 */
static inline bool uk_call_end(struct uk_current *cur, long ret)
{
	if (!UK_IS_ENABLED(CONFIG_HAVE_CALL_COUNT))
		return true;
	uk_compiler_barrier();
	if (UK_UNLIKELY(ret == -UK_CALL_RESTART))
		return false;
	if (--cur->calls != 0)
		return true;
	uk_compiler_barrier();
	return UK_LIKELY(!UK_READ_ONCE(cur->pending));
}

/* The end of a core service. */
static inline void uk_call_leave(struct uk_current *cur)
{
	if (UK_UNLIKELY(!uk_call_end(cur, 0)))
		(void)uk_call_end_slow(cur, 0, NULL);
}

/* @expr, which is not void, as one. */
#define UK_CALL_SERVICE(expr)						\
	__extension__ ({						\
		struct uk_current *const uk_cur_ = uk_call_enter();	\
		const __typeof__(expr) uk_val_ = (expr);		\
									\
		uk_call_leave(uk_cur_);					\
		uk_val_;						\
	})

/*
 * Does what is pending for the running thread: delivers signals, ends it.
 *
 * Called where it goes back to its program, and still counts, so that nothing
 * is delivered on top. It clears the bits of what it has done. Returns whether
 * it is to be called again.
 *
 * At the end of a call *@ret is the call's result, which it may change.
 * -UK_CALL_RESTART: the call has done nothing. Then true means that the call is
 * to be made again, with the same arguments; else programs see -EINTR. @regs
 * are the caller's, if the call sees them (<uk/execenv.h>), else NULL; as the
 * program's code is called here as a function, between uk_call_out() and
 * uk_call_in().
 *
 * uk_call_is_trapped(): all of the program is in @regs and the FP and SIMD
 * registers, and its stack is not in use. The program's code is not called, but
 * @regs are made to begin it. At the end of a call @regs are as the instruction
 * found them, and *@ret takes its place in them afterwards. @ret NULL: it was
 * no call, but an interrupt or another trap, or a thread begins.
 *
 * Context: thread, perhaps on its trap stack; interrupts on.
 */
typedef bool (*uk_call_exit_fn)(long *ret, struct ukarch_regs *regs);

/*
 * Have @fn do it. Called once, by the library that asks, before it does; until
 * then pending bits stay, and what they interrupt ends with -EINTR.
 */
void uk_call_set_exit(uk_call_exit_fn fn);

/*
 * The end of an interrupt or trap that returns to @regs: if they are those of
 * a program, and something is pending, do it. Contract: implemented by
 * lib/syscall_shim. Context: trap stack; interrupts are off when it returns,
 * if anything was.
 */
#if UK_IS_ENABLED(CONFIG_HAVE_CALL_COUNT)
void uk_call_trap_end_slow(struct uk_current *cur, struct ukarch_regs *regs);
#else
static inline void uk_call_trap_end_slow(struct uk_current *cur UK_UNUSED,
					 struct ukarch_regs *regs UK_UNUSED)
{
}
#endif

static inline void uk_call_trap_end(struct ukarch_regs *regs)
{
	struct uk_current *const cur = ukarch_current();

	if (UK_IS_ENABLED(CONFIG_HAVE_CALL_COUNT) &&
	    UK_UNLIKELY(UK_READ_ONCE(cur->pending)) && !cur->calls)
		uk_call_trap_end_slow(cur, regs);
}

/*
 * Are @regs those of a program, on whose thread a trap or interrupt is handled,
 * and which holds nothing of the core? Then a signal may take its place.
 */
static inline bool uk_call_trap_in_program(const struct uk_current *cur,
					   const struct ukarch_regs *regs)
{
	return UK_IS_ENABLED(CONFIG_HAVE_CALL_COUNT) && cur->is_thread &&
	       !cur->calls && !cur->preempt_off && !cur->irq_depth &&
	       ukarch_regs_irq_on(regs) &&
	       ukarch_trap_is_outermost(cur, regs);
}

/*
 * Leave the call that the caller is in, and that came by a trap, and go on in
 * the program with @regs, which are not on the program's stack, and with the FP
 * and SIMD registers as they are; but first do what is pending. Contract:
 * implemented by lib/syscall_shim. Context: thread.
 */
UK_NORETURN void uk_call_resume(struct ukarch_regs *regs);

/*
 * The program's code inside a call, as a function: between these two the thread
 * counts as in its program, makes calls, and is interrupted there. If the code
 * leaves them by a jump there is nothing to make good.
 *
 * Context: thread, in a call that did not come by a trap.
 */
static inline uint32_t uk_call_out(void)
{
	struct uk_current *const cur = ukarch_current();
	const uint32_t calls = cur->calls;

	uk_compiler_barrier();
	cur->calls = 0;
	return calls;
}

static inline void uk_call_in(uint32_t calls)
{
	ukarch_current()->calls = calls;
	uk_compiler_barrier();
}
