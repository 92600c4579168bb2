/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The buffer is used only after setvbuf(): the stream begins unbuffered. Then
 * it is the program that says when it is flushed.
 */
#include "file.h"

#include <uk/init.h>

static char buf[80];

struct nolibc_file nolibc_stderr = {
	.fd = 2, .output = true, .mode = _IONBF,
	.buf = buf, .size = sizeof(buf),
};

FILE *const stderr = &nolibc_stderr;

static void stderr_term(int status)
{
	(void)status;
	if (!nolibc_quick_exit)
		nolibc_flush(&nolibc_stderr);
}

UK_INIT(SERVICE, NULL, stderr_term);
