/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the parts of a thread's block lie. */
#include "../sched_priv.h"

#include <uk/arch/ctx.h>
#include <uk/essentials.h>
#include <uk/test.h>

#define MOST	5u

struct span {
	size_t at, len;
};

/* What @l places, in the order in which it is to lie. */
static unsigned int spans(struct span *s, const struct sched_layout *l,
			  const struct sched_parts *parts)
{
	unsigned int n = 0;

	s[n++] = (struct span){ 0, l->stack_len };
	s[n++] = (struct span){ l->thread, sizeof(struct uk_thread) };
	if (parts->ectx_len)
		s[n++] = (struct span){ l->ectx, parts->ectx_len };
	if (parts->tls_len)
		s[n++] = (struct span){ l->tls, parts->tls_len };
	if (parts->trap_stack)
		s[n++] = (struct span){ l->trap, UKARCH_TRAP_STACK_SIZE };
	return n;
}

static bool in_order(const struct sched_layout *l,
		     const struct sched_parts *parts)
{
	struct span s[MOST];
	const unsigned int n = spans(s, l, parts);

	for (unsigned int i = 1; i < n; i++)
		if (s[i].at < s[i - 1].at + s[i - 1].len)
			return false;
	return s[n - 1].at + s[n - 1].len <= l->size;
}

/* In a block at a multiple of @l->align. */
static bool aligned(const struct sched_layout *l,
		    const struct sched_parts *parts)
{
	return UK_IS_ALIGNED(l->stack_len, (size_t)UKARCH_SP_ALIGN) &&
	       UK_IS_ALIGNED(l->thread, _Alignof(struct uk_thread)) &&
	       (!parts->ectx_len ||
		UK_IS_ALIGNED(l->ectx, (size_t)UKARCH_ECTX_ALIGN)) &&
	       (!parts->tls_len || UK_IS_ALIGNED(l->tls, parts->tls_align)) &&
	       (!parts->trap_stack ||
		UK_IS_ALIGNED(l->trap - UKARCH_TRAP_STACK_SKEW,
			      (size_t)UKARCH_TRAP_STACK_ALIGN)) &&
	       (!parts->tls_len ||
		UK_IS_ALIGNED(l->align, parts->tls_align)) &&
	       UK_IS_ALIGNED(l->align, _Alignof(struct uk_thread));
}

UK_TEST(sched_layout, parts_of_any_size_are_aligned_and_do_not_overlap)
{
	static const size_t lens[] = { 0, 1, 16, 100, 512, 832, 4095, 65536 };
	unsigned int nbad = 0;

	for (unsigned int i = 0; i < 8 * 8 * 8 * 4; i++) {
		const struct sched_parts parts = {
			.stack_len = lens[i % 8],
			.ectx_len = lens[i / 8 % 8],
			.tls_len = lens[i / 64 % 8],
			.tls_align = i / 512 % 2 ? 4096 : 16,
			.trap_stack = i / 1024 % 2,
		};
		struct sched_layout l;

		nbad += !sched_layout(&l, &parts) ||
			l.stack_len < parts.stack_len ||
			!in_order(&l, &parts) || !aligned(&l, &parts);
	}
	UK_EXPECT_EQ(nbad, 0);
}

UK_TEST(sched_layout, lengths_that_overflow_are_refused)
{
	const struct sched_parts bad[] = {
		{ .stack_len = SIZE_MAX }, { .stack_len = SIZE_MAX / 2 },
		{ .tls_len = SIZE_MAX, .tls_align = 16 },
		{ .ectx_len = SIZE_MAX - 63 },
	};
	struct sched_layout l;

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(bad); i++)
		UK_EXPECT(!sched_layout(&l, &bad[i]));
}
