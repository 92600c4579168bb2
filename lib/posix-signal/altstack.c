/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The stack that a thread wants its handlers on: sigaltstack(2).
 */
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/syscall.h>
#include <uk/task.h>

#include "signal_priv.h"

#define ON_OR_OFF	(UK_ABI_SS_ONSTACK | UK_ABI_SS_DISABLE)

bool sig_on_alt(const struct uk_signals *s, uintptr_t sp)
{
	/* One that disarms itself is not in force while it is used. */
	return !(s->alt.flags & (UK_ABI_SS_DISABLE | UK_ABI_SS_AUTODISARM)) &&
	       sp - s->alt.sp - 1 < s->alt.size;
}

struct uk_abi_stack sig_alt_told(const struct uk_signals *s, uintptr_t sp)
{
	struct uk_abi_stack told = s->alt;

	if (!(told.flags & UK_ABI_SS_DISABLE) && sig_on_alt(s, sp))
		told.flags |= UK_ABI_SS_ONSTACK;
	return told;
}

long sig_alt_set(struct uk_signals *s, const struct uk_abi_stack *set)
{
	const uint32_t mode = set->flags & ~UK_ABI_SS_AUTODISARM;

	if (mode & ~ON_OR_OFF || mode == ON_OR_OFF)
		return -EINVAL;
	if (mode == UK_ABI_SS_DISABLE) {
		s->alt = (struct uk_abi_stack){ .flags = set->flags };
		return 0;
	}
	if (set->size < SIG_ALT_LEAST)
		return -ENOMEM;
	s->alt = (struct uk_abi_stack){
		.sp = set->sp, .size = set->size,
		.flags = set->flags & UK_ABI_SS_AUTODISARM,
	};
	return 0;
}

UK_SYSCALL_R_E_DEFINE(long, sigaltstack, const struct uk_abi_stack *, set,
		      struct uk_abi_stack *, old)
{
	struct uk_signals *const s = uk_task_current()->signals;
	const uintptr_t sp = ukarch_regs_sp(&execenv->regs);
	const struct uk_abi_stack was = sig_alt_told(s, sp);
	struct uk_abi_stack new;
	long rc = 0;

	if (set) {
		if (!uk_nofault_try_read(new, set))
			return -EFAULT;
		if (sig_on_alt(s, sp))
			return -EPERM;
		rc = sig_alt_set(s, &new);
	}
	if (rc < 0)
		return rc;
	if (old && uk_nofault_memcpy(old, &was, sizeof(was), 0) != sizeof(was))
		return -EFAULT;
	return 0;
}
