/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <errno.h>
#include <reent.h>

#include <uk/syscall.h>

/* A call's result in the style of the functions that newlib asks for. */
static inline long newlib_result(struct _reent *r, long ret)
{
	if (!uk_syscall_is_err(ret))
		return ret;
	r->_errno = (int)-ret;
	return -1;
}

/*
 * Before the first line of the program: what the streams and the thread that
 * runs it need. Returns 0, or a negative errno.
 */
int newlib_begin(void);

/*
 * Destroy the calling thread's objects of C++. Weak for who calls it: an image
 * without such objects has none.
 */
void newlib_thread_dtors(void);
