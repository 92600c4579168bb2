/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/percpu.h>
#include <uk/spinlock.h>

#include "gic_priv.h"

/*
 * Messages of a GICv3: an interrupt translation service (ITS) makes of a
 * device and its event an LPI, an interrupt of which there are many, and sends
 * it to the redistributor of a CPU (IHI 0069, chapters 5 and 6).
 */

/* LPIs (2.2.1); redistributors know of the first 8192 of them. */
#define GIC_LPI_FIRST	8192u
#define GIC_LPI_BITS	14u
#define GIC_NLPIS	((1u << GIC_LPI_BITS) - GIC_LPI_FIRST)

/*
 * How the ITS and redistributors reach memory: cached, inner shareable. Bits
 * of GITS_BASER and GITS_CBASER, and of GICR_PROPBASER and GICR_PENDBASER
 * (12.19, 12.11). One that does not do so reads back otherwise.
 */
#define GIC_BASE_SHARED		(UINT64_C(1) << 10)
#define GIC_BASE_SHARED_MASK	(UINT64_C(3) << 10)
#define GITS_BASE_CACHED	(UINT64_C(7) << 59)
#define GICR_BASE_CACHED	(UINT64_C(7) << 7)

/*
 * redist.c: redistributors, of which each CPU has one.
 */
struct gic_redist {
	struct gic_redist *next;
	volatile uint8_t *regs;		/* the control frame; 0: not started */
	uint64_t hwid;
	uint64_t paddr;
	uint32_t number;		/* GICR_TYPER.Processor_Number */
	uint32_t collection;		/* of this CPU at the ITS */
	bool lpis;			/* on; gic_its.lock */
};

#define GICR_CTLR		0x00u
#define GICR_TYPER		0x08u
#define GICR_WAKER		0x14u
#define GICR_PROPBASER		0x70u
#define GICR_PENDBASER		0x78u
#define GICR_FRAME		0x10000u
#define GICR_CTLR_LPIS		(1u << 0)
#define GICR_CTLR_RWP		(1u << 3)

UK_PERCPU_DECLARE(struct gic_redist, gic_redist);

/* Where redistributors are; at most UK_FDT_DEVICE_NREGS rows. */
void gic_redist_rows(const struct uk_fdt_reg *rows, unsigned int nrows);

/* How many there are. Context: as gic_map(). */
unsigned int gic_redist_count(void);

/*
 * Find and wake the one of this CPU; it is in the list afterwards. Returns 0,
 * or an error, which is logged.
 */
UK_MUST_USE
int gic_redist_start(void);

/* The first of those that have started, in no order. Context: any. */
struct gic_redist *gic_redist_first(void);

/* That of the CPU @hwid; NULL: it has not started. Context: any. */
struct gic_redist *gic_redist_of(uint64_t hwid);

/*
 * Have it take LPIs, by the settings at @config and with the @pending table,
 * physical addresses. Returns 0, or
 *   -EBUSY    somebody had it take LPIs, and it does not stop
 *   -ENOTSUP  it does not reach memory through caches
 */
UK_MUST_USE
int gic_redist_lpis_on(volatile uint8_t *regs, uint64_t config,
		       uint64_t pending);

/*
 * its_cmd.c: commands (5.3). Event and collection are the ITS's; @target is
 * a redistributor as gic_its_target() has it.
 */
struct gic_its_cmd {
	uint64_t dw[4];
};

/* @itt: physical, of 1 << @bits events; or, without it, no longer. */
struct gic_its_cmd gic_its_mapd(uint32_t devid, uint64_t itt,
				unsigned int bits);
struct gic_its_cmd gic_its_unmapd(uint32_t devid);
struct gic_its_cmd gic_its_mapc(uint32_t collection, uint64_t target);
struct gic_its_cmd gic_its_mapti(uint32_t devid, uint32_t event, uint32_t lpi,
				 uint32_t collection);
struct gic_its_cmd gic_its_movi(uint32_t devid, uint32_t event,
				uint32_t collection);
struct gic_its_cmd gic_its_int(uint32_t devid, uint32_t event);
struct gic_its_cmd gic_its_inv(uint32_t devid, uint32_t event);
struct gic_its_cmd gic_its_discard(uint32_t devid, uint32_t event);
struct gic_its_cmd gic_its_sync(uint64_t target);

/*
 * its_table.c: what an ITS says of itself, and the tables it wants.
 */
struct gic_its_type {
	uint32_t itt_entry_len;
	unsigned int event_bits;
	unsigned int device_bits;
	unsigned int collection_bits;
	uint32_t ncollections;	/* without a table */
	bool by_paddr;		/* how it knows redistributors */
	bool lpis;
};

void gic_its_decode(uint64_t typer, struct gic_its_type *type);

/* How many LPIs a distributor knows, of GIC_NLPIS, by its GICD_TYPER. */
uint32_t gic_lpi_count(uint32_t typer);

/* A table for devices or collections, by number. */
struct gic_its_table {
	uint32_t reg;		/* GITS_BASER<n>; 0: it needs no memory */
	uint32_t entry_len;
	uint32_t page_len;	/* also its alignment */
	uint32_t npages;
	bool indirect;		/* pages of pointers to pages */
	uint32_t nids;		/* numbers below this have a place */
	uint64_t bits;		/* of the register: all but place and size */
	uint64_t *mem;
};

/*
 * The size of a table for 1 << @bits entries of t->entry_len in pages of
 * t->page_len; @can_indirect: if it is long, it may be. It has room for less
 * if no table is that long.
 */
void gic_its_plan(struct gic_its_table *t, unsigned int bits,
		  bool can_indirect);

/*
 * Find the register for entries of @type, GITS_BASER_DEVICES or _COLLECTIONS,
 * and plan its table; t->reg stays 0 if there is none. The ITS is off.
 * Returns 0, or -ENOTSUP: it does not reach memory through caches.
 */
UK_MUST_USE
int gic_its_probe(volatile uint8_t *regs, unsigned int type,
		  unsigned int bits, struct gic_its_table *t);

/* Tell the ITS where the table is. */
void gic_its_set_table(volatile uint8_t *regs, const struct gic_its_table *t);

/* The length of a table for so many events of one device, and its bits. */
uint32_t gic_its_itt_len(const struct gic_its_type *type, unsigned int n,
			 unsigned int *bits);

#define GITS_CTLR		0x0000u
#define GITS_TYPER		0x0008u
#define GITS_CBASER		0x0080u
#define GITS_CWRITER		0x0088u
#define GITS_CREADR		0x0090u
#define GITS_BASER		0x0100u
#define GITS_NBASERS		8u
#define GITS_TRANSLATER		0x10040u
#define GITS_LEN		0x20000u	/* with the frame of that */
#define GITS_VALID		(UINT64_C(1) << 63)

#define GITS_BASER_DEVICES	1u
#define GITS_BASER_COLLECTIONS	4u

#define GITS_ITT_ALIGN		256u

/* Entries of a page of pointers. */
#define GITS_POINTER_LEN	8u

/*
 * its_queue.c: the queue of commands. Whoever gives commands waits until they
 * have been done, so it is empty when nobody holds the lock.
 */
struct gic_its_queue {
	volatile uint8_t *regs;
	struct gic_its_cmd *cmds;
	struct uk_spinlock lock;
	uint32_t at;		/* byte offset of the next command; lock */
	bool dead;		/* it did not go on once; lock */
};

#define GITS_QUEUE_LEN		0x1000u
#define GITS_QUEUE_ALIGN	0x10000u

/*
 * Give the ITS @queue, whose memory is zero. Returns 0, or -ENOTSUP: it does
 * not reach memory through caches.
 */
UK_MUST_USE
int gic_its_queue_start(struct gic_its_queue *queue);

/*
 * Have @n commands done, up to 4, in this order. Returns 0, or -EIO: the ITS
 * does not go on; what it has done is not known, and nothing more is asked of
 * it. Context: any.
 */
UK_MUST_USE
int gic_its_do(struct gic_its_queue *queue, const struct gic_its_cmd *cmds,
	       unsigned int n);

/*
 * its.c: the ITS and what it shares with its_dev.c.
 */

/* A message that a device has; written by who takes it. */
struct gic_lpi {
	uint32_t devid;
	uint32_t event;		/* 0 for the first of a device */
	struct gic_redist *cpu;	/* whose it is */
	void *itt;		/* of the device, in its first */
};

struct gic_its {
	/* Set when the controller starts. */
	const struct uk_bootinfo *bi;
	unsigned int irq;	/* of the first LPI */
	unsigned int nlpis;	/* GIC_NLPIS at most */

	/* Set when the first message is taken, before there are others. */
	volatile uint8_t *regs;
	uint64_t paddr;
	struct gic_its_type type;
	uint32_t ncollections;
	bool active;		/* changes with the lock */
	int16_t error;		/* why it does not work although it is */
	struct gic_its_table devices;
	struct gic_its_table collections;
	struct gic_its_queue queue;
	uint8_t *config;	/* a byte per LPI */
	struct gic_lpi *lpis;
	void **pending;		/* tables for CPUs */
	unsigned int npending;
	unsigned int pending_used;	/* lock */

	/* The tables' registers, entries of @devices, redistributors' LPIs. */
	struct uk_spinlock lock;
};

extern struct gic_its gic_its;

/*
 * Find the ITS of the tree, get memory for tables and start it, unless it was
 * done. Returns 0, or
 *   -ENOMEM   no memory
 *   -ENOTSUP  there is none
 *   -EBUSY, -ENOTSUP, -EIO, or of gic_map()  it cannot be used: logged
 * Context: until it has succeeded once: boot, or the only thread.
 */
UK_MUST_USE
int gic_its_start(void);

/* A CPU's redistributor has started: it takes LPIs, if there are any. */
void gic_its_cpu_start(struct gic_redist *redist);

/* What commands know @redist by. */
uint64_t gic_its_target(const struct gic_redist *redist);

/* @len bytes that are 0, from the default heap; NULL: no memory. */
void *gic_its_zalloc(uint32_t align, uint64_t len);
void gic_its_free(void *mem);

static inline bool gic_its_has(unsigned int irq)
{
	return irq - gic_its.irq < gic_its.nlpis;
}

/* The number of @intid, an LPI; one that nobody has if it is not ours. */
static inline unsigned int gic_its_irq(uint32_t intid)
{
	return intid - GIC_LPI_FIRST < gic_its.nlpis ?
	       gic_its.irq + (intid - GIC_LPI_FIRST) : UINT32_MAX;
}

/*
 * its_dev.c: the operations of <uk/intctlr_ops.h> for messages.
 */
UK_MUST_USE
int gic_its_msi_setup(uint32_t devid, unsigned int irq, unsigned int n);
void gic_its_msi_free(uint32_t devid, unsigned int irq, unsigned int n);
void gic_its_msi_compose(unsigned int irq, struct uk_msi_msg *msg);
void gic_its_mask(unsigned int irq);
void gic_its_unmask(unsigned int irq);
void gic_its_retrigger(unsigned int irq);
UK_MUST_USE
int gic_its_set_cpu(unsigned int irq, uint64_t hwid);
