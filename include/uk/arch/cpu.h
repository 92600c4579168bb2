/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stdint.h>
#endif

#include <uk/compiler.h>

/*
 * The CPU this code runs on. Contract: each architecture fills it, as inline
 * functions in <uk/bits/arch/cpu.h> unless said otherwise.
 */

/* Bytes of the smallest page, also for assembler and linker scripts. */
#define UKARCH_PAGE_SHIFT	12
#define UKARCH_PAGE_SIZE	(1 << UKARCH_PAGE_SHIFT)

#ifndef __ASSEMBLER__

/*
 * ukarch_irq_save()     interrupts off; returns the state before
 * ukarch_irq_restore()  the state that the matching save returned
 * ukarch_irq_enable(), ukarch_irq_disable(), ukarch_irq_enabled()
 */
static inline unsigned long ukarch_irq_save(void);
static inline void ukarch_irq_restore(unsigned long state);
static inline void ukarch_irq_enable(void);
static inline void ukarch_irq_disable(void);
static inline bool ukarch_irq_enabled(void);

/* A hint inside a loop that waits for another CPU. */
static inline void ukarch_spin_wait(void);

/*
 * Enable interrupts and wait for one, as one step: called with interrupts off,
 * so that one which has come since then is not slept through. It is handled
 * before this returns, with interrupts on. It may return without one.
 */
static inline void ukarch_idle(void);

/* Interrupts off and asleep for good. */
UK_NORETURN static inline void ukarch_halt_forever(void);

/*
 * The stack pointer, where this is inlined: nothing of the calling function's
 * frame lies below it.
 */
static inline uintptr_t ukarch_sp(void);

/*
 * A free-running counter: x86_64 the TSC, arm64 the virtual counter. Good
 * for log times and as jitter; it is no clock (see lib/uktime).
 */
static inline uint64_t ukarch_ticks(void);

/*
 * Ticks per second where the CPU or the hypervisor tells it without a
 * measurement, else 0. Not inline: CPUID traps in a guest, so callers keep
 * the result.
 */
uint64_t ukarch_ticks_hz(void);

/*
 * Bits of a physical address on this CPU, 32 to 52. Not inline: CPUID traps
 * in a guest.
 */
unsigned int ukarch_paddr_bits(void);

/*
 * 64 bits from the CPU's random source (RDSEED, else RDRAND; RNDR). Returns
 * false, and leaves @val alone, where there is none or each fails ten times in
 * a row. Not inline.
 */
bool ukarch_random_u64(uint64_t *val);

#include <uk/bits/arch/cpu.h>

#endif /* !__ASSEMBLER__ */
