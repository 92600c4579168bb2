/* SPDX-License-Identifier: BSD-3-Clause */
/* Events of the ground (<uk/event.h>), which has no tests/ of its own. */
#include <uk/event.h>

#include <stdbool.h>

#include <uk/test.h>

UK_EVENT_DECLARE(tested);
UK_EVENT_DECLARE(unheard);

UK_EVENT(tested);
UK_EVENT(unheard);

/* What the handlers are to say, and who was called in which order. */
struct told {
	enum uk_event_result first, middle, last;
	char order[4];
	unsigned int n;
};

static enum uk_event_result on_last(void *data)
{
	struct told *const told = data;

	told->order[told->n++] = 'l';
	return told->last;
}

static enum uk_event_result on_middle(void *data)
{
	struct told *const told = data;

	told->order[told->n++] = 'm';
	return told->middle;
}

static enum uk_event_result on_first(void *data)
{
	struct told *const told = data;

	told->order[told->n++] = 'f';
	return told->first;
}

/* Not in the order of their priorities. */
UK_EVENT_HANDLER_PRIO(tested, on_last, UK_EVENT_PRIO_LAST);
UK_EVENT_HANDLER_PRIO(tested, on_first, UK_EVENT_PRIO_FIRST);
UK_EVENT_HANDLER(tested, on_middle);

UK_TEST(event, handlers_run_in_the_order_of_their_priority)
{
	struct told told = { .n = 0 };

	UK_EXPECT_EQ(uk_event_raise(tested, &told), UK_EVENT_NOT_HANDLED);
	UK_EXPECT_STR_EQ(told.order, "fml");
}

UK_TEST(event, nobody_is_asked_after_one_that_handled_it)
{
	struct told told = { .middle = UK_EVENT_HANDLED };

	UK_EXPECT_EQ(uk_event_raise(tested, &told), UK_EVENT_HANDLED);
	UK_EXPECT_STR_EQ(told.order, "fm");
}

UK_TEST(event, a_handler_may_have_the_others_told_too)
{
	struct told told = { .first = UK_EVENT_HANDLED_CONT };

	UK_EXPECT_EQ(uk_event_raise(tested, &told), UK_EVENT_HANDLED_CONT);
	UK_EXPECT_STR_EQ(told.order, "fml");

	told = (struct told){ .first = UK_EVENT_HANDLED_CONT,
			      .last = UK_EVENT_HANDLED };
	UK_EXPECT_EQ(uk_event_raise(tested, &told), UK_EVENT_HANDLED);
	UK_EXPECT_STR_EQ(told.order, "fml");
}

UK_TEST(event, one_without_handlers_is_not_handled)
{
	UK_EXPECT_EQ(uk_event_raise(unheard, NULL), UK_EVENT_NOT_HANDLED);
}
