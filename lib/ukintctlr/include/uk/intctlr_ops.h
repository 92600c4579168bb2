/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/intctlr.h>

struct uk_bootinfo;
struct ukarch_regs;

/*
 * The drivers' side of <uk/intctlr.h>.
 *
 * A driver offers itself in stage EARLY, by its init entry. When a controller
 * is needed, those offered are asked in the order of their rank, until one
 * finds its hardware; the others are never heard of again.
 *
 * Unless said otherwise an operation is called on one CPU at a time for one
 * irq, with interrupts off, with an irq that is in range and has been set up.
 * An operation that is NULL is not supported.
 */

struct uk_intctlr_ops {
	/*
	 * Find the hardware and make it ready, for this CPU too; everything
	 * is masked afterwards. Fills nirqs, msi_first and nmsis of the
	 * driver. Returns 0, -ENODEV if the machine has no such thing, or an
	 * error that is logged, after which the next driver is asked.
	 * Interrupts are off. Whoever had the machine before may have left
	 * some pending, or in service: they are nobody's, and end.
	 */
	int (*start)(const struct uk_bootinfo *bi);

	/* The same for another CPU, which calls it. */
	int (*cpu_start)(void);

	/*
	 * Take an interrupt, or all that are there: ask the hardware which,
	 * call uk_intctlr_dispatch() or uk_intctlr_unknown(), and tell the
	 * hardware that it is done. Context: interrupt.
	 */
	void (*take)(struct ukarch_regs *regs, unsigned int vector);

	/*
	 * Get line @irq ready for its first handler, masked; @trigger may be
	 * DEFAULT. Errors: see uk_intctlr_irq_configure(), and -ENOSPC.
	 * Called again if the trigger changes.
	 */
	int (*setup)(unsigned int irq, enum uk_irq_trigger trigger);

	/*
	 * Context: interrupts too. mask() may leave alone what cannot be
	 * masked (a message): what comes nevertheless is kept by the library,
	 * and raised again by retrigger() at the unmasking.
	 */
	void (*mask)(unsigned int irq);
	void (*unmask)(unsigned int irq);
	void (*retrigger)(unsigned int irq);

	/* A CPU that has called cpu_start(), or the boot CPU. */
	int (*set_cpu)(unsigned int irq, uint64_t hwid);

	/*
	 * @n messages from @irq on become those of @devid, or are given back.
	 * Up to 32: @irq is aligned to the next power of two, and their data
	 * must be. Interrupts are as the caller has
	 * them, so that memory may be allocated.
	 */
	int (*msi_setup)(uint32_t devid, unsigned int irq, unsigned int n);
	void (*msi_free)(uint32_t devid, unsigned int irq, unsigned int n);
	void (*msi_compose)(unsigned int irq, struct uk_msi_msg *msg);

	/* Of this CPU; 0 to 31. Returns -EINVAL: there is none of the kind. */
	int (*local_check)(unsigned int irq);
	void (*local_unmask)(unsigned int irq);
	void (*local_mask)(unsigned int irq);

	/* It arrives as the irq of that number, or as an NMI. */
	void (*ipi)(enum uk_ipi ipi, uint64_t hwid);
	/*
	 * May be NULL: then ipi() is called for each CPU. Not for STOP, which
	 * must not wake a CPU that was never started.
	 */
	void (*ipi_others)(enum uk_ipi ipi);
};

struct uk_intctlr {
	const char *name;
	const struct uk_intctlr_ops *ops;
	unsigned int rank;	/* the highest is asked first */

	/* Set by start(). */
	unsigned int nirqs;	/* lines are 32 to nirqs - 1 */
	unsigned int msi_first;	/* messages, among the lines or after them */
	unsigned int nmsis;

	struct uk_intctlr *next;	/* the library's */
};

/* Lines and messages that there is room for: numbers below this. */
#define UK_IRQ_MAX	CONFIG_LIBUKINTCTLR_NIRQS

/* Offer @ic, which lives forever. Context: stage EARLY. */
void uk_intctlr_offer(struct uk_intctlr *ic);

/*
 * Interrupt @irq has come: call its handlers. A number that nobody has
 * registered, or none at all, is counted as spurious. Context: take().
 */
void uk_intctlr_dispatch(unsigned int irq);

/* An interrupt has come that has no number. Context: take(). */
void uk_intctlr_unknown(void);
