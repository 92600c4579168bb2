/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A console that remembers what it was sent. It is registered once, last, and
 * listens only while a case wants it to, for consoles stay for good.
 */
#include <uk/console.h>

#include <uk/essentials.h>
#include <uk/print.h>
#include <uk/test.h>

static struct {
	char sent[512];
	size_t nsent;
	unsigned int ncalls;
	const char *keys;	/* what in() gives next */
	unsigned int polls;	/* calls of in() before it gives anything */
} tape;

static void tape_out(struct uk_console *con UK_UNUSED, const char *buf,
		     size_t len)
{
	tape.ncalls++;
	for (size_t i = 0; i < len && tape.nsent < sizeof(tape.sent); i++)
		tape.sent[tape.nsent++] = buf[i];
}

static size_t tape_in(struct uk_console *con UK_UNUSED, char *buf, size_t len)
{
	size_t n = 0;

	if (tape.polls) {
		tape.polls--;
		return 0;
	}
	while (n < len && tape.keys && *tape.keys)
		buf[n++] = *tape.keys++;
	return n;
}

static const struct uk_console_ops tape_ops = {
	.out = tape_out,
	.in = tape_in,
};

static struct uk_console tape_con = {
	.name = "tape",
	.ops = &tape_ops,
	.flags = UK_CONSOLE_NOLOG,
};

static void tape_start(unsigned int flags)
{
	static bool registered;

	if (!registered)
		uk_console_register(&tape_con);
	registered = true;
	tape.nsent = 0;
	tape.ncalls = 0;
	tape.keys = NULL;
	tape.polls = 0;
	tape_con.flags = UK_CONSOLE_NOLOG | flags;
}

static void tape_stop(void)
{
	tape_con.flags = UK_CONSOLE_NOLOG;
}

UK_TEST(console, a_newline_goes_out_as_carriage_return_and_newline)
{
	tape_start(UK_CONSOLE_STDOUT);
	uk_console_out("# a\n\n", 5);
	tape_stop();
	UK_EXPECT_EQ(tape.nsent, 7);
	UK_EXPECT_MEM_EQ(tape.sent, "# a\r\n\r\n", 7);
}

UK_TEST(console, text_longer_than_a_run_arrives_whole_and_in_few_calls)
{
	char text[200];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 50 == 0 ? '#' : i % 50 == 49 ? '\n' : '-';

	tape_start(UK_CONSOLE_STDOUT);
	uk_console_out(text, sizeof(text));
	tape_stop();
	UK_EXPECT_EQ(tape.nsent, sizeof(text) + 4);
	UK_EXPECT_LT(tape.ncalls, 6);
	for (size_t i = 0, o = 0; i < sizeof(text); i++) {
		if (text[i] == '\n')
			UK_EXPECT_EQ(tape.sent[o++], '\r');
		UK_EXPECT_EQ(tape.sent[o++], text[i]);
	}
}

UK_TEST(console, a_console_without_the_output_flag_gets_nothing)
{
	tape_start(0);
	uk_console_out("# not for the tape\n", 19);
	UK_EXPECT_EQ(tape.nsent, 0);
}

UK_TEST(console, a_console_without_the_log_flag_gets_no_log_lines)
{
	tape_start(UK_CONSOLE_STDOUT);
	uk_pr_err("not for the tape");
	tape_stop();
	UK_EXPECT_EQ(tape.nsent, 0);
}

/* A console that gets the log; it remembers the beginning while it listens. */
static struct {
	bool listens;
	char sent[64];
	size_t nsent;
} ear;

static void ear_out(struct uk_console *con UK_UNUSED, const char *buf,
		    size_t len)
{
	for (size_t i = 0; ear.listens && i < len; i++) {
		if (ear.nsent < sizeof(ear.sent))
			ear.sent[ear.nsent++] = buf[i];
	}
}

static void ear_start(void)
{
	static const struct uk_console_ops ops = { .out = ear_out };
	static struct uk_console con = { .name = "ear", .ops = &ops };

	if (!con.sink.write)
		uk_console_register(&con);
	con.flags |= UK_CONSOLE_STDOUT;
	ear.nsent = 0;
	ear.listens = true;
}

UK_TEST(console, a_log_line_begins_on_a_line_of_its_own)
{
	ear_start();
	uk_console_out("# half a line", 13);
	uk_pr_err("a line of the log");
	ear.listens = false;
	UK_EXPECT_GT(ear.nsent, 16);
	UK_EXPECT_MEM_EQ(ear.sent, "# half a line\r\n[", 16);

	ear_start();
	uk_pr_err("another line, which has nothing to end");
	ear.listens = false;
	UK_EXPECT_EQ(ear.sent[0], '[');
}

UK_TEST(console, input_that_has_arrived_is_taken_up_to_the_length_asked)
{
	char buf[8] = { 0 };

	tape_start(UK_CONSOLE_STDIN);
	UK_EXPECT(uk_console_has_input());
	tape.keys = "hello";
	UK_EXPECT_EQ(uk_console_in(buf, 3), 3);
	UK_EXPECT_STR_EQ(buf, "hel");
	UK_EXPECT_EQ(uk_console_in(buf, sizeof(buf)), 2);
	UK_EXPECT_EQ(uk_console_in(buf, sizeof(buf)), 0);
	tape_stop();
}

UK_TEST(console, a_waiting_read_waits_for_the_first_byte_only)
{
	char buf[8];

	tape_start(UK_CONSOLE_STDIN);
	tape.keys = "ok";
	tape.polls = 5;
	UK_EXPECT_EQ(uk_console_in_wait(buf, 0), 0);
	UK_EXPECT_EQ(tape.polls, 5);
	UK_EXPECT_EQ(uk_console_in_wait(buf, sizeof(buf)), 2);
	UK_EXPECT_EQ(tape.polls, 0);
	tape_stop();
}
