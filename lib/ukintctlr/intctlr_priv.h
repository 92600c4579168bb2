/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/intctlr.h>
#include <uk/intctlr_ops.h>
#include <uk/percpu.h>

#define NLOCAL		UK_IRQ_LINE_FIRST
#define NLINES		(UK_IRQ_MAX - UK_IRQ_LINE_FIRST)

/* A registration; free ones are a list by @next too. */
struct slot {
	uk_irq_fn fn;
	void *arg;
	const char *name;
	struct slot *next;
};

#define LINE_READY	0x01u	/* setup() was called */
#define LINE_STOPPED	0x02u	/* as a storm */
#define LINE_PENDING	0x04u	/* came while it was masked */
#define LINE_TAKEN	0x08u	/* a message that a device has */

/*
 * A line or message. @busy is held while its handlers run and while the list
 * of them changes; @lock while the rest is changed and the hardware's mask
 * with it. A handler may mask its own line, so @lock comes after @busy, and
 * is not held while handlers run. Both are held with interrupts off.
 */
struct line {
	struct slot *first;	/* changes with both, read with one of them */
	uint64_t count;		/* busy, like the next three */
	uint64_t window;	/* ticks when the last burst ended */
	uint32_t unclaimed;
	uint16_t row;		/* unclaimed ones in a row */
	uint8_t busy;
	uint8_t lock;
	uint8_t masks;		/* lock */
	uint8_t flags;		/* lock: LINE_… */
	uint8_t trigger;	/* lock: enum uk_irq_trigger */
	uint32_t devid;		/* of a message; state.lock */
};

struct local {
	uk_irq_fn fn;
	void *arg;
	const char *name;
};

/* Of each CPU, in a list: the boot CPU's is last. */
struct cpu {
	struct cpu *next;
	uint64_t hwid;
	uint64_t spurious;
	uint64_t count[NLOCAL];
	const struct ukarch_regs *regs;	/* of the interrupt; NULL: none */
	uint8_t online;
};

/*
 * All that the library knows. The drivers, @ic and what start() sets are
 * written by one CPU, before there are interrupts; the rest as said.
 */
struct intctlr_state {
	const struct uk_bootinfo *bi;	/* NULL: before stage CPU */
	struct uk_intctlr *offered;	/* by rank */
	struct uk_intctlr *ic;		/* the one that started */
	const struct uk_intctlr_ops *ops;	/* its; NULL: none yet */
	uint64_t hz;		/* ukarch_ticks_hz(), or a guess */
	int16_t error;		/* why none started */
	bool tried;

	uint8_t lock;		/* slots, locals, messages, the CPUs' list */
	uint32_t nslots;	/* of @slots, handed out at least once */
	struct slot *free;
	struct cpu *cpus;	/* read without the lock: elements stay */

	struct local locals[NLOCAL];	/* written once, fn last */
	struct slot slots[CONFIG_LIBUKINTCTLR_NSLOTS];
	struct line lines[NLINES];
};

extern struct intctlr_state intctlr;
UK_PERCPU_DECLARE(struct cpu, intctlr_cpu);

static inline struct line *intctlr_line(unsigned int irq)
{
	return &intctlr.lines[irq - UK_IRQ_LINE_FIRST];
}

/* Is @irq a line, as far as one knows now? */
static inline bool intctlr_is_line(unsigned int irq)
{
	if (irq < UK_IRQ_LINE_FIRST || irq >= UK_IRQ_MAX)
		return false;
	return !intctlr.ic || irq < intctlr.ic->nirqs;
}

/* Is it one of the numbers for messages? These may be lines, too. */
static inline bool intctlr_is_msi(unsigned int irq)
{
	return intctlr.ic && irq - intctlr.ic->msi_first < intctlr.ic->nmsis;
}

/*
 * A lock of one byte. Interrupts are off while one is held; without further
 * CPUs nobody else can hold it then.
 */
static inline void intctlr_lock(uint8_t *lock)
{
	if (!UK_IS_ENABLED(CONFIG_HAVE_SMP))
		return;
	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(lock, __ATOMIC_RELAXED))
			ukarch_spin_wait();
}

static inline void intctlr_unlock(uint8_t *lock)
{
	if (UK_IS_ENABLED(CONFIG_HAVE_SMP))
		__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

/* uk_intctlr_start(), for those who may come too early: no -EAGAIN. */
int intctlr_need(void);

/* Bring lines and locals that were registered before to the hardware. */
void intctlr_lines_start(void);
void intctlr_locals_start(void);

/* This CPU takes part from now on. */
void intctlr_cpu_add(void);

/* Does CPU @hwid take part? */
bool intctlr_has_cpu(uint64_t hwid);

/* Count local interrupt @irq, which has come. Context: interrupt. */
static inline void intctlr_count_local(unsigned int irq)
{
	uk_this_cpu_ptr(intctlr_cpu)->count[irq]++;
}
