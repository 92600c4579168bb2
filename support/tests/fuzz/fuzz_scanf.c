/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The input is a format, a NUL and a text: scanf() stores no more than the
 * text has, where it was told to, and counts it right.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_libc.h"

#define MOST	6

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char zeros[8192];
	char *to[MOST];
	char *fmt, *text;
	size_t fmt_len, room;
	int count = 0;
	int n;

	if (size > sizeof(zeros) / 2)
		return 0;
	fmt = hosted_text(data, size);
	fmt_len = strlen(fmt);
	for (const char *p = fmt; *p; p++)
		count += *p == '%';
	if (count > MOST || fmt_len >= size) {
		hosted_free(fmt);
		return 0;
	}
	text = hosted_text(data + fmt_len + 1, size - fmt_len - 1);

	/* All of the text and a NUL, or the largest number. */
	room = strlen(text) + 1;
	if (room < 16)
		room = 16;
	for (int i = 0; i < MOST; i++)
		to[i] = hosted_copy(zeros, room);
	n = sscanf(text, fmt, to[0], to[1], to[2], to[3], to[4], to[5]);
	FUZZ_EXPECT(n >= -1 && n <= count);

	for (int i = 0; i < MOST; i++)
		hosted_free(to[i]);
	hosted_free(text);
	hosted_free(fmt);
	return 0;
}
