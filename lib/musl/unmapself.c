/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of a detached thread: it unmaps its own stack, and must stand on
 * another one then. musl holds the lock of its list of threads here until the
 * system says that the thread is gone, so one stack is enough for all. It is
 * as large as system calls may need (they run on their caller's stack).
 */
#include "musl_priv.h"

#include "dynlink.h"
#include "syscall.h"

#define STACK_LEN	16384

static struct {
	void *base;
	size_t len;
} map;

static char stack[STACK_LEN] __attribute__((aligned(16)));

/* Not entered by a call, so it cannot rely on the alignment of its frame. */
static void unmap_and_exit(void)
{
	__syscall(SYS_munmap, map.base, map.len);
	for (;;)
		__syscall(SYS_exit, 0);
}

void __unmapself(void *base, size_t len)
{
	map.base = base;
	map.len = len;
	CRTJMP(unmap_and_exit, stack + sizeof(stack));
}
