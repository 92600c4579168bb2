/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/event.h>

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

/*
 * Raised for the hint of the crash screen, with a struct uk_crash_hint, if the
 * crash is an access to an address about which nothing better is known. Who
 * knows what is there or near it writes a line to buf and has handled it.
 * Context: as the hook's.
 */
struct uk_crash_hint {
	uintptr_t addr;
	uintptr_t sp;		/* the stack pointer there */
	char *buf;
	size_t size;
};

UK_EVENT_DECLARE(uk_crash_hint);

/*
 * Raised when the crash screen is about to be shown, once, with a struct
 * uk_crash_info: for machines that keep what is known of it. Context: as the
 * hook's; interrupts are off, and other CPUs may run.
 */
UK_EVENT_DECLARE(uk_crash_shown);

/*
 * Other CPUs, for the screen of one that crashes: whoever starts CPUs
 * (lib/uklcpu) says how they are stopped and what they were at.
 */
struct uk_crash_cpu {
	unsigned int idx;
	uint64_t hwid;
	const char *name;	/* of what ran there */
	const char *cause;	/* it has crashed as well; or NULL */
	const struct ukarch_regs *regs;	/* NULL: it does not answer */
};

/*
 * Context of all: a CPU that crashes, interrupts off, with any lock held by
 * whomever. Nothing waits for longer than 100 ms.
 */
struct uk_crash_cpus {
	/* Stop every CPU but this one. */
	void (*stop)(void);

	/*
	 * This CPU has crashed while another one's screen is shown: keep what
	 * get() tells of it, and halt.
	 */
	UK_NORETURN void (*park)(const struct uk_crash_info *info);

	/*
	 * Fill @cpu for the @n-th of the CPUs but this one, from 0 on; false:
	 * there are no more.
	 */
	bool (*get)(unsigned int n, struct uk_crash_cpu *cpu);
};

/* From now on there are several; @cpus lives forever. Context: thread. */
void uk_crash_cpus_set(const struct uk_crash_cpus *cpus);
