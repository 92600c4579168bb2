/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/log.h>

#include <uk/config.h>
#include <uk/fmt.h>
#include <uk/string.h>
#include <uk/test.h>

#include "../ukdebug_priv.h"

/* Messages of the tests: a level that consoles do not show. */
#define say(...)	uk_log(UK_LOG_DEBUG, "libtest", __VA_ARGS__)

static char line[UK_LOG_SHOWN];

static void go_to_end(struct uk_log_pos *pos)
{
	uint32_t lost;

	while (uk_log_read(pos, line, sizeof(line), &lost))
		;
}

/* The text of the shown line, after "[time] level: library: ". */
static const char *text_of(const char *shown)
{
	static const char head[] = "debug: libtest: ";
	const char *p = uk_strchr(shown, ']');

	if (!p || !uk_strprefix(p + 2, head))
		return "";
	return p + 2 + sizeof(head) - 1;
}

UK_TEST(ukdebug, a_logged_line_is_read_back_with_its_level_and_library)
{
	struct uk_log_pos pos = { 0 };
	uint32_t lost = 99;
	size_t len;

	go_to_end(&pos);
	say("the answer is %d", 42);
	len = uk_log_read(&pos, line, sizeof(line), &lost);
	UK_EXPECT_EQ(len, uk_strlen(line));
	UK_EXPECT_EQ(lost, 0);
	UK_EXPECT_EQ(line[0], '[');
	UK_EXPECT_STR_EQ(text_of(line), "the answer is 42\n");
	UK_EXPECT_EQ(uk_log_read(&pos, line, sizeof(line), &lost), 0);
}

UK_TEST(ukdebug, a_long_line_is_cut_and_says_so)
{
	struct uk_log_pos pos = { 0 };
	uint32_t lost;
	const char *text;

	go_to_end(&pos);
	say("%0*d", UK_LOG_LINE, 7);
	say("%0*d", UK_LOG_LINE + 1, 7);
	uk_log_read(&pos, line, sizeof(line), &lost);
	text = text_of(line);
	UK_EXPECT_EQ(uk_strlen(text), UK_LOG_LINE + 1);
	UK_EXPECT_STR_EQ(text + UK_LOG_LINE - 3, "007\n");
	uk_log_read(&pos, line, sizeof(line), &lost);
	text = text_of(line);
	UK_EXPECT_EQ(uk_strlen(text), UK_LOG_LINE + 1);
	UK_EXPECT_STR_EQ(text + UK_LOG_LINE - 4, "0...\n");
}

UK_TEST(ukdebug, a_message_cannot_write_a_line_of_its_own)
{
	struct uk_log_pos pos = { 0 };
	uint32_t lost;

	go_to_end(&pos);
	say("%s", "a\nkiln: exit 0\r\x1b[2J\x7f");
	uk_log_read(&pos, line, sizeof(line), &lost);
	UK_EXPECT_STR_EQ(text_of(line), "a?kiln: exit 0??[2J?\n");
}

UK_TEST(ukdebug, a_plain_line_has_no_head)
{
	struct uk_log_pos pos = { 0 };
	uint32_t lost;

	go_to_end(&pos);
	uk_log_plain("# plain %s", "line");
	uk_log_read(&pos, line, sizeof(line), &lost);
	UK_EXPECT_STR_EQ(line, "# plain line\n");
}

UK_TEST(ukdebug, the_oldest_lines_are_lost_whole_and_counted)
{
	const unsigned int count = CONFIG_LIBUKDEBUG_RING_SIZE / 24 + 10;
	struct uk_log_pos pos = { 0 };
	unsigned int read = 0;
	uint32_t lost, lost_first = 0;
	char want[32];

	go_to_end(&pos);
	for (unsigned int i = 0; i < count; i++)
		say("line %u", i);

	while (uk_log_read(&pos, line, sizeof(line), &lost)) {
		if (read == 0)
			lost_first = lost;
		else
			UK_EXPECT_EQ(lost, 0);
		uk_snprintf(want, sizeof(want), "line %u\n",
			    lost_first + read);
		UK_EXPECT_STR_EQ(text_of(line), want);
		read++;
	}
	UK_EXPECT_EQ(lost_first + read, count);
	UK_EXPECT_GE(lost_first, 10);
	/* What was kept fills the ring but for less than a line. */
	UK_EXPECT_GE(read, CONFIG_LIBUKDEBUG_RING_SIZE / 40 - 1);
}

static uint64_t fixed_clock(void)
{
	return UINT64_C(12345678901234);
}

/*
 * Fill the ring with lines of @len, a multiple of 8, and read what is left of
 * them: as many as fit.
 */
static unsigned int bad_lines(unsigned int len)
{
	const unsigned int fit = CONFIG_LIBUKDEBUG_RING_SIZE /
				 (sizeof(struct ring_line) + len);
	struct uk_log_pos pos = { 0 };
	unsigned int bad = 0, read = 0;
	uint32_t lost;

	go_to_end(&pos);
	for (unsigned int i = 0; i < CONFIG_LIBUKDEBUG_RING_SIZE / len; i++)
		say("%0*u", (int)len, 7u);
	while (uk_log_read(&pos, line, sizeof(line), &lost)) {
		bad += !uk_strprefix(line, "[12345.678901] debug: ") ||
		       uk_strlen(text_of(line)) != len + 1 ||
		       text_of(line)[len - 1] != '7';
		read++;
	}
	return bad + (read != fit);
}

UK_TEST(ukdebug, a_full_ring_has_nothing_but_whole_lines)
{
	uk_log_set_clock(fixed_clock);
	for (unsigned int len = 8; len <= UK_LOG_LINE; len += 8)
		UK_EXPECT_EQ(bad_lines(len), 0);
	uk_log_set_clock(NULL);
}

UK_TEST(ukdebug, lines_of_any_length_pass_the_end_of_the_ring)
{
	struct uk_log_pos pos = { 0 };
	uint32_t lost;

	go_to_end(&pos);
	for (unsigned int i = 1; i <= 500; i++) {
		const unsigned int len = 1 + i * 7 % UK_LOG_LINE;

		say("%0*u", (int)len, i % 10);
		uk_log_read(&pos, line, sizeof(line), &lost);
		UK_EXPECT_EQ(lost, 0);
		UK_EXPECT_EQ(uk_strlen(text_of(line)), len + 1);
		UK_EXPECT_EQ(text_of(line)[len - 1], '0' + i % 10);
	}
}

UK_TEST(ukdebug, a_clock_gives_the_lines_their_time)
{
	struct uk_log_pos pos = { 0 };
	uint32_t lost;

	go_to_end(&pos);
	uk_log_set_clock(fixed_clock);
	say("x");
	uk_log_set_clock(NULL);
	uk_log_read(&pos, line, sizeof(line), &lost);
	UK_EXPECT_STR_EQ(line, "[12345.678901] debug: libtest: x\n");
}

UK_TEST(ukdebug, a_level_that_is_not_logged_leaves_no_line)
{
	struct uk_log_pos pos = { 0 };
	uint32_t lost;

	go_to_end(&pos);
	uk_log_set_level(UK_LOG_INFO);
	say("nothing");
	uk_log(UK_LOG_INFO, "libtest", "something");
	uk_log_set_level(UK_LOG_DEBUG);
	UK_EXPECT_NE(uk_log_read(&pos, line, sizeof(line), &lost), 0);
	UK_EXPECT_NOT_NULL(uk_strchr(line, 's'));
	UK_EXPECT_EQ(uk_log_read(&pos, line, sizeof(line), &lost), 0);
}

UK_TEST(ukdebug, a_bad_format_keeps_what_came_before_it)
{
	struct uk_log_pos pos = { 0 };
	const char *odd = "good %d bad %k";
	uint32_t lost;

	go_to_end(&pos);
	uk_log(UK_LOG_DEBUG, "libtest", odd, 1);
	uk_log_read(&pos, line, sizeof(line), &lost);
	UK_EXPECT_STR_EQ(text_of(line), "good 1 bad \n");
}

UK_TEST(ukdebug, a_hex_dump_has_offsets_bytes_and_characters)
{
	static const char mem[] = "Kiln\0\x01\xff~0123456789";
	struct uk_log_pos pos = { 0 };
	uint32_t lost;

	go_to_end(&pos);
	uk_log_hexdump(UK_LOG_DEBUG, "libtest", mem, 18);
	uk_log_read(&pos, line, sizeof(line), &lost);
	UK_EXPECT_STR_EQ(text_of(line), "0000  "
			 "4b 69 6c 6e 00 01 ff 7e 30 31 32 33 34 35 36 37  "
			 "Kiln...~01234567\n");
	uk_log_read(&pos, line, sizeof(line), &lost);
	UK_EXPECT_STR_EQ(text_of(line), "0010  "
			 "38 39                                            "
			 "89\n");
	UK_EXPECT_EQ(uk_log_read(&pos, line, sizeof(line), &lost), 0);
}
