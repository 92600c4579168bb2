/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What lib/posix-signal has of its architecture, as far as it can be without
 * registers: a handler is called, by a function, and does nothing but make the
 * next call. None is begun by a trap.
 */
#include "calls.h"

#include "../../../../lib/posix-signal/signal_priv.h"
#include "ucontext.h"

#include "../fuzz.h"

void sig_uc_fill(struct sig_ucontext *uc, const struct ukarch_regs *regs)
{
	(void)regs;
	*uc = (struct sig_ucontext){ .flags = 0 };
}

bool sig_uc_apply(const struct sig_ucontext *uc, struct ukarch_regs *regs)
{
	(void)uc;
	(void)regs;
	return true;
}

void sig_call(uintptr_t sp, uintptr_t handler, int sig,
	      struct uk_abi_siginfo *info, struct sig_ucontext *uc)
{
	static unsigned int depth;

	(void)sp;
	(void)info;
	(void)uc;
	FUZZ_EXPECT(handler > 1);
	FUZZ_EXPECT(sig >= 1 && sig <= UK_ABI_NSIG);
	if (depth > 0)
		return;
	depth++;
	(void)run_next();
	depth--;
}

void sig_restorer(void)
{
	__builtin_trap();
}

bool sig_frame_push(const struct sig_plan *plan UK_UNUSED,
		    struct ukarch_regs *regs UK_UNUSED)
{
	__builtin_trap();
}

struct sig_ucontext *sig_uc_at(const struct ukarch_regs *regs UK_UNUSED)
{
	__builtin_trap();
}

void sig_uc_restore_fp(const struct sig_ucontext *uc UK_UNUSED)
{
	__builtin_trap();
}

void sig_regs_begin(struct ukarch_regs *regs UK_UNUSED,
		    void (*fn)(int arg) UK_UNUSED, int arg UK_UNUSED,
		    uintptr_t sp UK_UNUSED)
{
	__builtin_trap();
}

int sig_math_code(const struct ukarch_regs *regs UK_UNUSED)
{
	__builtin_trap();
}

int sig_debug_code(const struct ukarch_regs *regs UK_UNUSED)
{
	__builtin_trap();
}

bool sig_is_unaligned(const struct uk_trap *trap UK_UNUSED)
{
	__builtin_trap();
}
