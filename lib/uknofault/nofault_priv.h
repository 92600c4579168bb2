/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/event.h>

struct uk_trap;
struct ukarch_regs;

/*
 * The instructions of access.S that may fault are [first, end); after a fault
 * execution goes on at fixup. A list, up to one with first 0.
 */
struct nofault_range {
	uintptr_t first;
	uintptr_t end;
	uintptr_t fixup;
};

extern const struct nofault_range nofault_ranges[];

/* Copy; returns how many bytes were not copied. */
size_t nofault_copy(void *dst, const void *src, size_t len,
		    unsigned int flags);

/* Write the byte at @vaddr as it is. Returns 0, or 1: that cannot be. */
size_t nofault_poke(uintptr_t vaddr, unsigned int flags);

/*
 * For the events of trap.c: if the trap came from access.S, let that go on
 * without the access.
 */
enum uk_event_result nofault_end_access(struct uk_trap *trap);

/* Of the access that was interrupted (trap.c): its flags; where it goes on. */
unsigned int nofault_flags(const struct ukarch_regs *regs);
void nofault_resume(struct ukarch_regs *regs, uintptr_t ip);
