/* SPDX-License-Identifier: BSD-3-Clause */
/* How a flow of control begins: as if it had been left before a call. */
#include <uk/arch/ctx.h>

#include <uk/assert.h>
#include <uk/essentials.h>

#include "x86_priv.h"

void ukarch_ctx_init(struct ukarch_ctx *ctx, uintptr_t stack_top,
		     void (*fn)(void *a, void *b), void *a, void *b)
{
	uintptr_t *const sp = (uintptr_t *)stack_top - 3;

	UK_ASSERT(UK_IS_ALIGNED(stack_top, (uintptr_t)UKARCH_SP_ALIGN));

	/* x86_ctx_begin takes them off. */
	sp[0] = (uintptr_t)fn;
	sp[1] = (uintptr_t)a;
	sp[2] = (uintptr_t)b;
	ctx->ip = (uintptr_t)x86_ctx_begin;
	ctx->sp = (uintptr_t)sp;
}
