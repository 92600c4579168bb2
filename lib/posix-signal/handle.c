/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals at the end of a call that is a function's. The thread is on its
 * program's stack, in the middle of a function of the core that holds nothing:
 * so a handler is a function that is called there, without a frame that
 * somebody would return from. When it returns, what it has made of the mask is
 * taken; and what it has made of the registers, if the call knows its caller's.
 * One that leaves by a jump leaves nothing behind.
 */
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/call.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/task.h>

#include "signal_priv.h"
#include "ucontext.h"

/* In the order of the stack, from its lower end. */
struct frame {
	struct sig_ucontext uc;
	struct uk_abi_siginfo info;
	/* A C library's ucontext_t is longer, and may be copied. */
	uint64_t room[SIG_UC_ROOM / sizeof(uint64_t)];
};

_Static_assert(sizeof(struct frame) <= SIG_ALT_LEAST, "on any such stack");

/* What a handler and the call that it makes take of a stack, at the least. */
#define CALL_ROOM	1024u

/*
 * Has the program, on its alternate stack at @sp, come to the end of it? Else
 * it would be taken for one that is not on it, and begin at its top again.
 */
static bool alt_is_full(const struct uk_signals *s, uintptr_t sp,
			const struct frame *f)
{
	/* Mostly there is none. */
	return UK_UNLIKELY(!(s->alt.flags & UK_ABI_SS_DISABLE)) &&
	       sig_on_alt(s, sp) && !sig_on_alt(s, (uintptr_t)f - CALL_ROOM);
}

/*
 * Where a frame goes on the alternate stack, or NULL: the handler is not for
 * it, or the program, with its stack pointer at @sp, is on it.
 */
static struct frame *alt_place(const struct uk_signals *s,
			       const struct sig_taken *t, uintptr_t sp)
{
	if (!sig_wants_alt(s, t, sp))
		return NULL;
	return (struct frame *)((s->alt.sp + s->alt.size -
				 sizeof(struct frame)) & ~(uintptr_t)15);
}

/* The program's code, with the thread counting as in its program. */
static void call_out(const struct sig_taken *t, struct uk_abi_siginfo *info,
		     struct sig_ucontext *uc, uintptr_t sp)
{
	const uint32_t calls = uk_call_out();

	sig_call(sp, t->action.handler, t->sig, info, uc);
	uk_call_in(calls);
}

static bool copy(void *to, const void *from, size_t len)
{
	return uk_nofault_memcpy(to, from, len, 0) == len;
}

/* The handler, with its frame at @place, or, NULL, where it is. */
static void call_handler(struct sig_taken *t, struct frame *f,
			 struct frame *place)
{
	if (!place) {
		call_out(t, &t->info, &f->uc, 0);
		return;
	}
	f->info = t->info;
	/* It has nowhere to be called. */
	if (!copy(place, f, sizeof(*f)))
		sig_end_program(UK_ABI_SIGSEGV);
	call_out(t, &place->info, &place->uc, (uintptr_t)place);
	if (!copy(f, place, sizeof(*f)))
		sig_end_program(UK_ABI_SIGSEGV);
}

/* @regs: or NULL, not known. */
UK_NOINLINE
static void handle(struct uk_signals *s, struct sig_taken *t,
		   struct ukarch_regs *regs)
{
	const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	struct frame *const place = alt_place(s, t, here);
	struct ukarch_regs mine;
	struct frame f;

	if (alt_is_full(s, here, &f))
		sig_end_program(UK_ABI_SIGSEGV);
	if (!regs)
		ukarch_regs_capture(&mine);
	sig_uc_fill(&f.uc, regs ? regs : &mine);
	f.uc.stack = sig_alt_told(s, here);
	f.uc.sigmask = sig_mask_behind(s);
	sig_handler_begins(s, t, place);
	call_handler(t, &f, place);
	sig_handler_ended(s, f.uc.stack, f.uc.sigmask);
	if (regs && !sig_uc_apply(&f.uc, regs))
		sig_end_program(UK_ABI_SIGSEGV);
}

static bool function_exit(struct uk_signals *s, long *ret,
			  struct ukarch_regs *regs)
{
	const struct uk_current *const cur = ukarch_current();
	bool again = *ret == -UK_CALL_RESTART;
	const bool always = again && sig_call_again();
	struct sig_taken t;

	/* What comes without the bit comes when the call has ended. */
	while ((UK_READ_ONCE(cur->pending) & UK_CALL_SIGNAL) &&
	       sig_take_next(s, &t)) {
		if (t.action.handler == UK_ABI_SIG_DFL)
			sig_end_program(t.sig);
		if (again && !sig_restarts(s, &t, always)) {
			again = false;
			*ret = -EINTR;
		}
		handle(s, &t, regs);
	}
	/* A call that nothing has ended is made again with its mask. */
	if (!again)
		sig_restore_mask();
	return again;
}

bool sig_exit(long *ret, struct ukarch_regs *regs)
{
	struct uk_signals *const s = uk_task_current()->signals;

	return uk_call_is_trapped(ukarch_current()) ?
	       sig_trap_exit(s, ret, regs) : function_exit(s, ret, regs);
}
