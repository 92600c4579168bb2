/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/log.h>

#include <uk/essentials.h>

#define PER_LINE	16u
#define MOST		4096u

/* "00 01 … 0f" with three characters for each byte, also for missing ones. */
static void write_hex(char *p, const unsigned char *mem, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < PER_LINE; i++) {
		*p++ = i < n ? digits[mem[i] >> 4] : ' ';
		*p++ = i < n ? digits[mem[i] & 15] : ' ';
		*p++ = ' ';
	}
	*p = '\0';
}

static void write_chars(char *p, const unsigned char *mem, size_t n)
{
	for (size_t i = 0; i < n; i++)
		*p++ = mem[i] >= 0x20 && mem[i] < 0x7f ? (char)mem[i] : '.';
	*p = '\0';
}

void uk_log_hexdump(enum uk_log_level level, const char *lib, const void *mem,
		    size_t len)
{
	const unsigned char *p = mem;
	char hex[3 * PER_LINE + 1];
	char chars[PER_LINE + 1];

	len = UK_MIN(len, (size_t)MOST);
	for (size_t at = 0; at < len; at += PER_LINE) {
		const size_t n = UK_MIN(len - at, (size_t)PER_LINE);

		write_hex(hex, p + at, n);
		write_chars(chars, p + at, n);
		uk_log(level, lib, "%04zx  %s %s", at, hex, chars);
	}
}
