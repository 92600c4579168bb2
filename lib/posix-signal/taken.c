/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Taking signals, what becomes of one that is taken, and what changes for the
 * thread where its handler begins, however it is begun.
 */
#include <uk/end.h>
#include <uk/essentials.h>
#include <uk/print.h>
#include <uk/task.h>

#include "signal_priv.h"

void sig_end_program(int sig)
{
	uk_pr_err("the program is ended by signal %d", sig);
	uk_exit(128 + sig);
}

/* What is left to do for one that was taken, without the lock. */
struct rest {
	struct uk_signal_entry *entry;	/* to free, or NULL */
	void (*tell)(struct uk_abi_siginfo *info);	/* or NULL */
};

/* Take one of @set, to @info. Returns its number, or 0. The lock is held. */
static int take(struct uk_task *self, uint64_t set,
		struct uk_abi_siginfo *info, struct rest *rest)
{
	struct sig_set *from = &self->signals->waiting;
	struct uk_signal_entry *entry = NULL;
	int sig = 0;

	if (!(from->bits & set) && self->of_program)
		from = &sig_process.waiting;
	if (from->bits & set) {
		sig = sig_next(from->bits & set);
		entry = sig_take(from, sig, info);
	}
	/* Also if there is none: another may have taken it. */
	sig_update_self(self);
	*rest = (struct rest){ .entry = entry };
	if (entry && entry->taken)
		/* Its sender's: it may be gone without the lock. */
		*rest = (struct rest){ .tell = entry->taken };
	else if (entry)
		entry->next = NULL;
	return sig;
}

static void finish(const struct rest *rest, struct uk_abi_siginfo *info)
{
	sig_free(rest->entry);
	if (rest->tell)
		rest->tell(info);
}

int sig_take_any(uint64_t set, struct uk_abi_siginfo *info)
{
	const unsigned long irq = uk_spin_lock_irqsave(&sig_process.lock);
	struct rest rest;
	const int sig = take(uk_task_current(), set, info, &rest);

	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
	finish(&rest, info);
	return sig;
}

/* The lock is held. */
static bool look_up(struct sig_taken *t)
{
	const bool ignored = sig_is_ignored(t->sig);

	t->action = *sig_action(t->sig);
	if (!ignored && (t->action.flags & UK_ABI_SA_RESETHAND))
		sig_action(t->sig)->handler = UK_ABI_SIG_DFL;
	return !ignored;
}

bool sig_look_up(struct sig_taken *t)
{
	const unsigned long irq = uk_spin_lock_irqsave(&sig_process.lock);
	const bool handled = look_up(t);

	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
	return handled;
}

bool sig_take_next(struct uk_signals *s, struct sig_taken *t)
{
	bool handled;

	do {
		const unsigned long irq =
			uk_spin_lock_irqsave(&sig_process.lock);
		struct rest rest;

		t->sig = take(uk_task_current(), ~s->mask | SIG_FIXED,
			      &t->info, &rest);
		handled = t->sig && look_up(t);
		uk_spin_unlock_irqrestore(&sig_process.lock, irq);
		finish(&rest, &t->info);
	} while (t->sig && !handled);
	return handled;
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
