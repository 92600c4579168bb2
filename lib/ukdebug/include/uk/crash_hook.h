/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

struct ukarch_regs;

/* What is known of a crash; lives during the hook's call. */
struct uk_crash_info {
	const char *cause;	/* in words, one line without newline */
	const struct ukarch_regs *regs;
	uintptr_t addr;		/* the address that was accessed … */
	int has_addr;		/* … if this is not 0 */
};

/*
 * May leave for good, by a jump to a context that is still alive: then the
 * crash never was. If it returns, the crash screen follows. It runs where
 * the crash was found: in a trap handler, on any stack, with any lock held.
 */
typedef void (*uk_crash_hook_fn)(const struct uk_crash_info *info, void *arg);

/*
 * Call @hook with @arg at the next crash, before anything is shown; NULL:
 * call nothing. The hook is gone when it is called, so a crash inside it is
 * an ordinary one; whoever recovered sets it again. There is one hook; who
 * sets it owns it (lib/uktest, for cases that crash).
 *
 * Context: thread.
 */
void uk_crash_hook_set(uk_crash_hook_fn hook, void *arg);
