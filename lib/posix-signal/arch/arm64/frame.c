/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The frame of a handler as Linux makes it on arm64, from its lower end: its
 * siginfo, its ucontext, and a frame record for who walks the stack. FP and
 * SIMD registers are one of the records at the ucontext's end, as is the
 * syndrome of a fault; each begins with a magic number and its length.
 */
#include "../../signal_priv.h"

#include <uk/arch/ctx.h>
#include <uk/arch/regs.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/string.h>
#include <uk/useraddr.h>

#include "ucontext.h"

struct frame {
	struct uk_abi_siginfo info;
	struct sig_ucontext uc;
	uint64_t link[2];
};

/* A record's first word: its number, and its length in bytes above it. */
#define RECORD(magic, len)	((uint64_t)(len) << 32 | (magic))
#define RECORD_LEN(head)	((size_t)((head) >> 32))

/* In words of 8 bytes: head, FPSR and FPCR, 32 registers. */
#define FP_WORDS	66
#define FP_HEAD		RECORD(0x46508001u, FP_WORDS * 8)
#define ESR_WORDS	2
#define ESR_HEAD	RECORD(0x45535201u, ESR_WORDS * 8)

/* What ukarch_ectx_save() writes: the registers, FPCR, FPSR. */
struct ectx {
	uint64_t v[64];
	uint64_t fpcr, fpsr;
} UK_ALIGNED(UKARCH_ECTX_ALIGN);

/* Taken out of pstate where a handler begins: BTYPE, IL, SS (Arm ARM C5.2). */
#define PSTATE_OUT	(UINT64_C(3) << 10 | UINT64_C(3) << 20)

static bool there_is(uintptr_t low, uintptr_t top)
{
	return uk_useraddr_writable((void *)low, top - low) &&
	       uk_nofault_probe_rw(low, top - low, 0) == top - low;
}

/* The registers are saved in their place, and what is behind them moved. */
static uint64_t *make_fp(uint64_t *to)
{
	struct ectx *const ectx = (struct ectx *)(to + 2);
	const uint64_t fpcr = (ukarch_ectx_copy(ectx), ectx->fpcr);

	to[0] = FP_HEAD;
	to[1] = fpcr << 32 | (uint32_t)ectx->fpsr;
	return to + FP_WORDS;
}

static void make_uc(struct sig_ucontext *uc, const struct sig_plan *plan,
		    const struct ukarch_regs *regs)
{
	uint64_t *next;

	sig_uc_fill(uc, regs);
	uc->stack = plan->alt;
	uc->sigmask = plan->mask;
	next = make_fp(uc->mc.records);
	if (plan->trap) {
		uc->mc.fault_address = plan->trap->addr;
		next[0] = ESR_HEAD;
		next[1] = regs->esr;
		next += ESR_WORDS;
	}
	next[0] = 0;
	next[1] = 0;
}

static uintptr_t restorer(const struct uk_abi_sigaction *action)
{
	return action->flags & UK_ABI_SA_RESTORER ? action->restorer :
						    (uintptr_t)sig_restorer;
}

bool sig_frame_push(const struct sig_plan *plan, struct ukarch_regs *regs)
{
	struct frame *const f = (struct frame *)
		((plan->top - sizeof(*f)) & ~(uintptr_t)15);

	if ((uintptr_t)f < plan->low || !there_is((uintptr_t)f, plan->top))
		return false;
	f->info = plan->taken->info;
	make_uc(&f->uc, plan, regs);
	f->link[0] = regs->x[29];
	f->link[1] = regs->x[30];
	regs->sp = (uintptr_t)f;
	regs->pc = plan->taken->action.handler;
	regs->x[0] = (uint64_t)plan->taken->sig;
	regs->x[1] = (uintptr_t)&f->info;
	regs->x[2] = (uintptr_t)&f->uc;
	regs->x[29] = (uintptr_t)f->link;
	regs->x[30] = restorer(&plan->taken->action);
	regs->pstate &= ~PSTATE_OUT;
	return true;
}

void sig_regs_begin(struct ukarch_regs *regs, void (*fn)(int arg), int arg,
		    uintptr_t sp)
{
	regs->sp = sp & ~(uintptr_t)15;
	regs->pc = (uintptr_t)fn;
	regs->x[0] = (uint64_t)arg;
	regs->x[29] = 0;
	regs->x[30] = 0;
	regs->pstate &= ~PSTATE_OUT;
}

/* The record of FP registers, or NULL; the list ends with the array. */
static const uint64_t *find_fp(const struct sig_ucontext *uc)
{
	const size_t end = sizeof(uc->mc.records);
	size_t at = 0;

	while (at + FP_WORDS * 8 <= end) {
		const uint64_t *const r = uc->mc.records + at / 8;
		const size_t len = RECORD_LEN(r[0]);

		if (r[0] == FP_HEAD)
			return r;
		if (len == 0 || len % 16)
			return NULL;
		at += len;
	}
	return NULL;
}

struct sig_ucontext *sig_uc_at(const struct ukarch_regs *regs)
{
	struct frame *const f = (struct frame *)regs->sp;

	if (regs->sp % 16 || !there_is(regs->sp, regs->sp + sizeof(*f)))
		return NULL;
	return &f->uc;
}

/* Without any they stay as the handler left them. */
void sig_uc_restore_fp(const struct sig_ucontext *uc)
{
	const uint64_t *const r = find_fp(uc);
	struct ectx ectx;

	if (!r)
		return;
	memcpy(ectx.v, r + 2, sizeof(ectx.v));
	ectx.fpsr = (uint32_t)r[1];
	ectx.fpcr = r[1] >> 32;
	ukarch_ectx_restore(&ectx);
}
