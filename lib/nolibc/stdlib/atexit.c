/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include <limits.h>

#include <uk/init.h>

#include "../stdio/file.h"

static struct {
	void (*fn[ATEXIT_MAX])(void);
	unsigned int n;
} handlers;

int atexit(void (*fn)(void))
{
	if (handlers.n == ATEXIT_MAX)
		return -1;
	handlers.fn[handlers.n++] = fn;
	return 0;
}

/* A handler may register another one, which is then the next (C11 7.22.4.4). */
static void handlers_term(int status)
{
	(void)status;
	while (handlers.n && !nolibc_quick_exit)
		handlers.fn[--handlers.n]();
}

UK_INIT(LATE, NULL, handlers_term);
