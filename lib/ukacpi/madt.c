/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The stream of the MADT's entries: each begins with its type and its length,
 * which may be more than this reader knows of (5.2.12).
 *
 * The read function walks the whole stream and names what it leaves out; the
 * walks of users come after it and are silent. No walk relies on one before
 * it: each checks the lengths again, as the table may lie in memory that is no
 * longer firmware's.
 */
#include <uk/acpi_madt.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fwmem.h>
#include <uk/print.h>

#include "acpi_priv.h"

#define MADT_LAPIC_ADDR	36
#define MADT_FLAGS	40
#define MADT_ENTRIES	44

#define FLAG_PCAT_COMPAT	0x1u

/* Bytes that an entry has at least; 0: a type that is not read. */
static const uint8_t min_len[] = {
	[UK_ACPI_MADT_LAPIC] = 8,
	[UK_ACPI_MADT_IOAPIC] = 12,
	[UK_ACPI_MADT_OVERRIDE] = 10,
	[UK_ACPI_MADT_NMI] = 8,
	[UK_ACPI_MADT_LAPIC_NMI] = 6,
	[UK_ACPI_MADT_LAPIC_ADDR] = 12,
	[UK_ACPI_MADT_X2APIC] = 16,
	[UK_ACPI_MADT_X2APIC_NMI] = 12,
	[UK_ACPI_MADT_GICC] = 76,	/* before ACPI 5.1 they had no MPIDR */
	[UK_ACPI_MADT_GICD] = 24,
	[UK_ACPI_MADT_GIC_MSI] = 24,
	[UK_ACPI_MADT_GICR] = 16,
	[UK_ACPI_MADT_ITS] = 20,
};

/* What step() found. */
enum step {
	STEP_END,
	STEP_BROKEN,		/* the stream cannot be followed further */
	STEP_UNKNOWN,
	STEP_BAD,		/* an entry that makes no sense */
	STEP_ENTRY,
};

/* Take polarity and trigger off MPS INTI @flags; false: reserved values. */
static bool read_inti(uint16_t flags, uint8_t *polarity, uint8_t *trigger)
{
	*polarity = flags & 3;
	*trigger = flags >> 2 & 3;
	return *polarity != 2 && *trigger != 2;
}

/* An APIC id of all ones is every CPU; entries for no CPU may have it. */
static bool read_cpu(struct uk_acpi_cpu *cpu, uint32_t apic_id, uint32_t uid,
		     uint32_t flags, uint32_t all)
{
	*cpu = (struct uk_acpi_cpu){
		.apic_id = apic_id,
		.uid = uid,
		.enabled = flags & 1,
		.online_capable = flags >> 1 & 1,
	};
	return apic_id != all || !cpu->enabled;
}

static bool read_ioapic(struct uk_acpi_ioapic *ioapic, const uint8_t *p)
{
	*ioapic = (struct uk_acpi_ioapic){
		.addr = uk_fwmem_u32(p, 4),
		.gsi_base = uk_fwmem_u32(p, 8),
		.id = p[2],
	};
	return ioapic->addr != 0;
}

static bool read_override(struct uk_acpi_override *ov, const uint8_t *p)
{
	const uint8_t isa = 0;

	ov->irq = p[3];
	ov->gsi = uk_fwmem_u32(p, 4);
	return p[2] == isa && ov->irq < 16 &&
	       read_inti(uk_fwmem_u16(p, 8), &ov->polarity, &ov->trigger);
}

static bool read_lapic_nmi(struct uk_acpi_lapic_nmi *nmi, uint32_t uid,
			   uint16_t flags, uint8_t lint)
{
	nmi->uid = uid;
	nmi->lint = lint;
	return lint <= 1 && read_inti(flags, &nmi->polarity, &nmi->trigger);
}

static bool read_gicc(struct uk_acpi_gicc *gicc, const uint8_t *p)
{
	const uint32_t flags = uk_fwmem_u32(p, 12);
	const uint8_t len = p[1];

	*gicc = (struct uk_acpi_gicc){
		.number = uk_fwmem_u32(p, 4),
		.uid = uk_fwmem_u32(p, 8),
		.enabled = flags & 1,
		.pmu_edge = flags >> 1 & 1,
		.maint_edge = flags >> 2 & 1,
		.online_capable = flags >> 3 & 1,
		.pmu_gsi = uk_fwmem_u32(p, 20),
		.base = uk_fwmem_u64(p, 32),
		.gicv = uk_fwmem_u64(p, 40),
		.gich = uk_fwmem_u64(p, 48),
		.maint_gsi = uk_fwmem_u32(p, 56),
		.gicr = uk_fwmem_u64(p, 60),
		.mpidr = uk_fwmem_u64(p, 68) & UINT64_C(0xff00ffffff),
		.spe_gsi = len >= 80 ? uk_fwmem_u16(p, 78) : 0,
		.trbe_gsi = len >= 82 ? uk_fwmem_u16(p, 80) : 0,
	};
	return true;
}

static bool read_gicd(struct uk_acpi_gicd *gicd, const uint8_t *p)
{
	*gicd = (struct uk_acpi_gicd){
		.id = uk_fwmem_u32(p, 4),
		.base = uk_fwmem_u64(p, 8),
		.version = p[20],
	};
	return gicd->base != 0;
}

/* Shared interrupts are 32 to 1019. */
static bool read_gic_msi(struct uk_acpi_gic_msi *msi, const uint8_t *p)
{
	*msi = (struct uk_acpi_gic_msi){
		.id = uk_fwmem_u32(p, 4),
		.base = uk_fwmem_u64(p, 8),
		.use_typer = !(uk_fwmem_u32(p, 16) & 1),
		.spi_count = uk_fwmem_u16(p, 20),
		.spi_base = uk_fwmem_u16(p, 22),
	};
	return msi->base && (msi->use_typer ||
			     (msi->spi_base >= 32 && msi->spi_count > 0 &&
			      msi->spi_base + msi->spi_count <= 1020));
}

static bool read_gicr(struct uk_acpi_gicr *gicr, const uint8_t *p)
{
	gicr->base = uk_fwmem_u64(p, 4);
	gicr->len = uk_fwmem_u32(p, 12);
	return gicr->base && gicr->len && gicr->base + gicr->len > gicr->base;
}

static bool read_its(struct uk_acpi_its *its, const uint8_t *p)
{
	its->id = uk_fwmem_u32(p, 4);
	its->base = uk_fwmem_u64(p, 8);
	return its->base != 0;
}

/* Decode the entry at @p, which is long enough. Does it make sense? */
static bool decode(struct uk_acpi_madt_entry *e, const uint8_t *p)
{
	switch (e->type) {
	case UK_ACPI_MADT_LAPIC:
		return read_cpu(&e->cpu, p[3], p[2], uk_fwmem_u32(p, 4),
				UINT8_MAX);
	case UK_ACPI_MADT_IOAPIC:
		return read_ioapic(&e->ioapic, p);
	case UK_ACPI_MADT_OVERRIDE:
		return read_override(&e->override, p);
	case UK_ACPI_MADT_NMI:
		e->nmi.gsi = uk_fwmem_u32(p, 4);
		return read_inti(uk_fwmem_u16(p, 2), &e->nmi.polarity,
				 &e->nmi.trigger);
	case UK_ACPI_MADT_LAPIC_NMI:
		return read_lapic_nmi(&e->lapic_nmi, p[2] == UINT8_MAX ?
				      UK_ACPI_ALL_CPUS : p[2],
				      uk_fwmem_u16(p, 3), p[5]);
	case UK_ACPI_MADT_LAPIC_ADDR:
		e->lapic_addr = uk_fwmem_u64(p, 4);
		return e->lapic_addr != 0;
	case UK_ACPI_MADT_X2APIC:
		return read_cpu(&e->cpu, uk_fwmem_u32(p, 4),
				uk_fwmem_u32(p, 12), uk_fwmem_u32(p, 8),
				UINT32_MAX);
	case UK_ACPI_MADT_X2APIC_NMI:
		return read_lapic_nmi(&e->lapic_nmi, uk_fwmem_u32(p, 4),
				      uk_fwmem_u16(p, 2), p[8]);
	case UK_ACPI_MADT_GICC:
		return read_gicc(&e->gicc, p);
	case UK_ACPI_MADT_GICD:
		return read_gicd(&e->gicd, p);
	case UK_ACPI_MADT_GIC_MSI:
		return read_gic_msi(&e->gic_msi, p);
	case UK_ACPI_MADT_GICR:
		return read_gicr(&e->gicr, p);
	default:
		return read_its(&e->its, p);
	}
}

/* Move @e to the next entry of the table, whatever it is. */
static enum step step(const struct uk_acpi_madt *madt,
		      struct uk_acpi_madt_entry *e)
{
	const uint32_t off = e->next ? e->next : MADT_ENTRIES;
	const uint8_t *const p = madt->data + off;
	const uint32_t left = madt->len - off;

	if (left == 0)
		return STEP_END;
	if (left < 2 || p[1] < 2 || p[1] > left)
		return STEP_BROKEN;

	e->next = off + p[1];
	e->type = p[0];
	if (p[0] >= UK_ARRAY_SIZE(min_len) || !min_len[p[0]])
		return STEP_UNKNOWN;
	return p[1] >= min_len[p[0]] && decode(e, p) ? STEP_ENTRY : STEP_BAD;
}

/* Say what is wrong with the table's entry at @off. */
static void tell(struct uk_acpi_table *table, enum step found, uint32_t off)
{
	const uint8_t *const p = table->data + off;
	const uint32_t len = off + 1 < table->len ? p[1] : 1;

	if (!acpi_may_tell(table))
		return;
	if (found == STEP_BROKEN)
		uk_pr_warn(ACPI_TABLE ": entry of %u bytes at offset %u, "
			   "ignored from there", ACPI_TABLE_ARGS(table), len,
			   off);
	else
		uk_pr_warn(ACPI_TABLE ": entry of type %u and %u bytes at "
			   "offset %u makes no sense, left out",
			   ACPI_TABLE_ARGS(table), p[0], len, off);
}

int uk_acpi_madt_read(struct uk_acpi *acpi, struct uk_acpi_madt *madt)
{
	struct uk_acpi_madt_entry e = UK_ACPI_MADT_FIRST;
	struct uk_acpi_table *table;
	enum step found;
	int rc;

	rc = acpi_find_long(acpi, "APIC", MADT_ENTRIES, &table);
	if (rc < 0)
		return rc;

	*madt = (struct uk_acpi_madt){
		.lapic_addr = uk_fwmem_u32(table->data, MADT_LAPIC_ADDR),
		.has_8259 = uk_fwmem_u32(table->data, MADT_FLAGS) &
			    FLAG_PCAT_COMPAT,
		.data = table->data,
		.len = table->len,
	};
	do {
		const uint32_t off = e.next ? e.next : MADT_ENTRIES;

		found = step(madt, &e);
		if (found == STEP_ENTRY && e.type == UK_ACPI_MADT_LAPIC_ADDR)
			madt->lapic_addr = e.lapic_addr;
		if (found == STEP_BAD || found == STEP_BROKEN)
			tell(table, found, off);
	} while (found > STEP_BROKEN);
	acpi_told(table);
	return 0;
}

bool uk_acpi_madt_next(const struct uk_acpi_madt *madt,
		       struct uk_acpi_madt_entry *entry)
{
	enum step found;

	do {
		found = step(madt, entry);
	} while (found == STEP_UNKNOWN || found == STEP_BAD);
	return found == STEP_ENTRY;
}
