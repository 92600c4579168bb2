/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any entries of firmware's tables as the plan of a machine's APICs. The first
 * byte says whose they are (bit 0: the MP table's); then each entry is 12
 * bytes: a type, and fields, which are brought into the range that the readers
 * of the tables promise.
 */
#include "../../../drivers/intctlr/apic/apic_priv.h"

#include <uk/config.h>
#include <uk/errno.h>
#include <uk/intctlr_ops.h>

#include "fuzz.h"

#define NENTRIES	64u
#define NGSIS		(UK_IRQ_MAX - UK_IRQ_LINE_FIRST)
#define NTYPES		6u

static struct apic_plan plan;
static uint8_t owner[NGSIS];

/* An I/O APIC says so of itself as its address has it. */
static int inputs(struct apic_ioapic *io)
{
	const int n = (int)(io->addr >> 12 & 0xff);

	return n == 0 || n > (int)APIC_NINPUTS ? -ENODEV : n;
}

struct fields {
	uint32_t type, a, b;
	uint8_t c, polarity, trigger;
};

/* 0, 1 or 3. */
static uint8_t flag(uint8_t val)
{
	return val % 4 == 2 ? 0 : val % 4;
}

static void take(struct fuzz_input *in, struct fields *f)
{
	f->type = (uint32_t)fuzz_take(in, 1) % NTYPES;
	f->a = (uint32_t)fuzz_take(in, 4);
	f->b = (uint32_t)fuzz_take(in, 4);
	f->c = (uint8_t)fuzz_take(in, 1);
	f->polarity = flag((uint8_t)fuzz_take(in, 1));
	f->trigger = flag((uint8_t)fuzz_take(in, 1));
}

static void make_madt(const struct fields *f, struct uk_acpi_madt_entry *e)
{
	static const uint32_t types[NTYPES] = {
		UK_ACPI_MADT_IOAPIC, UK_ACPI_MADT_OVERRIDE, UK_ACPI_MADT_NMI,
		UK_ACPI_MADT_LAPIC_NMI, UK_ACPI_MADT_X2APIC_NMI,
		UK_ACPI_MADT_LAPIC,
	};

	*e = (struct uk_acpi_madt_entry){ .type = types[f->type] };
	if (f->type == 0)
		e->ioapic = (struct uk_acpi_ioapic){ f->a, f->b, f->c };
	else if (f->type == 1)
		e->override = (struct uk_acpi_override){
			f->a, f->c % 16, f->polarity, f->trigger,
		};
	else if (f->type == 2)
		e->nmi = (struct uk_acpi_nmi){ f->a, f->polarity, f->trigger };
	else if (f->type <= 4)
		e->lapic_nmi = (struct uk_acpi_lapic_nmi){
			f->a, f->c % 2, f->polarity, f->trigger,
		};
}

static void make_mp(const struct fields *f, struct uk_mptable_entry *e)
{
	static const char *const buses[] = { "ISA", "PCI", "EISA", "MCA" };
	const char *bus = buses[f->b % 4];

	*e = (struct uk_mptable_entry){ .type = f->type % 5 };
	if (e->type == UK_MPTABLE_BUS) {
		e->bus.id = f->c;
		for (unsigned int i = 0; bus[i]; i++)
			e->bus.type[i] = bus[i];
	} else if (e->type == UK_MPTABLE_IOAPIC) {
		e->ioapic = (struct uk_mptable_ioapic){
			.addr = f->a | 16, .id = f->c, .enabled = f->b % 2,
		};
	} else if (e->type >= UK_MPTABLE_IOINT) {
		e->interrupt = (struct uk_mptable_interrupt){
			.kind = f->a % 4, .polarity = f->polarity,
			.trigger = f->trigger, .bus = f->c,
			.bus_irq = (uint8_t)f->b, .dest_id = f->b >> 8 & 0xff,
			.dest_pin = f->b >> 16 & 0xff,
		};
	}
}

/* Each line has an input of its own, which an I/O APIC has. */
static void check(void)
{
	FUZZ_EXPECT(plan.nioapics <= APIC_NIOAPICS);
	FUZZ_EXPECT(apic_plan_ngsis(&plan) <= NGSIS);
	for (unsigned int line = 0; line < NGSIS; line++)
		owner[line] = 0;
	for (unsigned int line = 0; line < NGSIS + 2; line++) {
		struct apic_input in;

		if (apic_plan_line(&plan, line, &in) < 0)
			continue;
		FUZZ_EXPECT(apic_plan_find(&plan, in.gsi));
		FUZZ_EXPECT(in.gsi < NGSIS && !owner[in.gsi]);
		owner[in.gsi] = 1;
	}
	for (unsigned int i = 0; i < plan.nnmis; i++)
		FUZZ_EXPECT(apic_plan_find(&plan, plan.nmi[i].gsi) &&
			    !owner[plan.nmi[i].gsi]);
}

static void walk(const struct fields *f, unsigned int n, bool mp, bool second)
{
	for (unsigned int i = 0; i < n; i++) {
		struct uk_acpi_madt_entry madt;
		struct uk_mptable_entry entry;

		make_madt(&f[i], &madt);
		make_mp(&f[i], &entry);
		if (mp && second)
			apic_plan_mp_second(&plan, &entry);
		else if (mp)
			apic_plan_mp_first(&plan, &entry);
		else if (second)
			apic_plan_madt_second(&plan, &madt);
		else
			apic_plan_madt_first(&plan, &madt);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	const bool mp = fuzz_take(&in, 1) & 1;
	struct fields f[NENTRIES];
	unsigned int n = 0;

	while (n < NENTRIES && in.left > 0)
		take(&in, &f[n++]);
	apic_plan_init(&plan, inputs);
	walk(f, n, mp, false);
	walk(f, n, mp, true);
	apic_plan_finish(&plan);
	check();
	return 0;
}
