/* SPDX-License-Identifier: BSD-3-Clause */
/* What <uk/arch/cpulist.h> promises of one CPU that nobody interrupts. */
#include <uk/arch/cpulist.h>

#include <uk/percpu.h>
#include <uk/preempt.h>
#include <uk/test.h>

#define NLISTS	3u
#define LIST	1u	/* the others are empty, and stay so */

static UK_PERCPU(struct ukarch_item *[NLISTS], lists);

static struct ukarch_item items[4];

/* With what is in the list afterwards, by where it is in items, or -1. */
struct state {
	int order[4];
	bool others_empty;
};

static struct state look(void)
{
	struct ukarch_item **const mine = uk_this_cpu_ptr(lists[0]);
	struct state s = { { -1, -1, -1, -1 }, !mine[0] && !mine[2] };
	unsigned int n = 0;

	for (const struct ukarch_item *i = mine[LIST]; i && n < 4;
	     i = i->next)
		s.order[n++] = (int)(i - items);
	return s;
}

UK_TEST(cpulist, an_empty_list_gives_and_takes_nothing)
{
	struct state s;

	uk_preempt_disable();
	uk_this_cpu_ptr(lists[0])[LIST] = NULL;
	UK_EXPECT_NULL(ukarch_cpulist_pop(lists, LIST));
	UK_EXPECT(!ukarch_cpulist_push(lists, LIST, &items[0]));
	s = look();
	uk_preempt_enable();
	UK_EXPECT_EQ(s.order[0], -1);
	UK_EXPECT(s.others_empty);
}

UK_TEST(cpulist, a_list_takes_what_it_has_room_for_and_gives_the_last_first)
{
	struct state s;

	uk_preempt_disable();
	items[0] = (struct ukarch_item){ .next = NULL, .room = 2 };
	uk_this_cpu_ptr(lists[0])[LIST] = &items[0];
	UK_EXPECT(ukarch_cpulist_push(lists, LIST, &items[1]));
	UK_EXPECT(ukarch_cpulist_push(lists, LIST, &items[2]));
	UK_EXPECT_EQ(items[1].room, 1);
	UK_EXPECT_EQ(items[2].room, 0);
	UK_EXPECT(!ukarch_cpulist_push(lists, LIST, &items[3]));
	s = look();
	UK_EXPECT_EQ(s.order[0], 2);
	UK_EXPECT_EQ(s.order[1], 1);
	UK_EXPECT_EQ(s.order[2], 0);
	UK_EXPECT_EQ(s.order[3], -1);
	for (unsigned int i = 3; i-- > 0;)
		UK_EXPECT(ukarch_cpulist_pop(lists, LIST) == &items[i]);
	UK_EXPECT_NULL(ukarch_cpulist_pop(lists, LIST));
	s = look();
	uk_preempt_enable();
	UK_EXPECT(s.others_empty);
}
