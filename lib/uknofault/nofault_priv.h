/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/event.h>

struct uk_trap;
struct ukarch_regs;

/*
 * The instructions of access.S that may fault, from the first one to behind
 * the last one; and where execution goes on after a fault.
 */
extern const char nofault_words[], nofault_words_end[], nofault_words_fault[];
extern const char nofault_bytes[], nofault_bytes_end[];
extern const char nofault_poke_insn[], nofault_poke_end[];
extern const char nofault_poke_fault[];
extern const char nofault_load32_insn[], nofault_load32_end[];
extern const char nofault_cas32_insn[], nofault_cas32_end[];
extern const char nofault_word_fault[];
extern const char nofault_load64_insn[], nofault_load64_end[];
extern const char nofault_load64_fault[];
extern const char nofault_store64_insn[], nofault_store64_end[];
extern const char nofault_store64_fault[];

/* Write the byte at @vaddr as it is. Returns 0, or 1: that cannot be. */
size_t nofault_poke(uintptr_t vaddr, unsigned int flags);

/*
 * Compare and swap; returns what was there, or, if it cannot be accessed,
 * UK_NOFAULT_BAD_WORD_.
 */
uint64_t nofault_cas32(uint32_t *ptr, uint32_t was, uint32_t val,
		       unsigned int flags);

/*
 * For the events of trap.c: if the trap came from access.S, let that go on
 * without the access.
 */
enum uk_event_result nofault_end_access(struct uk_trap *trap);

/* Of the access that was interrupted (trap.c): its flags; where it goes on. */
unsigned int nofault_flags(const struct ukarch_regs *regs);
void nofault_resume(struct ukarch_regs *regs, uintptr_t ip);
