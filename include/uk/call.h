/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
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
 * the core. What comes then waits for the end of its next call: no interrupt
 * does to it what is pending yet.
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
 * In struct uk_current's calls: the outermost call came by a trap, and is not
 * counted otherwise.
 */
#define UK_CALL_TRAPPED	0x80000000u

/* Is @cur in such a call? Its FP and SIMD registers are its caller's then. */
static inline bool uk_call_is_trapped(const struct uk_current *cur)
{
	return UK_IS_ENABLED(CONFIG_HAVE_SYSCALL_TRAP) &&
	       cur->calls & UK_CALL_TRAPPED;
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
	return __atomic_load_n(&ukarch_current()->pending, __ATOMIC_ACQUIRE);
}

/*
 * Count the caller into a call, and out of it: by UK_SYSCALL_R_DEFINE() for
 * every call that is not a leaf, and by a core service that programs call
 * directly and that takes locks, as around the slow path of malloc(). They
 * nest. What is pending happens at the end of the outermost, which may not
 * return then. A thread stays what it is, so the end gets what the beginning
 * has returned.
 *
 * Context: thread.
 */
static inline struct uk_current *uk_call_enter(void)
{
	struct uk_current *const cur = ukarch_current();

	if (UK_IS_ENABLED(CONFIG_HAVE_CALL_COUNT)) {
		cur->calls++;
		uk_compiler_barrier();
	}
	return cur;
}

/* How a call ends: with @ret, or by being made @again. */
struct uk_call_end {
	long ret;
	bool again;
};

struct ukarch_regs;

/*
 * The end of a call that is not the usual one: of the outermost one with
 * something pending, already counted out; or with @ret -UK_CALL_RESTART, and
 * still counted. @regs: the caller's, if it has them, else NULL. If the call
 * is made again it is still counted. Contract: implemented by
 * lib/syscall_shim.
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

/*
 * Does what is pending for the running thread: delivers signals, ends it.
 *
 * Called at the end of the outermost call, which still counts, so that nothing
 * is delivered on top. Around code of the program, as a handler of a signal,
 * stand uk_call_out() and uk_call_in(). It has done all that @pending said and
 * cleared the bits before it returns, if it does.
 *
 * *@ret is the call's result, which it may change. -UK_CALL_RESTART: the call
 * has done nothing; returns true if it is to be made again, with the same
 * arguments; else programs see -EINTR. With any other result it returns
 * false.
 *
 * @regs: of a call that came by a trap, or that sees its caller's registers
 * (<uk/execenv.h>): those that the caller goes on with, which it may change,
 * and *@ret takes its place in them afterwards. NULL: it was a plain function
 * call.
 */
typedef bool (*uk_call_exit_fn)(long *ret, struct ukarch_regs *regs);

/*
 * Have @fn do it. Called once, by the library that asks, before it does; until
 * then pending bits stay, and what they interrupt ends with -EINTR.
 */
void uk_call_set_exit(uk_call_exit_fn fn);

/*
 * The program's code inside a call: between these two the thread counts as in
 * its program, makes calls, and is interrupted there.
 *
 * A call that comes by a trap runs on the thread's stack for calls, from where
 * @call_stack_top says, which is the upper end: the instruction can not tell
 * by the stack pointer, which a handler may have on any stack. So who runs the
 * program's code while something is on that stack moves @call_stack_top below
 * it, and back afterwards; these two do. The code in between runs on another
 * stack, its caller's or an alternate one. If it leaves them by a jump,
 * uk_call_in() is still to be called, by who takes it there.
 *
 * Context: thread, in a call, which is where uk_call_in() comes back to.
 */
struct uk_call_out {
	uint32_t calls;
	uintptr_t stack_top;
};

/* Bytes that who calls the program's code may still use below. */
#define UK_CALL_OUT_STACK	512

static inline void uk_call_out(struct uk_call_out *out)
{
	struct uk_current *const cur = ukarch_current();

	out->calls = cur->calls;
	out->stack_top = uk_current_call_stack(cur);
	if (uk_call_is_trapped(cur))
		uk_current_set_call_stack(cur, (ukarch_sp() -
						UK_CALL_OUT_STACK) &
					       ~(uintptr_t)15);
	uk_compiler_barrier();
	cur->calls = 0;
}

static inline void uk_call_in(const struct uk_call_out *out)
{
	struct uk_current *const cur = ukarch_current();

	cur->calls = out->calls;
	uk_compiler_barrier();
	uk_current_set_call_stack(cur, out->stack_top);
}
