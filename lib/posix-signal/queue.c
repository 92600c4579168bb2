/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals that wait: a bit for each, and what is known about each in the order
 * in which they came. A bit without an entry is a signal about which there was
 * no memory to keep anything.
 */
#include "signal_priv.h"

#include <uk/essentials.h>

/* Faults of the thread itself: they come before others. */
#define FAULTS	(UK_ABI_SIGBIT(UK_ABI_SIGSEGV) |			\
		 UK_ABI_SIGBIT(UK_ABI_SIGBUS) |				\
		 UK_ABI_SIGBIT(UK_ABI_SIGILL) |				\
		 UK_ABI_SIGBIT(UK_ABI_SIGTRAP) |			\
		 UK_ABI_SIGBIT(UK_ABI_SIGFPE) |				\
		 UK_ABI_SIGBIT(UK_ABI_SIGSYS))

void sig_push(struct sig_set *set, struct uk_signal_entry *e)
{
	e->next = NULL;
	e->set = set;
	if (!set->first)
		set->last = &set->first;
	*set->last = e;
	set->last = &e->next;
	sig_mark(set, e->info.signo);
}

void sig_mark(struct sig_set *set, int sig)
{
	set->bits |= UK_ABI_SIGBIT(sig);
}

/* The entry that *@at points to leaves the list. */
static struct uk_signal_entry *unlink(struct sig_set *set,
				      struct uk_signal_entry **at)
{
	struct uk_signal_entry *const e = *at;

	*at = e->next;
	if (set->last == &e->next)
		set->last = at;
	e->set = NULL;
	return e;
}

struct uk_signal_entry *sig_take(struct sig_set *set, int sig,
				 struct uk_abi_siginfo *info)
{
	struct uk_signal_entry *found = NULL;
	struct uk_signal_entry **at = &set->first;
	bool more = false;

	while (*at) {
		if ((*at)->info.signo != sig) {
			at = &(*at)->next;
		} else if (!found) {
			found = unlink(set, at);
		} else {
			more = true;
			break;
		}
	}
	if (!more)
		set->bits &= ~UK_ABI_SIGBIT(sig);
	*info = found ? found->info : (struct uk_abi_siginfo){
		.signo = sig, .code = UK_ABI_SI_KERNEL,
	};
	return found;
}

struct uk_signal_entry *sig_drop(struct sig_set *set, uint64_t bits)
{
	struct uk_signal_entry *dropped = NULL;
	struct uk_signal_entry **at = &set->first;

	while (*at) {
		struct uk_signal_entry *e;

		if (!(bits & UK_ABI_SIGBIT((*at)->info.signo))) {
			at = &(*at)->next;
			continue;
		}
		e = unlink(set, at);
		if (e->taken)
			continue;
		e->next = dropped;
		dropped = e;
	}
	set->bits &= ~bits;
	return dropped;
}

void sig_remove(struct sig_set *set, struct uk_signal_entry *e)
{
	struct uk_signal_entry **at = &set->first;
	const int sig = e->info.signo;

	while (*at != e)
		at = &(*at)->next;
	(void)unlink(set, at);
	for (e = set->first; e; e = e->next)
		if (e->info.signo == sig)
			return;
	set->bits &= ~UK_ABI_SIGBIT(sig);
}

int sig_next(uint64_t bits)
{
	const uint64_t first = bits & FAULTS ? bits & FAULTS : bits;

	return __builtin_ctzll(first) + 1;
}
