/* SPDX-License-Identifier: BSD-3-Clause */
#include "tty_fixture.h"

UK_TEST(tty_modes, a_new_terminal_has_the_modes_of_linux)
{
	begin();
	UK_EXPECT_EQ(fake.tty.modes.c_iflag, 0x500);
	UK_EXPECT_EQ(fake.tty.modes.c_oflag, 0x5);
	UK_EXPECT_EQ(fake.tty.modes.c_cflag, 0x4bf);
	UK_EXPECT_EQ(fake.tty.modes.c_lflag, 0x8a3b);
	UK_EXPECT_MEM_EQ(fake.tty.modes.c_cc,
			 "\x03\x1c\x7f\x15\x04\0\1\0\x11\x13\x1a\0\x12\x0f"
			 "\x17\x16\0\0\0", UK_ABI_NCCS);
}

UK_TEST(tty_modes, without_lines_bytes_are_read_as_they_come)
{
	begin();
	set(LOCAL, 0, UK_ABI_ICANON);
	type("a\x7f\x04");
	UK_EXPECT_EQ(fake.change, UK_TTY_IN);
	UK_EXPECT(uk_tty_can_read(&fake.tty, 3));
	UK_EXPECT(!uk_tty_can_read(&fake.tty, 4));
	EXPECT_READ(2, "a\x7f", false);
	EXPECT_READ(2, "\x04", true);
	UK_EXPECT(!uk_tty_can_read(&fake.tty, 0));
	EXPECT_SENT("a^?^D");
}

UK_TEST(tty_modes, what_waits_is_kept_when_lines_begin_and_end)
{
	begin();
	type("ab");
	set(LOCAL, 0, UK_ABI_ICANON);
	UK_EXPECT(uk_tty_can_read(&fake.tty, 2));
	set(LOCAL, UK_ABI_ICANON, 0);
	EXPECT_READ(64, "ab", true);
	type("c\nd\x04");
	set(LOCAL, 0, UK_ABI_ICANON);
	EXPECT_READ(64, "c\nd\0", true);
	/* And with nothing there is no line. */
	set(LOCAL, UK_ABI_ICANON, 0);
	UK_EXPECT(!uk_tty_can_read(&fake.tty, 1));
}

UK_TEST(tty_modes, keys_are_signals_and_flush_what_was_typed)
{
	begin();
	type("ab\x03" "cd\n");
	UK_EXPECT_EQ(fake.sig, UK_ABI_TTY_SIGINT);
	EXPECT_READ(64, "cd\n", true);
	EXPECT_SENT("ab^Ccd\r\n");
	type("\x1c");
	UK_EXPECT_EQ(fake.sig, UK_ABI_TTY_SIGQUIT);
	set(LOCAL, UK_ABI_NOFLSH, 0);
	type("ab\x1a" "cd\n");
	UK_EXPECT_EQ(fake.sig, UK_ABI_TTY_SIGTSTP);
	EXPECT_READ(64, "abcd\n", true);
	fake.sig = 0;
	set(LOCAL, 0, UK_ABI_ISIG);
	type("\x03\n");
	UK_EXPECT_EQ(fake.sig, 0);
	EXPECT_READ(64, "\x03\n", true);
}

UK_TEST(tty_modes, output_is_stopped_and_started_by_keys)
{
	begin();
	type("\x13");
	UK_EXPECT(fake.tty.stopped);
	UK_EXPECT_EQ(fake.change, 0);
	type("\x11");
	UK_EXPECT(!fake.tty.stopped);
	UK_EXPECT_EQ(fake.change, UK_TTY_OUT);
	/* A signal, and the end of the mode, let it go on, too. */
	type("\x13\x03");
	UK_EXPECT(!fake.tty.stopped);
	type("\x13");
	set(IN, 0, UK_ABI_IXON);
	UK_EXPECT(!fake.tty.stopped);
	type("\x13\n");
	UK_EXPECT(!fake.tty.stopped);
	EXPECT_READ(64, "\x13\n", true);
	set(IN, UK_ABI_IXON | UK_ABI_IXANY, 0);
	type("\x13" "a");
	UK_EXPECT_EQ(fake.change, UK_TTY_OUT);
}

UK_TEST(tty_modes, line_ends_that_are_typed_are_translated)
{
	begin();
	set(IN, 0, UK_ABI_ICRNL);
	type("a\rb\n");
	EXPECT_READ(64, "a\rb\n", true);
	set(IN, UK_ABI_IGNCR | UK_ABI_ICRNL, 0);
	type("a\rb\n");
	EXPECT_READ(64, "ab\n", true);
	set(IN, UK_ABI_INLCR, UK_ABI_IGNCR);
	type("a\nb\r");
	EXPECT_READ(64, "a\rb\n", true);
}

UK_TEST(tty_modes, bytes_are_stripped_and_made_small_before_all_else)
{
	begin();
	set(IN, UK_ABI_ISTRIP | UK_ABI_IUCLC, 0);
	type("\xe1" "B\x8a");
	EXPECT_READ(64, "ab\n", true);
}

UK_TEST(tty_modes, output_has_its_line_ends_translated)
{
	begin();
	uk_tty_write(&fake.tty, "a\nb\r", 4);
	EXPECT_SENT("a\r\nb\r");
	set(OUT, UK_ABI_OCRNL | UK_ABI_ONOCR, UK_ABI_ONLCR);
	uk_tty_write(&fake.tty, "\ra\nb\r", 5);
	EXPECT_SENT("a\nb\n");
	set(OUT, 0, UK_ABI_OPOST);
	uk_tty_write(&fake.tty, "a\n\r\t", 4);
	EXPECT_SENT("a\n\r\t");
}

UK_TEST(tty_modes, tabs_and_small_letters_are_replaced_on_their_way_out)
{
	begin();
	set(OUT, UK_ABI_XTABS | UK_ABI_OLCUC, 0);
	uk_tty_write(&fake.tty, "ab\tc\n\td", 7);
	EXPECT_SENT("AB      C\r\n        D");
}

UK_TEST(tty_modes, a_character_that_is_0_is_switched_off)
{
	begin();
	fake.tty.modes.c_cc[UK_ABI_VERASE] = 0;
	fake.tty.modes.c_cc[UK_ABI_VINTR] = 0;
	UK_EXPECT_EQ(uk_tty_receive(&fake.tty, "a\x7f\0\n", 4), UK_TTY_IN);
	UK_EXPECT_EQ(fake.sig, 0);
	EXPECT_READ(64, "a\x7f\0\n", true);
}

UK_TEST(tty_modes, a_flush_forgets_all_that_was_typed)
{
	begin();
	type("a\nb\x16");
	uk_tty_flush(&fake.tty);
	UK_EXPECT(!uk_tty_can_read(&fake.tty, 1));
	type("\x7f" "c\n");
	EXPECT_READ(64, "c\n", true);
}
