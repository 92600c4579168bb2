/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One block of memory for a thread, from low to high:
 *
 *	[stack][struct uk_thread][FP state][TLS area][trap stack]
 *
 * The stack is lowest, so that what runs over it leaves the block (and hits a
 * guard page, where the allocator has one), and the canary is the block's
 * first bytes. The trap stack wants a place of its own kind: arm64 has it at an
 * odd multiple of its size, so that there is a gap above any stack of a round
 * size, and what lies between fits into it most of the time.
 */
#include "sched_priv.h"

#include <uk/arch/ctx.h>
#include <uk/essentials.h>

#define STACK_ALIGN	((size_t)UKARCH_SP_ALIGN)
#define THREAD_ALIGN	UK_MAX((size_t)64, _Alignof(struct uk_thread))
#define TRAP_ALIGN	((size_t)UKARCH_TRAP_STACK_ALIGN)
#define TRAP_SKEW	((size_t)UKARCH_TRAP_STACK_SKEW)

/* No image has more; so sums of a few lengths do not overflow. */
#define LEN_MAX		(SIZE_MAX / 8)

static size_t place(struct sched_layout *l, size_t align, size_t len)
{
	const size_t at = UK_ALIGN_UP(l->size, align);

	l->size = at + len;
	l->align = UK_MAX(l->align, align);
	return at;
}

bool sched_layout(struct sched_layout *l, const struct sched_parts *parts)
{
	if (parts->stack_len > LEN_MAX || parts->tls_len > LEN_MAX ||
	    parts->ectx_len > LEN_MAX)
		return false;

	*l = (struct sched_layout){ .align = STACK_ALIGN };
	l->stack_len = UK_ALIGN_UP(parts->stack_len, STACK_ALIGN);
	l->size = l->stack_len;

	l->thread = place(l, THREAD_ALIGN, sizeof(struct uk_thread));
	if (parts->ectx_len)
		l->ectx = place(l, UKARCH_ECTX_ALIGN, parts->ectx_len);
	if (parts->tls_len)
		l->tls = place(l, parts->tls_align, parts->tls_len);
	if (parts->trap_stack) {
		l->trap = UK_ALIGN_UP(l->size - UK_MIN(l->size, TRAP_SKEW),
				      TRAP_ALIGN) + TRAP_SKEW;
		l->size = l->trap + UKARCH_TRAP_STACK_SIZE;
		l->align = UK_MAX(l->align, TRAP_ALIGN);
	}
	return true;
}
