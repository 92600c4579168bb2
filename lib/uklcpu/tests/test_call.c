/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of calls of one CPU. */
#include "../uklcpu_priv.h"

#include <uk/essentials.h>
#include <uk/test.h>

static char trace[8];
static unsigned int ntrace;

static void note(void *arg)
{
	if (ntrace < sizeof(trace))
		trace[ntrace++] = *(const char *)arg;
}

UK_TEST(lcpu_call, calls_are_made_in_the_order_they_were_posted)
{
	static char names[] = "abc";
	struct lcpu cpu = { .calls = NULL };
	struct uk_lcpu_call call[3];

	ntrace = 0;
	for (unsigned int i = 0; i < 3; i++) {
		call[i] = (struct uk_lcpu_call){ .fn = note,
						 .arg = &names[i] };
		UK_EXPECT_EQ(lcpu_call_push(&cpu, &call[i]), i == 0);
	}
	UK_EXPECT(!uk_lcpu_call_done(&call[2]));
	lcpu_call_drain(&cpu);
	UK_EXPECT_EQ(ntrace, 3);
	UK_EXPECT_MEM_EQ(trace, names, 3);
	for (unsigned int i = 0; i < 3; i++)
		UK_EXPECT(uk_lcpu_call_done(&call[i]));
	UK_EXPECT_NULL(cpu.calls);
}

static struct lcpu more_cpu;
static struct uk_lcpu_call more_call;

static void post_more(void *arg)
{
	note(arg);
	UK_EXPECT(lcpu_call_push(&more_cpu, &more_call));
}

UK_TEST(lcpu_call, what_is_posted_while_calls_are_made_waits_its_turn)
{
	static char names[] = "ab";
	struct uk_lcpu_call first = { .fn = post_more, .arg = &names[0] };

	more_cpu = (struct lcpu){ .calls = NULL };
	more_call = (struct uk_lcpu_call){ .fn = note, .arg = &names[1] };
	ntrace = 0;
	(void)lcpu_call_push(&more_cpu, &first);
	lcpu_call_drain(&more_cpu);
	UK_EXPECT_EQ(ntrace, 1);
	UK_EXPECT(uk_lcpu_call_done(&first));
	UK_EXPECT(!uk_lcpu_call_done(&more_call));
	lcpu_call_drain(&more_cpu);
	UK_EXPECT_EQ(ntrace, 2);
	UK_EXPECT_NULL(more_cpu.calls);
}
