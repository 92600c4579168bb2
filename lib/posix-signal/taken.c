/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What becomes of a signal that a thread takes, and what changes for the
 * thread where its handler begins, however it is begun.
 */
#include <uk/end.h>
#include <uk/essentials.h>
#include <uk/print.h>

#include "signal_priv.h"

void sig_end_program(int sig)
{
	uk_pr_err("the program is ended by signal %d", sig);
	uk_exit(128 + sig);
}

bool sig_look_up(struct sig_taken *t)
{
	const unsigned long irq = uk_spin_lock_irqsave(&sig_process.lock);
	const bool ignored = sig_is_ignored(t->sig);

	t->action = *sig_action(t->sig);
	if (!ignored && (t->action.flags & UK_ABI_SA_RESETHAND))
		sig_action(t->sig)->handler = UK_ABI_SIG_DFL;
	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
	return !ignored;
}

bool sig_take_next(struct uk_signals *s, struct sig_taken *t)
{
	do {
		t->sig = sig_take_any(~s->mask | SIG_FIXED, &t->info);
		if (!t->sig)
			return false;
	} while (!sig_look_up(t));
	return true;
}

bool sig_wants_alt(const struct uk_signals *s, const struct sig_taken *t,
		   uintptr_t sp)
{
	return (t->action.flags & UK_ABI_SA_ONSTACK) &&
	       !(s->alt.flags & UK_ABI_SS_DISABLE) && !sig_on_alt(s, sp);
}

uint64_t sig_mask_behind(const struct uk_signals *s)
{
	return s->has_old_mask ? s->old_mask : s->mask;
}

void sig_handler_begins(struct uk_signals *s, const struct sig_taken *t,
			bool on_alt)
{
	const uint64_t self = t->action.flags & UK_ABI_SA_NODEFER ?
			      0 : UK_ABI_SIGBIT(t->sig);

	s->has_old_mask = false;
	s->until_handled = false;
	sig_set_mask(s->mask | t->action.mask | self);
	if (on_alt && (s->alt.flags & UK_ABI_SS_AUTODISARM))
		s->alt.flags |= UK_ABI_SS_DISABLE;
}

void sig_handler_ended(struct uk_signals *s, struct uk_abi_stack alt,
		       uint64_t mask)
{
	sig_set_mask(mask);
	alt.flags &= ~UK_ABI_SS_ONSTACK;
	/* What it has made of the stack may be none: then it stays. */
	(void)sig_alt_set(s, &alt);
}
