/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/sink.h>

#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

#define say(level, ...)	uk_log(level, "libtest", __VA_ARGS__)

/* A sink that keeps the end of what it was given. */
struct keeper {
	struct uk_sink sink;
	char text[1024];
	size_t len;
	unsigned int calls;
	unsigned int inside;	/* write() entered and not left */
	bool nested;		/* write() was entered twice */
	bool talks;		/* logs one line from inside write() */
	bool ends;		/* the image ends there */
	const char *last;	/* line that it had before it left that */
	unsigned int flushes;
	size_t flushed;		/* bytes given before the last flush */
};

static struct keeper keeper;

static void keep(struct uk_sink *sink, const char *buf, size_t len)
{
	struct keeper *k = UK_CONTAINER_OF(sink, struct keeper, sink);

	if (k->inside++)
		k->nested = true;
	k->calls++;
	if (len > sizeof(k->text) - 1 - k->len)
		k->len = 0;
	if (len < sizeof(k->text)) {
		memcpy(k->text + k->len, buf, len);
		k->len += len;
		k->text[k->len] = '\0';
	}
	if (k->talks) {
		k->talks = false;
		say(UK_LOG_DEBUG, "from inside");
	}
	if (k->ends) {
		k->ends = false;
		uk_log_last("# the end");
		k->last = uk_strrchr(k->text, '#');
	}
	k->inside--;
}

static void flush(struct uk_sink *sink)
{
	struct keeper *k = UK_CONTAINER_OF(sink, struct keeper, sink);

	k->flushes++;
	k->flushed = k->len;
}

/* A fresh keeper that has seen what there is, and forgot it. */
static struct keeper *start(int level)
{
	keeper = (struct keeper){
		.sink = { .write = keep, .flush = flush, .level = level },
	};
	uk_sink_register(&keeper.sink);
	keeper.len = 0;
	keeper.calls = 0;
	keeper.text[0] = '\0';
	return &keeper;
}

/* The last line in @text, from after its time on; it is cut off there. */
static const char *take_last(struct keeper *k)
{
	char *p;

	if (!k->len)
		return "";
	k->text[k->len - 1] = '\0';
	p = uk_strrchr(k->text, ']');
	k->len = 0;
	return p ? p + 2 : "";
}

UK_TEST(ukdebug, a_sink_gets_the_lines_its_level_lets_pass)
{
	struct keeper *k = start(UK_LOG_INFO);

	say(UK_LOG_DEBUG, "too much");
	UK_EXPECT_EQ(k->calls, 0);
	say(UK_LOG_INFO, "a device");
	UK_EXPECT_EQ(k->calls, 1);
	UK_EXPECT_STR_EQ(take_last(k), "info: libtest: a device");
	uk_sink_unregister(&k->sink);
	say(UK_LOG_INFO, "gone");
	UK_EXPECT_EQ(k->calls, 1);
}

UK_TEST(ukdebug, a_console_sink_follows_the_level_of_the_console)
{
	struct keeper *k = start(UK_SINK_CONSOLE);

	uk_log_set_console(UK_LOG_ERR);
	say(UK_LOG_WARN, "# quiet");
	UK_EXPECT_EQ(k->calls, 0);
	uk_log_set_console(CONFIG_LIBUKDEBUG_CONSOLE_LEVEL);
	say(UK_LOG_DEBUG, "# quiet");
	UK_EXPECT_EQ(k->calls, 0);
	uk_log_plain("# a plain line is shown at every level");
	UK_EXPECT_EQ(k->calls, 1);
	uk_sink_unregister(&k->sink);
}

UK_TEST(ukdebug, a_new_sink_gets_what_was_said_before)
{
	struct keeper *k = &keeper;

	say(UK_LOG_DEBUG, "before the sink");
	*k = (struct keeper){ .sink = { .write = keep,
					.level = UK_LOG_DEBUG } };
	uk_sink_register(&k->sink);
	UK_EXPECT_STR_EQ(take_last(k), "debug: libtest: before the sink");
	uk_sink_unregister(&k->sink);
}

UK_TEST(ukdebug, a_new_sink_is_told_how_many_lines_it_missed)
{
	struct keeper *k = &keeper;

	for (unsigned int i = 0; i < CONFIG_LIBUKDEBUG_RING_SIZE / 24; i++)
		say(UK_LOG_DEBUG, "filler");
	*k = (struct keeper){ .sink = { .write = keep, .level = UK_LOG_ERR } };
	uk_sink_register(&k->sink);
	UK_EXPECT(uk_strprefix(k->text, "kiln: "));
	UK_EXPECT_NOT_NULL(uk_strchr(k->text, 'l'));
	UK_EXPECT_EQ(k->calls, 1);
	UK_EXPECT_STR_EQ(k->text + k->len - 16, " log lines lost\n");
	uk_sink_unregister(&k->sink);
}

UK_TEST(ukdebug, a_line_logged_by_a_sink_follows_and_does_not_nest)
{
	struct keeper *k = start(UK_LOG_DEBUG);

	k->talks = true;
	say(UK_LOG_DEBUG, "from outside");
	UK_EXPECT_EQ(k->calls, 2);
	UK_EXPECT(!k->nested);
	UK_EXPECT_STR_EQ(take_last(k), "debug: libtest: from inside");
	uk_sink_unregister(&k->sink);
}

UK_TEST(ukdebug, several_sinks_get_a_line_each)
{
	struct keeper *k = start(UK_LOG_DEBUG);
	static struct keeper second;

	second = (struct keeper){ .sink = { .write = keep,
					    .level = UK_LOG_DEBUG } };
	uk_sink_register(&second.sink);
	say(UK_LOG_DEBUG, "for both");
	UK_EXPECT_STR_EQ(take_last(k), "debug: libtest: for both");
	UK_EXPECT_STR_EQ(take_last(&second), "debug: libtest: for both");
	uk_sink_unregister(&k->sink);
	say(UK_LOG_DEBUG, "for one");
	UK_EXPECT_EQ(k->len, 0);
	UK_EXPECT_STR_EQ(take_last(&second), "debug: libtest: for one");
	uk_sink_unregister(&second.sink);
}

UK_TEST(ukdebug, the_last_line_comes_after_the_others_and_is_sent)
{
	struct keeper *k = start(UK_LOG_DEBUG);

	say(UK_LOG_DEBUG, "before");
	UK_EXPECT_EQ(k->flushes, 0);
	k->len = 0;
	uk_log_last("# the last line: %s", "of all");
	UK_EXPECT_STR_EQ(k->text, "# the last line: of all\n");
	UK_EXPECT_EQ(k->calls, 2);
	UK_EXPECT_EQ(k->flushes, 1);
	UK_EXPECT_EQ(k->flushed, k->len);
	/* Somebody may have more to say. */
	say(UK_LOG_DEBUG, "after");
	UK_EXPECT_EQ(k->calls, 3);
	uk_sink_unregister(&k->sink);
}

UK_TEST(ukdebug, a_last_line_that_is_too_long_is_cut)
{
	struct keeper *k = start(UK_LOG_ERR);

	uk_log_last("# %0*d", UK_LOG_LINE, 7);
	UK_EXPECT_EQ(k->len, UK_LOG_LINE);
	UK_EXPECT_EQ(k->text[k->len - 1], '\n');
	UK_EXPECT_EQ(k->text[k->len - 2], '0');
	uk_sink_unregister(&k->sink);
}

/* Seconds pass when it is asked, for nobody can leave who is under us. */
static uint64_t hasty(void)
{
	static uint64_t ns;

	return ns += UINT64_C(5000000000);
}

UK_TEST(ukdebug, a_sink_that_is_at_work_for_good_gets_the_last_line)
{
	struct keeper *k = start(UK_LOG_DEBUG);

	uk_log_set_clock(hasty);
	k->ends = true;
	say(UK_LOG_DEBUG, "interrupted");
	uk_log_set_clock(NULL);
	UK_EXPECT(k->nested);
	UK_EXPECT_STR_EQ(k->last, "# the end\n");
	/* Whoever was under it may go on, and does not say it again. */
	UK_EXPECT_EQ(k->calls, 2);
	say(UK_LOG_DEBUG, "goes on");
	UK_EXPECT_EQ(k->calls, 3);
	uk_sink_unregister(&k->sink);
}
