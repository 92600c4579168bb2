/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which parts a siginfo has is said by its code, and for what the kernel found
 * by its signal: sigaction(2), "The siginfo_t argument to a SA_SIGINFO
 * handler".
 */
#include "signalfd_priv.h"

#include <stdbool.h>

#define FAULTS	(UK_ABI_SIGBIT(UK_ABI_SIGSEGV) |			\
		 UK_ABI_SIGBIT(UK_ABI_SIGBUS) |				\
		 UK_ABI_SIGBIT(UK_ABI_SIGILL) |				\
		 UK_ABI_SIGBIT(UK_ABI_SIGTRAP) |			\
		 UK_ABI_SIGBIT(UK_ABI_SIGFPE))

static bool is_fault(const struct uk_abi_siginfo *info)
{
	return info->code > UK_ABI_SI_USER && info->code < UK_ABI_SI_KERNEL &&
	       FAULTS & UK_ABI_SIGBIT(info->signo);
}

static void tell_value(struct uk_abi_signalfd_siginfo *to, uint64_t value)
{
	to->value_ptr = value;
	to->value_int = (int32_t)value;
}

void signalfd_tell(struct uk_abi_signalfd_siginfo *to,
		   const struct uk_abi_siginfo *info)
{
	*to = (struct uk_abi_signalfd_siginfo){
		.signo = (uint32_t)info->signo, .error = info->error,
		.code = info->code,
	};
	if (info->code == UK_ABI_SI_TIMER) {
		to->tid = (uint32_t)info->timer.id;
		to->overrun = (uint32_t)info->timer.overrun;
		tell_value(to, info->timer.value);
		return;
	}
	if (is_fault(info)) {
		to->addr = info->addr;
		return;
	}
	to->pid = (uint32_t)info->from.pid;
	to->uid = info->from.uid;
	if (info->code < UK_ABI_SI_USER)
		tell_value(to, info->from.value);
}
