/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/acpi_madt.h>
#include <uk/bits/arch/cpuid.h>
#include <uk/compiler.h>
#include <uk/intctlr.h>
#include <uk/mptable.h>

struct uk_bootinfo;

/*
 * Vectors. The numbers that each CPU has are at 0xe0 and up, so they go before
 * all devices; the spurious one is where number 31 would be.
 */
#define APIC_VECTOR_FIRST	0x30u
#define APIC_VECTOR_LOCAL	0xe0u	/* plus the number, 0 to 31 */
#define APIC_NVECTORS		(APIC_VECTOR_LOCAL - APIC_VECTOR_FIRST)
#define APIC_VECTOR_SPURIOUS	0xffu

/*
 * mode.c: how the local APIC is to be driven.
 */
enum apic_mode {
	APIC_NONE,
	APIC_XAPIC,	/* registers in memory, ids of 8 bits */
	APIC_X2APIC,	/* in MSRs, ids of 32 bits */
};

/* IA32_APIC_BASE (SDM volume 3A, 11.4.4 and 11.12.1). */
#define APIC_MSR_BASE		0x1bu
#define APIC_BASE_X2APIC	(UINT64_C(1) << 10)
#define APIC_BASE_ENABLE	(UINT64_C(1) << 11)
#define APIC_BASE_ADDR		UINT64_C(0x000ffffffffff000)

/* What it depends on: @ecx and @edx of CPUID 1, and IA32_APIC_BASE. */
enum apic_mode apic_mode_choose(uint32_t ecx, uint32_t edx, uint64_t base);

/*
 * Does a hypervisor with these CPUID values (leaf 0x40000000 and eax of leaf
 * 0x40000001) take ids of 15 bits in messages?
 */
bool apic_has_long_ids(const uint32_t signature[3], uint32_t features);

/*
 * message.c: the formats of what is sent. All CPUs are named by their ids
 * (physical destination mode).
 */
#define APIC_ENTRY_VECTOR	0xffu
#define APIC_ENTRY_NMI		(4u << 8)
#define APIC_ENTRY_LOW		(1u << 13)
#define APIC_ENTRY_LEVEL	(1u << 15)
#define APIC_ENTRY_MASKED	(1u << 16)

/* Can lines and messages be sent to the CPU with this id? */
bool apic_reaches(uint32_t id, bool long_ids);

/* An I/O APIC's redirection entry; @low: the vector and APIC_ENTRY_… */
uint64_t apic_entry(uint32_t low, uint32_t id);

/* The part of @low that says how an input tells: polarity, trigger. */
uint32_t apic_entry_trigger(uint8_t polarity, uint8_t trigger,
			    enum uk_irq_trigger wanted);

void apic_msi(unsigned int vector, uint32_t id, struct uk_msi_msg *msg);

#define APIC_ICR_FIXED		(0u << 8)
#define APIC_ICR_NMI		(4u << 8)
#define APIC_ICR_INIT		(5u << 8)
#define APIC_ICR_STARTUP	(6u << 8)
#define APIC_ICR_BUSY		(1u << 12)
#define APIC_ICR_ASSERT		(1u << 14)

/* Has the interrupt command register room for @id? 0xff… means all CPUs. */
bool apic_icr_reaches(enum apic_mode mode, uint32_t id);

/* Its 64 bits; @low has the kind (APIC_ICR_…) and the vector. */
uint64_t apic_icr(enum apic_mode mode, uint32_t low, uint32_t id);

/* What the timer's divide register wants for a power of two, 1 to 128. */
uint32_t apic_divide(unsigned int divide);

/*
 * vector.c: which of the APIC_NVECTORS are taken. The caller serialises.
 */
struct apic_vectors {
	uint64_t taken[4];	/* bit: that vector */
};

/*
 * Take the lowest @n free ones in a row, 1 to 32, that begin at a multiple of
 * @n rounded up to a power of two. Returns the first, or -ENOSPC.
 */
UK_MUST_USE int apic_vectors_take(struct apic_vectors *v, unsigned int n);
void apic_vectors_give(struct apic_vectors *v, unsigned int first,
		       unsigned int n);

/*
 * plan.c: what firmware's tables say, as far as it makes sense.
 */
#define APIC_NISA	16u
#define APIC_NIOAPICS	32u
#define APIC_NNMIS	8u
#define APIC_NLINTS	2u
#define APIC_GSI_NONE	UINT32_MAX	/* not there */
#define APIC_GSI_NEXT	UINT32_MAX	/* MP table: after the one before */

/* Inputs of one I/O APIC, at most (82093AA data sheet, 3.2.2). */
#define APIC_NINPUTS	240u

struct apic_ioapic {
	volatile uint32_t *regs;
	uint32_t addr;		/* physical */
	uint32_t gsi_base;
	uint16_t ninputs;
	uint8_t id;
};

/* How an input tells: polarity and trigger of <uk/acpi_madt.h>. */
struct apic_input {
	uint32_t gsi;		/* or APIC_GSI_NONE */
	uint8_t polarity;
	uint8_t trigger;
	bool told;		/* by a table */
};

struct apic_plan {
	/*
	 * Map the registers and say how many inputs there are; a negative
	 * errno after a line in the log: it cannot be used.
	 */
	int (*inputs)(struct apic_ioapic *io);

	struct apic_ioapic ioapic[APIC_NIOAPICS];
	unsigned int nioapics;
	unsigned int nrefused;
	struct apic_input isa[APIC_NISA];	/* of each ISA interrupt */
	struct apic_input nmi[APIC_NNMIS];
	unsigned int nnmis;
	struct apic_input lint[APIC_NLINTS];	/* told: it is an NMI */
	uint32_t isa_buses[8];	/* MP table; bit: bus id */
	uint32_t pci_buses[8];
};

void apic_plan_init(struct apic_plan *plan,
		    int (*inputs)(struct apic_ioapic *io));

/*
 * Tell the plan of an entry, first all entries by the first function, then all
 * by the second. What is refused is named in the log, and left out.
 */
void apic_plan_madt_first(struct apic_plan *plan,
			  const struct uk_acpi_madt_entry *e);
void apic_plan_madt_second(struct apic_plan *plan,
			   const struct uk_acpi_madt_entry *e);
void apic_plan_mp_first(struct apic_plan *plan,
			const struct uk_mptable_entry *e);
void apic_plan_mp_second(struct apic_plan *plan,
			 const struct uk_mptable_entry *e);

/* After the last one: ISA interrupts nobody told of are their own numbers. */
void apic_plan_finish(struct apic_plan *plan);

/* The I/O APIC of @gsi, or NULL. */
const struct apic_ioapic *apic_plan_find(const struct apic_plan *plan,
					 uint32_t gsi);

/* GSIs are below this. */
uint32_t apic_plan_ngsis(const struct apic_plan *plan);

/*
 * What line @line of <uk/intctlr.h>, without the 32, is. Returns 0, or -EINVAL:
 * nothing, or an NMI, or an ISA interrupt that has another number.
 */
UK_MUST_USE
int apic_plan_line(const struct apic_plan *plan, unsigned int line,
		   struct apic_input *input);

/*
 * tables.c: the plan of this machine, by ACPI or else the MP table. Returns
 * 0, or
 *   -ENODEV  no table tells of one, or the machine has 8259s and nothing else
 *   -EINVAL  all I/O APICs had to be refused
 */
UK_MUST_USE
int apic_tables_read(const struct uk_bootinfo *bi, struct apic_plan *plan);

/* May devices send messages? A few machines say that they must not. */
bool apic_tables_allow_msi(const struct uk_bootinfo *bi);

/*
 * ioapic.c. The caller serialises; interrupts are off.
 */

/* For apic_plan_init(): find out about @io, and mask its inputs. */
UK_MUST_USE int apic_ioapic_inputs(struct apic_ioapic *io);

/* Set the entry of input @pin. */
void apic_ioapic_set(const struct apic_ioapic *io, unsigned int pin,
		     uint64_t entry);

/* Its lower half only, where the mask is. */
void apic_ioapic_set_low(const struct apic_ioapic *io, unsigned int pin,
			 uint32_t low);

/*
 * lapic.c: this CPU's local APIC. Interrupts are off, or do not come.
 */

/*
 * Find out how it is driven, on the boot CPU. Returns 0, or
 *   -ENODEV  it is not there
 *   or another error, which is logged
 */
UK_MUST_USE int apic_local_find(void);

/*
 * Switch it on, all masked but the NMIs of @plan. Returns 0, or
 *   -ENODEV  it is not the one that the CPU has by its id; logged
 */
UK_MUST_USE int apic_local_start(const struct apic_plan *plan);

enum apic_mode apic_local_mode(void);
bool apic_local_has(unsigned int irq);
void apic_local_mask(unsigned int irq, bool masked);
void apic_local_error(void);

/* Is @vector being served? Then an EOI is due. */
bool apic_local_serves(unsigned int vector);

/*
 * eoi.c: end the interrupt that this CPU serves. Context: as above.
 */
void apic_local_eoi(void);

/*
 * Does KVM that offers @kvm (ukarch_cpuid_kvm()) do without being told of most
 * of them; does this machine's; have it so on this CPU; and how often it was so
 * there.
 */
bool apic_eoi_offered(uint32_t kvm);
void apic_eoi_find(void);
void apic_eoi_on(void);
uint32_t apic_eois_spared(void);

/*
 * icr.c: send @low (APIC_ICR_… and a vector) to @id. Returns 0, -ETIMEDOUT, or
 * -EINVAL: this mode cannot name @id. Context: any in which the CPU cannot
 * change.
 */
int apic_send(uint32_t low, uint32_t id);
