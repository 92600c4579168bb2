/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

struct ukarch_regs;

/*
 * The end of an image that cannot go on: the crash screen and exit status
 * UK_STATUS_CRASH. Nothing here allocates or takes a lock; a crash inside the
 * crash screen is told in one line and ends the image.
 *
 * Contract: implemented by lib/ukdebug.
 *
 * Context: any.
 */

/* Stop for the reason @fmt, with the caller's registers and stack. */
UK_NORETURN UK_COLD UK_PRINTF(1, 2)
void uk_crash(const char *fmt, ...);

/*
 * Stop for a CPU exception that nobody handled. @cause says it in words
 * ("page fault: write to a read-only page"), @regs are the registers at the
 * fault, and @addr is the address that was accessed if @has_addr is not 0.
 */
UK_NORETURN UK_COLD
void uk_crash_trap(const char *cause, const struct ukarch_regs *regs,
		   int has_addr, uintptr_t addr);
