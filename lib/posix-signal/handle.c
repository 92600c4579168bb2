/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals at the end of a call. The thread is on its program's stack, or one
 * of its own, in the middle of a function of the core that holds nothing: so a
 * handler is a function that is called there. When it returns, what it has
 * made of the mask is taken; and what it has made of the registers, if the
 * call knows its caller's. One that leaves by a jump leaves nothing behind,
 * but in a call that came by a trap.
 */
#include <uk/alloc.h>
#include <uk/arch/ctx.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/call.h>
#include <uk/end.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/print.h>
#include <uk/task.h>

#include "signal_priv.h"
#include "ucontext.h"

/* In the order of the stack, from its lower end. */
struct frame {
	struct sig_ucontext uc;
	struct uk_abi_siginfo info;
};

/*
 * Around a handler inside a call that came by a trap, whose FP and SIMD
 * registers are still its caller's. It is not on the stack of calls, of which
 * there is little; a handler that leaves by a jump leaves it behind.
 */
struct saved {
	void *ectx;
	struct frame frame;
};

/* Below the stack pointer that is the caller's (x86_64: System V ABI). */
#define RED_ZONE	128u

/* A signal that has been taken. */
struct taken {
	int sig;
	struct uk_abi_siginfo info;
	struct uk_abi_sigaction action;
};

void sig_end_program(int sig)
{
	uk_pr_err("the program is ended by signal %d", sig);
	uk_exit(128 + sig);
}

/* Take one that is neither blocked nor ignored; false: there is none. */
static bool take(struct uk_signals *s, struct taken *t)
{
	for (;;) {
		unsigned long irq;
		bool ignored;

		t->sig = sig_take_any(~s->mask | SIG_FIXED, &t->info);
		if (!t->sig)
			return false;
		irq = uk_spin_lock_irqsave(&sig_process.lock);
		ignored = sig_is_ignored(t->sig);
		t->action = *sig_action(t->sig);
		if (!ignored && (t->action.flags & UK_ABI_SA_RESETHAND))
			sig_action(t->sig)->handler = UK_ABI_SIG_DFL;
		uk_spin_unlock_irqrestore(&sig_process.lock, irq);
		if (ignored)
			continue;
		if (t->action.handler == UK_ABI_SIG_DFL)
			sig_end_program(t->sig);
		return true;
	}
}

static struct frame *frame_below(uintptr_t top)
{
	return (struct frame *)((top - sizeof(struct frame)) &
				~(uintptr_t)15);
}

/*
 * Where a frame goes on the alternate stack, or NULL: the handler is not for
 * it, or the program, with its stack pointer at @sp, is on it.
 */
static struct frame *alt_place(const struct uk_signals *s,
			       const struct taken *t, uintptr_t sp)
{
	if (!(t->action.flags & UK_ABI_SA_ONSTACK) ||
	    (s->alt.flags & UK_ABI_SS_DISABLE) || sig_on_alt(s, sp))
		return NULL;
	return frame_below(s->alt.sp + s->alt.size);
}

/* The program's code, with the thread counting as in its program. */
static void call_out(const struct taken *t, struct frame *f, bool alt)
{
	struct uk_call_out out;

	uk_call_out(&out);
	sig_call(alt ? (uintptr_t)f : 0, t->action.handler, t->sig, &f->info,
		 &f->uc);
	uk_call_in(&out);
}

static bool copy(void *to, const void *from, size_t len)
{
	return uk_nofault_memcpy(to, from, len, 0) == len;
}

/* The handler, with its frame at @place, or, NULL, where it is. */
static void call_handler(const struct taken *t, struct frame *f,
			 struct frame *place)
{
	if (!place) {
		call_out(t, f, false);
		return;
	}
	/* It has nowhere to be called. */
	if (!copy(place, f, sizeof(*f)))
		sig_end_program(UK_ABI_SIGSEGV);
	call_out(t, place, true);
	if (!copy(f, place, sizeof(*f)))
		sig_end_program(UK_ABI_SIGSEGV);
}

static uint64_t mask_in_handler(const struct uk_signals *s,
				const struct taken *t)
{
	const uint64_t self = t->action.flags & UK_ABI_SA_NODEFER ?
			      0 : UK_ABI_SIGBIT(t->sig);

	return s->mask | t->action.mask | self;
}

/*
 * With the frame that is to be made in @f and is for @place; @regs: the
 * caller's, or those to show. @f is what the handler has made of it then.
 */
static void handle_with(struct uk_signals *s, const struct taken *t,
			const struct ukarch_regs *regs, struct frame *f,
			struct frame *place)
{
	f->info = t->info;
	sig_uc_fill(&f->uc, regs);
	f->uc.stack = sig_alt_told(s, ukarch_regs_sp(regs));
	f->uc.sigmask = s->has_old_mask ? s->old_mask : s->mask;
	s->has_old_mask = false;
	sig_set_mask(mask_in_handler(s, t));
	if (place && (s->alt.flags & UK_ABI_SS_AUTODISARM) &&
	    (t->action.flags & UK_ABI_SA_ONSTACK))
		s->alt.flags |= UK_ABI_SS_DISABLE;
	call_handler(t, f, place);
	sig_set_mask(f->uc.sigmask);
	f->uc.stack.flags &= ~UK_ABI_SS_ONSTACK;
	(void)sig_alt_set(s, &f->uc.stack);
}

/* In a call that is a function's. @regs: or NULL, not known. */
UK_NOINLINE
static void handle_here(struct uk_signals *s, const struct taken *t,
			struct ukarch_regs *regs)
{
	const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	struct frame f = { .info = { 0 } };
	struct ukarch_regs mine;

	if (!regs)
		ukarch_regs_capture(&mine);
	handle_with(s, t, regs ? regs : &mine, &f, alt_place(s, t, here));
	if (regs && !sig_uc_apply(&f.uc, regs))
		sig_end_program(UK_ABI_SIGSEGV);
}

/* In a call that came by a trap: on its caller's stack. */
UK_NOINLINE
static void handle_trapped(struct uk_signals *s, const struct taken *t,
			   struct ukarch_regs *regs)
{
	const uintptr_t sp = ukarch_regs_sp(regs);
	struct frame *place = alt_place(s, t, sp);
	struct saved *const saved = uk_zalloc(sig_process.heap,
					      sizeof(*saved));

	if (saved)
		saved->ectx = uk_memalign(sig_process.heap, UKARCH_ECTX_ALIGN,
					  ukarch_ectx_size());
	/* As where there is no room on the stack. */
	if (!saved || !saved->ectx)
		sig_end_program(UK_ABI_SIGSEGV);
	if (!place)
		place = frame_below(sp - RED_ZONE);
	ukarch_ectx_init(saved->ectx);
	ukarch_ectx_save(saved->ectx);
	handle_with(s, t, regs, &saved->frame, place);
	ukarch_ectx_restore(saved->ectx);
	if (!sig_uc_apply(&saved->frame.uc, regs))
		sig_end_program(UK_ABI_SIGSEGV);
	uk_free(sig_process.heap, saved->ectx);
	uk_free(sig_process.heap, saved);
}

/* @regs: the caller's, which it goes on with, or NULL. */
static void handle(struct uk_signals *s, const struct taken *t,
		   struct ukarch_regs *regs)
{
	if (uk_call_is_trapped(ukarch_current()))
		handle_trapped(s, t, regs);
	else
		handle_here(s, t, regs);
}

bool sig_exit(long *ret, struct ukarch_regs *regs)
{
	struct uk_signals *const s = uk_task_current()->signals;
	bool again = *ret == -UK_CALL_RESTART;
	struct taken t;

	while (take(s, &t)) {
		if (again && (s->until_handled ||
			      !(t.action.flags & UK_ABI_SA_RESTART))) {
			again = false;
			*ret = -EINTR;
		}
		s->until_handled = false;
		handle(s, &t, regs);
	}
	/* A call that nothing has ended is made again with its mask. */
	if (!again)
		sig_restore_mask();
	return again;
}
