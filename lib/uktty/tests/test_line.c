/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines. What is expected is what Linux 6.18 does, where the same keys were
 * typed at a pseudo terminal.
 */
#include "tty_fixture.h"

UK_TEST(tty, a_line_can_be_read_when_it_is_complete)
{
	begin();
	type("ab");
	UK_EXPECT_EQ(fake.change, 0);
	UK_EXPECT(!uk_tty_can_read(&fake.tty, 1));
	UK_EXPECT_EQ(uk_tty_waiting(&fake.tty), 0);
	type("c\r");
	UK_EXPECT_EQ(fake.change, UK_TTY_IN);
	UK_EXPECT_EQ(uk_tty_waiting(&fake.tty), 4);
	EXPECT_READ(64, "abc\n", true);
	UK_EXPECT(!uk_tty_can_read(&fake.tty, 1));
	EXPECT_SENT("abc\r\n");
}

UK_TEST(tty, a_line_is_read_in_pieces_and_never_beyond_its_end)
{
	begin();
	type("abc\nde\n");
	EXPECT_READ(2, "ab", false);
	EXPECT_READ(2, "c\n", true);
	EXPECT_READ(64, "de\n", true);
}

UK_TEST(tty, erase_takes_back_a_character_and_what_shows_of_it)
{
	begin();
	type("abc\x7f" "d\n");
	EXPECT_READ(64, "abd\n", true);
	EXPECT_SENT("abc\b \bd\r\n");
	/* Of ^A two columns; of nothing none. */
	type("\x01\x7f\x7f\n");
	EXPECT_READ(64, "\n", true);
	EXPECT_SENT("^A\b \b\b \b\r\n");
}

UK_TEST(tty, erasing_a_tab_goes_back_to_what_is_before_it)
{
	begin();
	uk_tty_write(&fake.tty, "> ", 2);
	type("a\t\x7f" "b\t\t\x7f\n");
	EXPECT_READ(64, "ab\t\n", true);
	EXPECT_SENT("> a\t\b\b\b\b\bb\t\t\b\b\b\b\b\b\b\b\r\n");
}

UK_TEST(tty, a_character_of_several_bytes_is_erased_whole)
{
	begin();
	set(IN, UK_ABI_IUTF8, 0);
	type("x\xc3\xa4\x7f\n");
	EXPECT_READ(64, "x\n", true);
	EXPECT_SENT("x\xc3\xa4\b \b\r\n");
	set(IN, 0, UK_ABI_IUTF8);
	type("x\xc3\xa4\x7f\n");
	EXPECT_READ(64, "x\xc3\n", true);
}

UK_TEST(tty, werase_takes_back_a_word_and_the_blanks_behind_it)
{
	begin();
	type("ab, cd_1  \x17" "e\n");
	EXPECT_READ(64, "ab, e\n", true);
	set(LOCAL, 0, UK_ABI_IEXTEN);
	type("a\x17\n");
	EXPECT_READ(64, "a\x17\n", true);
}

UK_TEST(tty, kill_takes_back_the_line_and_shows_it_as_its_modes_say)
{
	begin();
	type("ab\x15" "c\n");
	EXPECT_READ(64, "c\n", true);
	EXPECT_SENT("ab\b \b\b \bc\r\n");
	set(LOCAL, 0, UK_ABI_ECHOKE);
	type("ab\x15" "c\n");
	EXPECT_READ(64, "c\n", true);
	EXPECT_SENT("ab^U\r\nc\r\n");
	set(LOCAL, 0, UK_ABI_ECHOK);
	type("ab\x15" "c\n");
	EXPECT_SENT("ab^Uc\r\n");
}

UK_TEST(tty, without_echoe_the_erasing_key_shows)
{
	begin();
	set(LOCAL, 0, UK_ABI_ECHOE);
	type("ab\x7f\n");
	EXPECT_READ(64, "a\n", true);
	EXPECT_SENT("ab^?\r\n");
}

UK_TEST(tty, the_end_of_the_file_ends_a_line_and_is_not_read)
{
	begin();
	type("ab\x04");
	UK_EXPECT_EQ(fake.change, UK_TTY_IN);
	UK_EXPECT_EQ(uk_tty_waiting(&fake.tty), 2);
	EXPECT_READ(64, "ab", true);
	type("\x04");
	UK_EXPECT(uk_tty_can_read(&fake.tty, 1));
	EXPECT_READ(64, "", true);
	UK_EXPECT(!uk_tty_can_read(&fake.tty, 1));
	/* One that follows what a read has room for is read with it. */
	type("ab\x04");
	EXPECT_READ(2, "ab", true);
	UK_EXPECT(!uk_tty_can_read(&fake.tty, 1));
}

UK_TEST(tty, a_byte_0_that_is_typed_is_no_end)
{
	begin();
	UK_EXPECT_EQ(uk_tty_receive(&fake.tty, "a\0b\n", 4), UK_TTY_IN);
	EXPECT_READ(64, "a\0b\n", true);
	EXPECT_SENT("a^@b\r\n");
}

UK_TEST(tty, other_characters_end_lines_if_they_are_set)
{
	begin();
	fake.tty.modes.c_cc[UK_ABI_VEOL] = ';';
	fake.tty.modes.c_cc[UK_ABI_VEOL2] = '.';
	type("a;b.c\n");
	EXPECT_READ(64, "a;", true);
	EXPECT_READ(64, "b.", true);
	EXPECT_READ(64, "c\n", true);
	EXPECT_SENT("a;b.c\r\n");
	set(LOCAL, 0, UK_ABI_IEXTEN);
	type("b.c\n");
	EXPECT_READ(64, "b.c\n", true);
}

UK_TEST(tty, what_follows_lnext_is_no_special_character)
{
	begin();
	type("a\x16\x7f\x16\n\x16\x03\n");
	UK_EXPECT_EQ(fake.sig, 0);
	EXPECT_READ(64, "a\x7f\n\x03\n", true);
	EXPECT_SENT("a^\b^?^\b^J^\b^C\r\n");
}

UK_TEST(tty, reprint_shows_what_was_typed_so_far)
{
	begin();
	type("ab\x12" "c\n");
	EXPECT_READ(64, "abc\n", true);
	EXPECT_SENT("ab^R\r\nabc\r\n");
}

UK_TEST(tty, without_echo_nothing_shows_but_newlines_if_asked_for)
{
	begin();
	set(LOCAL, 0, UK_ABI_ECHO);
	type("a\x7f\x15\x12" "b\n");
	EXPECT_READ(64, "\x12" "b\n", true);
	EXPECT_SENT("");
	set(LOCAL, UK_ABI_ECHONL, 0);
	type("b\n");
	EXPECT_SENT("\r\n");
}

UK_TEST(tty, a_line_that_is_too_long_is_cut_and_still_ends)
{
	static char buf[UK_TTY_LEN];
	bool end;

	begin();
	for (unsigned int i = 0; i < UK_TTY_LEN + 100; i++)
		type("x");
	UK_EXPECT_EQ(uk_tty_room(&fake.tty), 1);
	UK_EXPECT(!uk_tty_can_read(&fake.tty, 1));
	type("\n");
	UK_EXPECT_EQ(uk_tty_waiting(&fake.tty), UK_TTY_LEN);
	UK_EXPECT_EQ(uk_tty_room(&fake.tty), 0);
	/* Now there is no room for anything. */
	type("y\n");
	UK_EXPECT_EQ(uk_tty_waiting(&fake.tty), UK_TTY_LEN);
	UK_EXPECT_EQ(uk_tty_read(&fake.tty, buf, sizeof(buf), &end),
		     UK_TTY_LEN);
	UK_EXPECT(end);
	UK_EXPECT_EQ(buf[UK_TTY_LEN - 2], 'x');
	UK_EXPECT_EQ(buf[UK_TTY_LEN - 1], '\n');
	UK_EXPECT_EQ(uk_tty_room(&fake.tty), UK_TTY_LEN - 1);
}

UK_TEST(tty, lines_stay_in_order_when_the_counts_wrap)
{
	begin();
	fake.tty.head = fake.tty.line = fake.tty.tail = UINT32_MAX - 5;
	for (unsigned int i = 0; i < 20; i++) {
		type("ab\x7f" "c\nde\x04");
		EXPECT_READ(64, "ac\n", true);
		EXPECT_READ(64, "de", true);
	}
}
