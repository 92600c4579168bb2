/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the entries of firmware's tables to what the driver does.
 *
 * I/O APICs come first, because the other entries are about their inputs. What
 * contradicts what was there before is refused: then a line is missing, and
 * the log says why, but no line is another one's. Which CPU an NMI input of
 * the local APICs is said to belong to does not matter: machines wire it to all
 * or to none.
 */
#include "apic_priv.h"

#include <stddef.h>

#include <uk/config.h>
#include <uk/errno.h>
#include <uk/intctlr_ops.h>
#include <uk/print.h>

/* GSIs that have a number as a line. */
#define NGSIS		(UK_IRQ_MAX - UK_IRQ_LINE_FIRST)

/* Of an I/O APIC's registers: the last one is at 0x10, or an EOI at 0x40. */
#define IOAPIC_LEN	0x44u

void apic_plan_init(struct apic_plan *plan,
		    int (*inputs)(struct apic_ioapic *io))
{
	*plan = (struct apic_plan){ .inputs = inputs };
	for (unsigned int i = 0; i < APIC_NISA; i++)
		plan->isa[i].gsi = APIC_GSI_NONE;
}

const struct apic_ioapic *apic_plan_find(const struct apic_plan *plan,
					 uint32_t gsi)
{
	for (unsigned int i = 0; i < plan->nioapics; i++) {
		const struct apic_ioapic *const io = &plan->ioapic[i];

		if (gsi >= io->gsi_base && gsi - io->gsi_base < io->ninputs)
			return io;
	}
	return NULL;
}

uint32_t apic_plan_ngsis(const struct apic_plan *plan)
{
	uint32_t end = 0;

	for (unsigned int i = 0; i < plan->nioapics; i++) {
		const struct apic_ioapic *const io = &plan->ioapic[i];

		if (end < io->gsi_base + io->ninputs)
			end = io->gsi_base + io->ninputs;
	}
	return end;
}

/* Why its registers cannot be where @io says; NULL: they can. */
static const char *wrong_place(const struct apic_plan *plan,
			       const struct apic_ioapic *io)
{
	if (plan->nioapics == APIC_NIOAPICS)
		return "there are too many";
	if (io->addr == 0 || io->addr % 16 != 0 ||
	    io->addr > UINT32_MAX - IOAPIC_LEN)
		return "that is no address for it";
	for (unsigned int i = 0; i < plan->nioapics; i++) {
		const uint32_t other = plan->ioapic[i].addr;

		if (io->addr < other + IOAPIC_LEN &&
		    other < io->addr + IOAPIC_LEN)
			return "another one is there";
	}
	return NULL;
}

/* The same of its inputs. */
static const char *wrong_inputs(const struct apic_plan *plan,
				const struct apic_ioapic *io)
{
	if (io->gsi_base >= NGSIS || io->ninputs > NGSIS - io->gsi_base)
		return "its inputs have higher numbers than there is room "
		       "for, see CONFIG_LIBUKINTCTLR_NIRQS";
	for (unsigned int i = 0; i < plan->nioapics; i++) {
		const struct apic_ioapic *const other = &plan->ioapic[i];

		if (io->gsi_base < other->gsi_base + other->ninputs &&
		    other->gsi_base < io->gsi_base + io->ninputs)
			return "its inputs are another one's";
	}
	return NULL;
}

static void refuse(struct apic_plan *plan, const struct apic_ioapic *io,
		   const char *why)
{
	plan->nrefused++;
	uk_pr_err("apic: I/O APIC %u at %#x, inputs from %u on: %s; not used",
		  io->id, io->addr, io->gsi_base, why);
}

static void add_ioapic(struct apic_plan *plan, struct apic_ioapic io)
{
	const char *why;
	int n;

	if (io.gsi_base == APIC_GSI_NEXT)
		io.gsi_base = apic_plan_ngsis(plan);
	why = wrong_place(plan, &io);
	if (why) {
		refuse(plan, &io, why);
		return;
	}
	n = plan->inputs(&io);
	if (n < 0) {
		plan->nrefused++;
		return;
	}
	io.ninputs = (uint16_t)n;
	why = wrong_inputs(plan, &io);
	if (why)
		refuse(plan, &io, why);
	else
		plan->ioapic[plan->nioapics++] = io;
}

static bool differ(const struct apic_input *a, const struct apic_input *b)
{
	return a->gsi != b->gsi || a->polarity != b->polarity ||
	       a->trigger != b->trigger;
}

/* Does ISA interrupt @isa have @gsi, or another one? */
static bool is_isa(const struct apic_plan *plan, uint32_t gsi)
{
	for (unsigned int i = 0; i < APIC_NISA; i++)
		if (plan->isa[i].gsi == gsi)
			return true;
	return false;
}

static bool is_nmi(const struct apic_plan *plan, uint32_t gsi)
{
	for (unsigned int i = 0; i < plan->nnmis; i++)
		if (plan->nmi[i].gsi == gsi)
			return true;
	return false;
}

static void add_isa(struct apic_plan *plan, unsigned int isa,
		    struct apic_input input)
{
	struct apic_input *const known = &plan->isa[isa];
	const char *why = NULL;

	/* That there is none at all has been said, or all have PICs. */
	if (plan->nioapics == 0)
		return;
	input.told = true;
	if (known->told && !differ(known, &input))
		return;
	if (known->told)
		why = "it is said to be elsewhere, too";
	else if (!apic_plan_find(plan, input.gsi))
		why = "no I/O APIC has that";
	else if (is_isa(plan, input.gsi))
		why = "another interrupt is there";
	if (why) {
		uk_pr_err("apic: ISA interrupt %u at input %u: %s; not used",
			  isa, input.gsi, why);
		known->told = true;
		return;
	}
	*known = input;
}

static void add_nmi(struct apic_plan *plan, const struct apic_input *input)
{
	if (plan->nioapics == 0 || is_nmi(plan, input->gsi))
		return;
	if (plan->nnmis == APIC_NNMIS || !apic_plan_find(plan, input->gsi))
		uk_pr_err("apic: NMI at input %u: %s; not used", input->gsi,
			  plan->nnmis == APIC_NNMIS ?
			  "there are too many" : "no I/O APIC has that");
	else
		plan->nmi[plan->nnmis++] = *input;
}

static void add_lint(struct apic_plan *plan, unsigned int lint,
		     struct apic_input input)
{
	struct apic_input *const known = &plan->lint[lint];

	input.told = true;
	if (!known->told)
		*known = input;
	else if (differ(known, &input))
		uk_pr_warn("apic: LINT%u: the tables disagree about its NMIs",
			   lint);
}

void apic_plan_madt_first(struct apic_plan *plan,
			  const struct uk_acpi_madt_entry *e)
{
	if (e->type == UK_ACPI_MADT_IOAPIC)
		add_ioapic(plan, (struct apic_ioapic){
			.addr = e->ioapic.addr,
			.gsi_base = e->ioapic.gsi_base,
			.id = e->ioapic.id,
		});
}

void apic_plan_madt_second(struct apic_plan *plan,
			   const struct uk_acpi_madt_entry *e)
{
	if (e->type == UK_ACPI_MADT_OVERRIDE)
		add_isa(plan, e->override.irq, (struct apic_input){
			.gsi = e->override.gsi,
			.polarity = e->override.polarity,
			.trigger = e->override.trigger,
		});
	else if (e->type == UK_ACPI_MADT_NMI)
		add_nmi(plan, &(const struct apic_input){
			.gsi = e->nmi.gsi,
			.polarity = e->nmi.polarity,
			.trigger = e->nmi.trigger,
		});
	else if (e->type == UK_ACPI_MADT_LAPIC_NMI ||
		 e->type == UK_ACPI_MADT_X2APIC_NMI)
		add_lint(plan, e->lapic_nmi.lint, (struct apic_input){
			.polarity = e->lapic_nmi.polarity,
			.trigger = e->lapic_nmi.trigger,
		});
}

static bool bit(const uint32_t *map, unsigned int n)
{
	return map[n / 32] >> n % 32 & 1;
}

/* Does @type, padded with NULs or not, begin with @name? */
static bool is_type(const char *type, const char *name)
{
	while (*name)
		if (*type++ != *name++)
			return false;
	return true;
}

void apic_plan_mp_first(struct apic_plan *plan,
			const struct uk_mptable_entry *e)
{
	if (e->type == UK_MPTABLE_IOAPIC && e->ioapic.enabled) {
		add_ioapic(plan, (struct apic_ioapic){
			.addr = e->ioapic.addr,
			.gsi_base = APIC_GSI_NEXT,
			.id = e->ioapic.id,
		});
	} else if (e->type == UK_MPTABLE_BUS) {
		const uint32_t mask = 1u << e->bus.id % 32;

		if (is_type(e->bus.type, "ISA") || is_type(e->bus.type, "EISA"))
			plan->isa_buses[e->bus.id / 32] |= mask;
		else if (is_type(e->bus.type, "PCI"))
			plan->pci_buses[e->bus.id / 32] |= mask;
	}
}

/* The GSI of an input of the I/O APIC with @id; APIC_GSI_NONE: no such. */
static uint32_t mp_gsi(const struct apic_plan *plan, unsigned int id,
		       unsigned int pin)
{
	for (unsigned int i = 0; i < plan->nioapics; i++) {
		const struct apic_ioapic *const io = &plan->ioapic[i];

		if (id == io->id || id == UK_MPTABLE_ALL)
			return pin < io->ninputs ? io->gsi_base + pin
						 : APIC_GSI_NONE;
	}
	return APIC_GSI_NONE;
}

/* What tells as PCI does, at the number of an ISA interrupt. */
static void add_pci(struct apic_plan *plan, struct apic_input input)
{
	if (input.gsi >= APIC_NISA || is_isa(plan, input.gsi) ||
	    plan->isa[input.gsi].told)
		return;
	if (input.polarity == UK_MPTABLE_POLARITY_BUS)
		input.polarity = UK_MPTABLE_ACTIVE_LOW;
	if (input.trigger == UK_MPTABLE_TRIGGER_BUS)
		input.trigger = UK_MPTABLE_LEVEL;
	add_isa(plan, input.gsi, input);
}

void apic_plan_mp_second(struct apic_plan *plan,
			 const struct uk_mptable_entry *e)
{
	const struct uk_mptable_interrupt *const in = &e->interrupt;
	struct apic_input input = { 0 };

	if (e->type != UK_MPTABLE_IOINT && e->type != UK_MPTABLE_LOCALINT)
		return;
	input.polarity = in->polarity;
	input.trigger = in->trigger;
	if (e->type == UK_MPTABLE_LOCALINT) {
		if (in->kind == UK_MPTABLE_NMI && in->dest_pin < APIC_NLINTS)
			add_lint(plan, in->dest_pin, input);
		return;
	}
	input.gsi = mp_gsi(plan, in->dest_id, in->dest_pin);
	if (in->kind == UK_MPTABLE_NMI)
		add_nmi(plan, &input);
	else if (in->kind != UK_MPTABLE_INT)
		return;
	else if (bit(plan->isa_buses, in->bus) && in->bus_irq < APIC_NISA)
		add_isa(plan, in->bus_irq, input);
	else if (bit(plan->pci_buses, in->bus))
		add_pci(plan, input);
}

void apic_plan_finish(struct apic_plan *plan)
{
	for (uint32_t i = 0; i < APIC_NISA; i++)
		if (!plan->isa[i].told && apic_plan_find(plan, i) &&
		    !is_isa(plan, i))
			plan->isa[i].gsi = i;
}

int apic_plan_line(const struct apic_plan *plan, unsigned int line,
		   struct apic_input *input)
{
	struct apic_input in = {
		.gsi = line,
		.polarity = UK_ACPI_ACTIVE_LOW,
		.trigger = UK_ACPI_LEVEL,
	};

	if (line < APIC_NISA)
		in = plan->isa[line];
	else if (is_isa(plan, line))
		return -EINVAL;
	if (in.gsi == APIC_GSI_NONE || is_nmi(plan, in.gsi) ||
	    !apic_plan_find(plan, in.gsi))
		return -EINVAL;
	*input = in;
	return 0;
}
