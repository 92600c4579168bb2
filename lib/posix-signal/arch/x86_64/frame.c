/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The frame of a handler as Linux makes it on x86_64, from its lower end: where
 * the handler returns to, its ucontext, its siginfo; and, 64 bytes aligned, the
 * FP, SIMD and extended registers as XSAVE writes them, with words in the part
 * of it that is software's which say how much there is.
 */
#include "../../signal_priv.h"

#include <uk/arch/ctx.h>
#include <uk/arch/regs.h>
#include <uk/nofault.h>
#include <uk/string.h>
#include <uk/useraddr.h>

#include "ucontext.h"

struct frame {
	uint64_t restorer;
	struct sig_ucontext uc;
	struct uk_abi_siginfo info;
};

/* In the XSAVE area: bytes 464 to 511 are software's (SDM volume 1, 10.5.1). */
#define FP_SW		464
#define FP_LEGACY_LEN	512
#define FP_MAGIC1	0x46505853u
#define FP_MAGIC2	0x46505845u	/* behind the area */

struct fp_sw {
	uint32_t magic1;
	uint32_t len;			/* with what is behind */
	uint64_t xfeatures;
	uint32_t xstate_len;
	uint32_t pad[7];
};

_Static_assert(FP_SW + sizeof(struct fp_sw) == FP_LEGACY_LEN, "Linux ABI");

/* In the ucontext's flags: what there is, and that ss is to be kept. */
#define UC_FP_XSTATE	0x1u
#define UC_SS		0x6u

/* What an interrupt leaves behind: bit 1, and IF. */
#define FLAGS_NEW	(0x2u | UKARCH_REGS_IF)

/* How much of the FP area there is, and whether it is more than FXSAVE's. */
static size_t fp_len(void)
{
	return ukarch_ectx_size();
}

static bool fp_is_xsave(void)
{
	return fp_len() > FP_LEGACY_LEN;
}

static void make_fp(uint8_t *fp)
{
	const uint32_t len = (uint32_t)fp_len(), magic2 = FP_MAGIC2;
	struct fp_sw sw = {
		.magic1 = FP_MAGIC1,
		.len = len + (uint32_t)sizeof(magic2),
		.xstate_len = len,
	};

	ukarch_ectx_copy(fp);
	if (!fp_is_xsave())
		return;
	/* Its header begins with what is in it. */
	memcpy(&sw.xfeatures, fp + FP_LEGACY_LEN, sizeof(sw.xfeatures));
	memcpy(fp + FP_SW, &sw, sizeof(sw));
	memcpy(fp + len, &magic2, sizeof(magic2));
}

/* Can all from @low up to @top be written? */
static bool there_is(uintptr_t low, uintptr_t top)
{
	return uk_useraddr_writable((void *)low, top - low) &&
	       uk_nofault_probe_rw(low, top - low, 0) == top - low;
}

static void make_uc(struct sig_ucontext *uc, const struct sig_plan *plan,
		    const struct ukarch_regs *regs, uintptr_t fp)
{
	sig_uc_fill(uc, regs);
	uc->flags = UC_SS | (fp_is_xsave() ? UC_FP_XSTATE : 0);
	uc->stack = plan->alt;
	uc->sigmask = plan->mask;
	uc->mc.fpstate = fp;
	if (!plan->trap)
		return;
	uc->mc.trapno = regs->vector;
	uc->mc.err = regs->error;
	uc->mc.cr2 = plan->trap->has_addr ? plan->trap->addr : 0;
}

static uintptr_t restorer(const struct uk_abi_sigaction *action)
{
	return action->flags & UK_ABI_SA_RESTORER ? action->restorer :
						    (uintptr_t)sig_restorer;
}

bool sig_frame_push(const struct sig_plan *plan, struct ukarch_regs *regs)
{
	const uintptr_t fp = (plan->top - fp_len() - sizeof(uint32_t)) &
			     ~(uintptr_t)(UKARCH_ECTX_ALIGN - 1);
	/* As if it had been called: an address below an aligned pointer. */
	struct frame *const f = (struct frame *)
		(((fp - sizeof(*f)) & ~(uintptr_t)15) - 8);

	if ((uintptr_t)f < plan->low || !there_is((uintptr_t)f, plan->top))
		return false;
	make_fp((uint8_t *)fp);
	make_uc(&f->uc, plan, regs, fp);
	f->info = plan->taken->info;
	if (plan->trap && f->info.signo == UK_ABI_SIGFPE && !f->info.code)
		f->info.code = sig_fp_code(regs, (uint8_t *)fp);
	f->restorer = restorer(&plan->taken->action);
	regs->rsp = (uintptr_t)f;
	regs->rip = plan->taken->action.handler;
	regs->rdi = (uint64_t)plan->taken->sig;
	regs->rsi = (uintptr_t)&f->info;
	regs->rdx = (uintptr_t)&f->uc;
	regs->rax = 0;
	regs->rflags = FLAGS_NEW;
	return true;
}

void sig_regs_begin(struct ukarch_regs *regs, void (*fn)(int arg), int arg,
		    uintptr_t sp)
{
	regs->rsp = (sp & ~(uintptr_t)15) - 8;
	regs->rip = (uintptr_t)fn;
	regs->rdi = (uint64_t)arg;
	regs->rflags = FLAGS_NEW;
}

struct sig_ucontext *sig_uc_at(const struct ukarch_regs *regs)
{
	struct sig_ucontext *const uc = (struct sig_ucontext *)regs->rsp;
	uintptr_t fp;

	if (!there_is(regs->rsp, regs->rsp + sizeof(*uc)))
		return NULL;
	fp = uc->mc.fpstate;
	if (fp) {
		if (fp % UKARCH_ECTX_ALIGN || !there_is(fp, fp + fp_len()))
			return NULL;
		ukarch_ectx_tame((void *)fp);
	}
	return uc;
}

/* Without any they stay as the handler left them. */
void sig_uc_restore_fp(const struct sig_ucontext *uc)
{
	if (uc->mc.fpstate)
		ukarch_ectx_restore((void *)uc->mc.fpstate);
}
