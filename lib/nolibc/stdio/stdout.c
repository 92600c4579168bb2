/* SPDX-License-Identifier: BSD-3-Clause */
#include "file.h"

#include <uk/init.h>

static char buf[BUFSIZ];

struct nolibc_file nolibc_stdout = {
	.fd = 1, .output = true, .mode = _IOLBF,
	.buf = buf, .size = sizeof(buf),
};

FILE *const stdout = &nolibc_stdout;

/* After the handlers of atexit(), which may write: they are of stage LATE. */
static void stdout_term(int status)
{
	(void)status;
	if (!nolibc_quick_exit)
		nolibc_flush(&nolibc_stdout);
}

UK_INIT(SERVICE, NULL, stdout_term);
