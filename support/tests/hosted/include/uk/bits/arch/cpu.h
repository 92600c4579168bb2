/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * The host process as an architecture: one CPU, no interrupts. What needs the
 * host's libc is in host.c, which is not built against these headers.
 */

static inline uintptr_t ukarch_sp(void)
{
	return (uintptr_t)__builtin_frame_address(0);
}

static inline unsigned long ukarch_irq_save(void)
{
	return 0;
}

static inline void ukarch_irq_restore(unsigned long state)
{
	(void)state;
}

static inline void ukarch_irq_enable(void)
{
}

static inline void ukarch_irq_disable(void)
{
}

static inline bool ukarch_irq_enabled(void)
{
	return false;
}

/* Who it waits for may have no CPU of the host. */
void hosted_yield(void);

static inline void ukarch_spin_wait(void)
{
	hosted_yield();
}

/* No interrupt comes here: to return is all that can be done. */
static inline void ukarch_idle(void)
{
}

UK_NORETURN static inline void ukarch_halt_forever(void)
{
	__builtin_trap();
}

/* Nanoseconds. */
uint64_t hosted_ticks(void);

static inline uint64_t ukarch_ticks(void)
{
	return hosted_ticks();
}
