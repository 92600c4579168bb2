/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

struct ukarch_regs;

/*
 * Interrupts, by number, on whatever controllers the machine has.
 *
 * One space of numbers, of which 0 is never a device's:
 *
 *   0 to 31    each CPU has its own: 0 to 15 are what CPUs send each other
 *              (enum uk_ipi is the number), 16 to 31 what is inside a CPU.
 *              arm64: INTIDs, of SGIs and PPIs. x86_64: <uk/apic.h>
 *   32 up      lines, which devices share, and messages (MSI), which they do
 *              not. arm64: the INTID of an SPI. x86_64: 32 + the global system
 *              interrupt, so that lines 32 to 47 are the ISA interrupts, with
 *              the firmware's overrides applied (see uk_intctlr_isa_irq())
 *
 * The controller is started when something is asked of it, at the earliest in
 * stage CPU: before that, handlers are kept and nothing is touched. An image
 * in which nobody asks pays nothing. What no driver is for: -ENODEV.
 *
 * Handlers run on the trap stack with interrupts off, which they leave off;
 * they do not block and do not use the heap. Those of one line never run on
 * two CPUs at once. CPUs are named by their hardware id (ukarch_hwid()).
 *
 * Context, unless said otherwise: boot and threads, not interrupts. Asking for
 * what makes the controller start the first time: boot, or the only thread.
 */

#define UK_IRQ_LOCAL_FIRST	16
#define UK_IRQ_LINE_FIRST	32

enum UK_PACKED uk_irq_result {
	UK_IRQ_NOT_MINE,	/* the device did not ask for it */
	UK_IRQ_HANDLED,
};

typedef enum uk_irq_result (*uk_irq_fn)(unsigned int irq, void *arg);

/*
 * How a line tells. The numbers are those of device trees (bindings of
 * arm,gic: the third cell).
 */
enum uk_irq_trigger {
	UK_IRQ_TRIGGER_DEFAULT = 0,	/* as it is, or its bus has it */
	UK_IRQ_EDGE_RISING = 1,
	UK_IRQ_EDGE_FALLING = 2,
	UK_IRQ_LEVEL_HIGH = 4,
	UK_IRQ_LEVEL_LOW = 8,
};

/*
 * Start the controller now. Returns 0, or
 *   -ENODEV   there is none that a driver in the image knows
 *   -EAGAIN   it is too early: before stage CPU
 *   other errors of the driver, which has logged the reason
 * The result stays the same, but for -EAGAIN.
 */
UK_MUST_USE
int uk_intctlr_start(void);

/*
 * Lines
 */

/*
 * Call @fn(@irq, @arg) when line or message @irq tells. @name is for reports
 * and lives forever. A line may have several handlers: all are called each
 * time, in the order of their registration. With the first one the line is
 * unmasked, if nobody holds it masked. Handlers are kept in
 * CONFIG_LIBUKINTCTLR_NSLOTS static slots, so this works before the heap; and
 * before stage CPU, in which case errors of the controller are only logged.
 *
 * Returns 0, or
 *   -EINVAL   no line or message has the number @irq
 *   -ENOMEM   no slot is free
 *   -ENOSPC   the CPU has no interrupt vector left
 *   or an error of uk_intctlr_start(), except -EAGAIN
 */
UK_MUST_USE
int uk_intctlr_irq_register(unsigned int irq, uk_irq_fn fn, void *arg,
			    const char *name);

/*
 * Undo the registration of @fn with @arg, which must be there. When this
 * returns, @fn is not running and not called any more. Without handlers the
 * line is masked.
 */
void uk_intctlr_irq_unregister(unsigned int irq, uk_irq_fn fn, void *arg);

/*
 * Set how line @irq tells, before its first handler is registered. ISA lines
 * and those of a device tree are set right by default or by whoever read the
 * tree; a PCI line of a PC is LEVEL_LOW. Messages have nothing to set.
 *
 * Returns 0, or
 *   -EINVAL   no line has the number @irq
 *   -EBUSY    it has handlers, which rely on another trigger
 *   -ENOTSUP  the controller cannot do it
 *   or an error of uk_intctlr_start(), except -EAGAIN
 */
UK_MUST_USE
int uk_intctlr_irq_configure(unsigned int irq, enum uk_irq_trigger trigger);

/*
 * Hold @irq masked; the calls nest, 255 deep. A handler may be running on
 * another CPU still, none begins. A level that is there at the unmasking
 * interrupts then; an edge in between is kept where the controller keeps it
 * (not so: an IO-APIC). Context: any.
 */
void uk_intctlr_irq_mask(unsigned int irq);
void uk_intctlr_irq_unmask(unsigned int irq);

/*
 * Allow @irq again, after it was stopped as a storm: see uk_intctlr_stat.
 * Nothing happens if it was not.
 */
void uk_intctlr_irq_rearm(unsigned int irq);

/*
 * Have @irq handled by the CPU @hwid, which has called uk_intctlr_cpu_init().
 * A new line is the boot CPU's. The message of an MSI may be another one
 * afterwards: compose it again.
 *
 * Returns 0, or
 *   -EINVAL   @irq is no line or message, or there is no such CPU
 *   -ENOTSUP  the controller serves one CPU only, or cannot send it there
 *   or an error of uk_intctlr_start()
 */
UK_MUST_USE
int uk_intctlr_irq_set_cpu(unsigned int irq, uint64_t hwid);

/* x86_64: the line of ISA interrupt @isa, 0 to 15, and of a GSI. */
static inline unsigned int uk_intctlr_isa_irq(unsigned int isa)
{
	return UK_IRQ_LINE_FIRST + isa;
}

/*
 * What came in on @irq. An interrupt that no handler claims is unclaimed; so
 * many in a row as the parameter ukintctlr.unclaimed_limit says, or more than
 * ukintctlr.storm_rate in a second for long, are a storm: the line is stopped
 * and reported once.
 */
struct uk_intctlr_stat {
	const char *name;	/* of the first handler; NULL: there is none */
	uint64_t count;		/* interrupts, on all CPUs */
	uint32_t unclaimed;	/* of these */
	bool stopped;		/* as a storm */
};

/* Returns 0, or -EINVAL if there is no such number. Context: any. */
UK_MUST_USE
int uk_intctlr_stat(unsigned int irq, struct uk_intctlr_stat *stat);

/*
 * Interrupts of all CPUs that belong to no number: the CPU was interrupted,
 * and the controller did not know what for. Context: any.
 */
uint64_t uk_intctlr_spurious(void);

/*
 * The registers of what the interrupt being handled on this CPU came into;
 * NULL while none is. They are on the trap stack, and not to be changed.
 * Context: any in which the CPU cannot change.
 */
const struct ukarch_regs *uk_intctlr_regs(void);

/*
 * Messages (MSI, MSI-X)
 */

/* What a device writes to interrupt. */
struct uk_msi_msg {
	uint64_t addr;
	uint32_t data;
};

/*
 * Take @n messages for the device @devid, the id it has on its bus (PCI: what
 * the host bridge makes of bus, device and function). A device takes all its
 * messages at once. They have the numbers *@irq to *@irq + @n - 1. Up to 32 of
 * them have addresses alike and differ in the lower bits of their data, which
 * count up from an aligned value, as plain MSI wants it. No message has a
 * handler; all are the boot CPU's.
 *
 * Returns 0, or
 *   -EINVAL   @n is 0 or more than 2048, or @devid is above what the
 *             controller knows
 *   -ENOSPC   so many in a row are not free
 *   -EBUSY    the device has messages
 *   -ENOMEM   no memory for the tables of the controller
 *   -ENOTSUP  the controller has no messages
 *   -EIO      it does not do what it is told
 *   or an error of uk_intctlr_start(), -EAGAIN too
 * Context: the first time: boot, or the only thread, as what messages need is
 * looked for then.
 */
UK_MUST_USE
int uk_intctlr_msi_alloc(uint32_t devid, unsigned int n, unsigned int *irq);

/* Give them back; none has a handler, and the device sends none any more. */
void uk_intctlr_msi_free(uint32_t devid, unsigned int irq, unsigned int n);

/* Tell what the device is to write for @irq, which is taken. */
void uk_intctlr_msi_compose(unsigned int irq, struct uk_msi_msg *msg);

/*
 * Interrupts that each CPU has of its own
 */

/*
 * Call @fn(@irq, @arg) on each CPU that interrupt @irq, 0 to 31, comes on.
 * For good: there is no way back. It is off on every CPU until that CPU calls
 * uk_intctlr_local_enable(). What @fn returns is only counted.
 *
 * Returns 0, or
 *   -EINVAL   @irq is above 31, or the controller has no such interrupt
 *   -EBUSY    it has a handler
 *   or an error of uk_intctlr_start(), except -EAGAIN
 */
UK_MUST_USE
int uk_intctlr_local_register(unsigned int irq, uk_irq_fn fn, void *arg,
			      const char *name);

/*
 * Let @irq, which has a handler, come on this CPU, or not. Context: any in
 * which the CPU cannot change, stage CPU and later.
 */
void uk_intctlr_local_enable(unsigned int irq);
void uk_intctlr_local_disable(unsigned int irq);

/*
 * CPUs
 */

/* Why a CPU interrupts another one. */
enum uk_ipi {
	UK_IPI_RESCHED,
	UK_IPI_CALL,
	/*
	 * Comes even where interrupts are off: x86_64: an NMI, so it is the
	 * event ukarch_trap_nmi and has no handler here. arm64: it does not.
	 */
	UK_IPI_STOP,
	UK_NIPIS
};

/*
 * A CPU that has started makes its part of the controller ready. The boot CPU
 * does not call it. Returns 0, or
 *   -ENODEV   the controller has no part for this CPU
 *   -ENOTSUP  it serves one CPU only
 *   or an error of uk_intctlr_start()
 * Context: the new CPU, interrupts off, its per-CPU block in force.
 */
UK_MUST_USE
int uk_intctlr_cpu_init(void);

/* It leaves: nothing is sent to it any more. Context: this CPU, irqs off. */
void uk_intctlr_cpu_exit(void);

/*
 * Call @fn(@ipi, @arg) on the CPU that @ipi is sent to. Once for each. It may
 * come at once. Returns as uk_intctlr_local_register(); -ENOTSUP where the
 * controller serves one CPU only.
 */
UK_MUST_USE
int uk_intctlr_ipi_register(enum uk_ipi ipi, uk_irq_fn fn, void *arg,
			    const char *name);

/*
 * Interrupt the CPU @hwid, or all that have called uk_intctlr_cpu_init() and
 * the boot CPU, but not this one. What was written before is seen by the
 * handler. Several may arrive as one. @ipi has been registered, or is an NMI.
 * Context: any in which the CPU cannot change.
 */
void uk_intctlr_ipi_send(enum uk_ipi ipi, uint64_t hwid);
void uk_intctlr_ipi_send_others(enum uk_ipi ipi);
