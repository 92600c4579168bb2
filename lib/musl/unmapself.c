/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of a detached thread, whose stack and variables nobody joins for.
 *
 * Calls run on their caller's stack, so it cannot be unmapped by its own
 * thread; it is by the next one that ends so. musl holds the lock of its list
 * of threads here, and the system frees it when the thread has left its stack:
 * whoever comes next knows that the one before has, and is alone. So the stack
 * of one thread that is gone stays mapped.
 *
 * To do it at once, on a stack for that, was refused: it would have to be as
 * large as calls need, in every image, and be changed to in assembler.
 */
#include "musl_priv.h"

#include <uk/compiler.h>

#include "syscall.h"

static struct {
	void *base;		/* NULL: none yet */
	size_t len;
} left;

UK_NORETURN void __unmapself(void *base, size_t len)
{
	if (left.base)
		(void)__syscall(SYS_munmap, left.base, left.len);
	left.base = base;
	left.len = len;
	for (;;)
		(void)__syscall(SYS_exit, 0);
}
