/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A guest of one page that does what its command line says; the tests of
 * support/kiln boot it where a real image would be slow or too well behaved.
 *
 * Words after "--":
 *   exit N    the line `kiln: exit N`, and the exit device with N
 *   open N    the same behind a line that was not ended
 *   line N    that line, but power off without the device
 *   quiet N   only the exit device
 *   lie N M   the line says N, the device M
 *   crash     a stack trace, `kiln: crash, exit 134`
 *   reset     restart the machine
 *   off       power off, say nothing
 *   hang      print a dot now and then, for ever
 *   flood     print dots as fast as can be, for ever
 *   echo      print what is typed, up to a line "end"; then exit 0
 *   mark      markers 1 and 65535 around ten no-ops; then exit 0
 *   rep       x86: the same around a copy of 20 bytes by rep movsb
 *   two       arm64: the same around 20,000 instructions on each of two CPUs,
 *             the end of which both wait for
 *   args      print the whole command line; then exit 0
 *   intact    exit 0 if nobody wrote into the end of the image, and each byte
 *             of the initrd is 0x5a (arm64: the image only)
 * Compiled for 32-bit x86 (entered as multiboot and PVH leave it) and arm64.
 */
#include <stdint.h>

#include "guest.h"

static void put(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			guest_putc('\r');
		guest_putc(*text);
	}
}

static void put_number(unsigned int val)
{
	if (val >= 10)
		put_number(val / 10);
	guest_putc((char)('0' + val % 10));
}

/* The words of @text begin with @word: what follows it, or 0. */
static const char *after(const char *text, const char *word)
{
	while (*word) {
		if (*text++ != *word++)
			return 0;
	}
	if (*text == ' ')
		return text + 1;
	return *text ? 0 : text;
}

static unsigned int number(const char **text)
{
	unsigned int val = 0;

	while (**text >= '0' && **text <= '9')
		val = val * 10 + (unsigned int)(*(*text)++ - '0');
	if (**text == ' ')
		(*text)++;
	return val;
}

static const char *program_args(const char *text)
{
	for (; *text; text++) {
		if (text[0] == '-' && text[1] == '-' && text[2] == ' ')
			return text + 3;
	}
	return text;
}

static void end_line(unsigned int status)
{
	put("kiln: exit ");
	put_number(status);
	put("\n");
}

static void finish(unsigned int status)
{
	end_line(status);
	guest_exit(status);
}

static void echo(void)
{
	static const char end[] = "end\n";
	unsigned int seen = 0;

	while (end[seen]) {
		const char c = guest_getc();

		guest_putc(c);
		seen = c == end[seen] ? seen + 1 : 0;
	}
	finish(0);
}

static void dots(unsigned int pause)
{
	for (;;) {
		put(".");
		for (volatile unsigned int i = 0; i < pause; i++)
			;
	}
}

static void put_hex(uintptr_t val)
{
	put("0x");
	for (int shift = 60; shift >= 0; shift -= 4)
		guest_putc("0123456789abcdef"[((uint64_t)val >> shift) & 15]);
}

static void crash(void)
{
	put("kiln: crash: test\n");
	put("kiln: stack trace\n");
	put("  #0 ");
	put_hex((uintptr_t)guest_main);
	put("\n");
	put("kiln: crash, exit 134\n");
	guest_exit(134);
}

/* The end of the image (guest.lds): zeros as the loader made them, and RAM. */
static volatile uint8_t room[65536] __attribute__((section(".bss.room")));

static unsigned int damage(void)
{
	const uint8_t *initrd;
	unsigned int len;

	for (unsigned int i = 0; i < sizeof(room); i++) {
		if (room[i]++ || room[i] != 1)
			return 1;
	}
	len = guest_initrd(&initrd);
	while (len) {
		if (initrd[--len] != 0x5a)
			return 2;
	}
	return 0;
}

void guest_main(const char *cmdline)
{
	const char *what = program_args(cmdline);
	const char *arg;

	if ((arg = after(what, "exit"))) {
		put("hello\n");
		finish(number(&arg));
	} else if ((arg = after(what, "open"))) {
		put("no end");
		finish(number(&arg));
	} else if ((arg = after(what, "line"))) {
		end_line(number(&arg));
	} else if ((arg = after(what, "quiet"))) {
		guest_exit(number(&arg));
	} else if ((arg = after(what, "lie"))) {
		end_line(number(&arg));
		guest_exit(number(&arg));
	} else if (after(what, "crash")) {
		crash();
	} else if (after(what, "reset")) {
		guest_reset();
	} else if (after(what, "hang")) {
		dots(20000000);
	} else if (after(what, "flood")) {
		dots(0);
	} else if (after(what, "echo")) {
		echo();
	} else if (after(what, "mark")) {
		guest_mark();
		finish(0);
	} else if (after(what, "rep")) {
		guest_rep();
		finish(0);
	} else if (after(what, "two")) {
		guest_two();
		finish(0);
	} else if (after(what, "args")) {
		put(cmdline);
		put("\n");
		finish(0);
	} else if (after(what, "intact")) {
		finish(damage());
	}
	guest_off();
}
