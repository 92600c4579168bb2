/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of machines, and of machines that do not exist. */
#include "../apic_priv.h"

#include <uk/config.h>
#include <uk/errno.h>
#include <uk/intctlr_ops.h>
#include <uk/log.h>
#include <uk/test.h>

#define NGSIS	(UK_IRQ_MAX - UK_IRQ_LINE_FIRST)

static struct apic_plan plan;

/* What the next I/O APICs say of themselves. */
static int ninputs;

static int fake_inputs(struct apic_ioapic *io)
{
	(void)io;
	return ninputs;
}

static struct uk_log_pos log;

static bool has_text(const char *line, const char *text)
{
	for (; *line; line++) {
		unsigned int i = 0;

		while (text[i] && line[i] == text[i])
			i++;
		if (!text[i])
			return true;
	}
	return false;
}

/* Lines in the log that have @text, since the last call. */
static unsigned int logged(const char *text)
{
	static char line[UK_LOG_SHOWN];
	unsigned int n = 0;
	uint32_t lost;

	while (uk_log_read(&log, line, sizeof(line), &lost))
		n += has_text(line, text);
	return n;
}

static void begin(void)
{
	logged("");
	ninputs = 24;
	apic_plan_init(&plan, fake_inputs);
}

static void ioapic(uint8_t id, uint32_t addr, uint32_t gsi_base)
{
	apic_plan_madt_first(&plan, &(const struct uk_acpi_madt_entry){
		.type = UK_ACPI_MADT_IOAPIC,
		.ioapic = { .id = id, .addr = addr, .gsi_base = gsi_base },
	});
}

static void override(uint8_t irq, uint32_t gsi, uint8_t polarity,
		     uint8_t trigger)
{
	apic_plan_madt_second(&plan, &(const struct uk_acpi_madt_entry){
		.type = UK_ACPI_MADT_OVERRIDE,
		.override = { .irq = irq, .gsi = gsi, .polarity = polarity,
			      .trigger = trigger },
	});
}

static void nmi(uint32_t gsi)
{
	apic_plan_madt_second(&plan, &(const struct uk_acpi_madt_entry){
		.type = UK_ACPI_MADT_NMI, .nmi = { .gsi = gsi },
	});
}

static void lint(uint32_t uid, uint8_t pin, uint8_t polarity)
{
	apic_plan_madt_second(&plan, &(const struct uk_acpi_madt_entry){
		.type = UK_ACPI_MADT_LAPIC_NMI,
		.lapic_nmi = { .uid = uid, .lint = pin, .polarity = polarity },
	});
}

/* The GSI of a line; -1: it is none. */
static int gsi_of(unsigned int line)
{
	struct apic_input in;

	return apic_plan_line(&plan, line, &in) < 0 ? -1 : (int)in.gsi;
}

/* As QEMU 7.2 has them for q35. */
static void q35(void)
{
	begin();
	ioapic(0, 0xfec00000, 0);
	override(0, 2, 0, 0);
	override(5, 5, UK_ACPI_ACTIVE_HIGH, UK_ACPI_LEVEL);
	override(9, 9, UK_ACPI_ACTIVE_HIGH, UK_ACPI_LEVEL);
	lint(UK_ACPI_ALL_CPUS, 1, 0);
	apic_plan_finish(&plan);
}

UK_TEST(apic_plan, isa_interrupts_are_where_the_madt_says)
{
	struct apic_input in;

	q35();
	UK_EXPECT_EQ(apic_plan_ngsis(&plan), 24);
	UK_EXPECT_EQ(gsi_of(0), 2);
	UK_EXPECT_EQ(gsi_of(1), 1);
	/* The cascade of the 8259s: its input is the timer's. */
	UK_EXPECT_EQ(gsi_of(2), -1);
	for (int i = 3; i < 24; i++)
		UK_EXPECT_EQ(gsi_of((unsigned int)i), i);
	UK_EXPECT_EQ(gsi_of(24), -1);

	UK_EXPECT_EQ(apic_plan_line(&plan, 9, &in), 0);
	UK_EXPECT_EQ(in.polarity, UK_ACPI_ACTIVE_HIGH);
	UK_EXPECT_EQ(in.trigger, UK_ACPI_LEVEL);
	UK_EXPECT_EQ(apic_plan_line(&plan, 4, &in), 0);
	UK_EXPECT_EQ(in.polarity, 0);
	UK_EXPECT_EQ(in.trigger, 0);
	/* Beyond ISA they are PCI's. */
	UK_EXPECT_EQ(apic_plan_line(&plan, 16, &in), 0);
	UK_EXPECT_EQ(in.polarity, UK_ACPI_ACTIVE_LOW);
	UK_EXPECT_EQ(in.trigger, UK_ACPI_LEVEL);
	UK_EXPECT_EQ(logged("apic"), 0);
}

UK_TEST(apic_plan, an_input_has_one_number)
{
	begin();
	ioapic(0, 0xfec00000, 0);
	override(9, 20, UK_ACPI_ACTIVE_LOW, UK_ACPI_LEVEL);
	apic_plan_finish(&plan);
	UK_EXPECT_EQ(gsi_of(9), 20);
	UK_EXPECT_EQ(gsi_of(20), -1);
	/* Nobody said that ISA interrupt 0 is elsewhere. */
	UK_EXPECT_EQ(gsi_of(0), 0);
}

UK_TEST(apic_plan, several_io_apics_have_their_inputs)
{
	begin();
	ioapic(8, 0xfec00000, 0);
	ioapic(9, 0xfec01000, 24);
	ninputs = 32;
	ioapic(10, 0xfec40000, 64);
	apic_plan_finish(&plan);
	UK_EXPECT_EQ(apic_plan_ngsis(&plan), 96);
	UK_EXPECT_EQ(apic_plan_find(&plan, 23)->id, 8);
	UK_EXPECT_EQ(apic_plan_find(&plan, 24)->id, 9);
	UK_EXPECT_EQ(apic_plan_find(&plan, 47)->id, 9);
	UK_EXPECT_NULL(apic_plan_find(&plan, 48));
	UK_EXPECT_NULL(apic_plan_find(&plan, 63));
	UK_EXPECT_EQ(apic_plan_find(&plan, 95)->id, 10);
	UK_EXPECT_EQ(gsi_of(50), -1);
	UK_EXPECT_EQ(logged("apic"), 0);
}

UK_TEST(apic_plan, io_apics_that_overlap_are_refused_by_name)
{
	begin();
	ioapic(1, 0xfec00000, 0);
	ioapic(2, 0xfec01000, 23);
	UK_EXPECT_EQ(logged("I/O APIC 2 at 0xfec01000, inputs from 23 on: its "
			    "inputs are another one's; not used"), 1);
	ioapic(3, 0xfec00000, 24);
	UK_EXPECT_EQ(logged("I/O APIC 3 at 0xfec00000, inputs from 24 on: "
			    "another one is there; not used"), 1);
	ioapic(4, 0xfec00010, 24);
	UK_EXPECT_EQ(logged("another one is there"), 1);
	UK_EXPECT_EQ(plan.nioapics, 1);
	UK_EXPECT_EQ(plan.nrefused, 3);
}

UK_TEST(apic_plan, an_address_that_is_none_is_refused)
{
	static const uint32_t bad[] = { 0, 1, 0xfec00008, 0xfffffff0 };

	begin();
	for (unsigned int i = 0; i < 4; i++) {
		ioapic(1, bad[i], 0);
		UK_EXPECT_EQ(logged("that is no address"), 1);
	}
	UK_EXPECT_EQ(plan.nioapics, 0);
}

UK_TEST(apic_plan, inputs_without_a_number_are_refused)
{
	begin();
	ioapic(1, 0xfec00000, NGSIS);
	UK_EXPECT_EQ(logged("CONFIG_LIBUKINTCTLR_NIRQS"), 1);
	ioapic(2, 0xfec00000, 0xfffffff0);
	UK_EXPECT_EQ(logged("CONFIG_LIBUKINTCTLR_NIRQS"), 1);
	ioapic(3, 0xfec00000, NGSIS - 23);
	UK_EXPECT_EQ(logged("CONFIG_LIBUKINTCTLR_NIRQS"), 1);
	UK_EXPECT_EQ(plan.nioapics, 0);
	ioapic(4, 0xfec00000, NGSIS - 24);
	UK_EXPECT_EQ(plan.nioapics, 1);
}

UK_TEST(apic_plan, one_that_cannot_be_asked_is_left_out)
{
	begin();
	ninputs = -EINVAL;
	ioapic(1, 0xfec00000, 0);
	UK_EXPECT_EQ(plan.nioapics, 0);
	UK_EXPECT_EQ(plan.nrefused, 1);
}

UK_TEST(apic_plan, more_io_apics_than_there_is_room_for_are_refused)
{
	begin();
	ninputs = 1;
	for (uint32_t i = 0; i < APIC_NIOAPICS + 2; i++)
		ioapic((uint8_t)i, 0xfec00000 + 0x1000 * i, i);
	UK_EXPECT_EQ(plan.nioapics, APIC_NIOAPICS);
	UK_EXPECT_EQ(logged("there are too many"), 2);
}

UK_TEST(apic_plan, an_override_that_leads_nowhere_leaves_no_line)
{
	begin();
	ioapic(1, 0xfec00000, 0);
	override(4, 24, 0, 0);
	UK_EXPECT_EQ(logged("ISA interrupt 4 at input 24: no I/O APIC has "
			    "that; not used"), 1);
	override(5, UINT32_MAX, 0, 0);
	UK_EXPECT_EQ(logged("no I/O APIC has that"), 1);
	apic_plan_finish(&plan);
	/* Not the input that it would be without an override. */
	UK_EXPECT_EQ(gsi_of(4), -1);
	UK_EXPECT_EQ(gsi_of(5), -1);
}

UK_TEST(apic_plan, of_overrides_that_contradict_each_other_the_first_holds)
{
	begin();
	ioapic(1, 0xfec00000, 0);
	override(9, 20, 0, UK_ACPI_LEVEL);
	override(9, 20, 0, UK_ACPI_LEVEL);
	UK_EXPECT_EQ(logged("apic"), 0);
	override(9, 21, 0, UK_ACPI_LEVEL);
	UK_EXPECT_EQ(logged("ISA interrupt 9 at input 21: it is said"), 1);
	override(10, 20, 0, 0);
	UK_EXPECT_EQ(logged("ISA interrupt 10 at input 20: another"), 1);
	apic_plan_finish(&plan);
	UK_EXPECT_EQ(gsi_of(9), 20);
	UK_EXPECT_EQ(gsi_of(10), -1);
	UK_EXPECT_EQ(gsi_of(21), 21);
}

UK_TEST(apic_plan, two_interrupts_may_change_places)
{
	begin();
	ioapic(1, 0xfec00000, 0);
	override(3, 4, 0, 0);
	override(4, 3, 0, 0);
	apic_plan_finish(&plan);
	UK_EXPECT_EQ(gsi_of(3), 4);
	UK_EXPECT_EQ(gsi_of(4), 3);
}

UK_TEST(apic_plan, an_nmi_is_no_line)
{
	begin();
	ioapic(1, 0xfec00000, 0);
	nmi(7);
	nmi(20);
	nmi(20);
	nmi(24);
	UK_EXPECT_EQ(logged("NMI at input 24: no I/O APIC has that"), 1);
	apic_plan_finish(&plan);
	UK_EXPECT_EQ(plan.nnmis, 2);
	UK_EXPECT_EQ(gsi_of(7), -1);
	UK_EXPECT_EQ(gsi_of(20), -1);
	for (uint32_t i = 8; i < 17; i++)
		nmi(i);
	UK_EXPECT_EQ(plan.nnmis, APIC_NNMIS);
	UK_EXPECT_EQ(logged("there are too many"), 3);
}

UK_TEST(apic_plan, nmis_at_the_local_apics_are_kept)
{
	begin();
	lint(UK_ACPI_ALL_CPUS, 1, UK_ACPI_ACTIVE_LOW);
	lint(3, 1, UK_ACPI_ACTIVE_LOW);
	UK_EXPECT(!plan.lint[0].told);
	UK_EXPECT(plan.lint[1].told);
	UK_EXPECT_EQ(plan.lint[1].polarity, UK_ACPI_ACTIVE_LOW);
	UK_EXPECT_EQ(logged("apic"), 0);
	lint(4, 1, UK_ACPI_ACTIVE_HIGH);
	UK_EXPECT_EQ(logged("LINT1: the tables disagree"), 1);
	UK_EXPECT_EQ(plan.lint[1].polarity, UK_ACPI_ACTIVE_LOW);
}

UK_TEST(apic_plan, a_machine_without_io_apics_has_no_line)
{
	begin();
	apic_plan_finish(&plan);
	UK_EXPECT_EQ(apic_plan_ngsis(&plan), 0);
	for (unsigned int i = 0; i < 300; i++)
		UK_EXPECT_EQ(gsi_of(i), -1);
}

/* The MP table. */

static void mp_bus(uint8_t id, const char *type)
{
	struct uk_mptable_entry e = { .type = UK_MPTABLE_BUS, .bus.id = id };

	for (unsigned int i = 0; i < 6 && type[i]; i++)
		e.bus.type[i] = type[i];
	apic_plan_mp_first(&plan, &e);
}

static void mp_ioapic(uint8_t id, uint32_t addr, bool enabled)
{
	apic_plan_mp_first(&plan, &(const struct uk_mptable_entry){
		.type = UK_MPTABLE_IOAPIC,
		.ioapic = { .id = id, .addr = addr, .enabled = enabled },
	});
}

static void mp_int(uint8_t kind, uint8_t bus, uint8_t irq, uint8_t id,
		   uint8_t pin)
{
	apic_plan_mp_second(&plan, &(const struct uk_mptable_entry){
		.type = UK_MPTABLE_IOINT,
		.interrupt = { .kind = kind, .bus = bus, .bus_irq = irq,
			       .dest_id = id, .dest_pin = pin },
	});
}

UK_TEST(apic_plan, isa_interrupts_are_where_the_mp_table_says)
{
	begin();
	mp_bus(0, "ISA");
	mp_ioapic(2, 0xfec00000, true);
	mp_int(UK_MPTABLE_EXTINT, 0, 0, 2, 0);
	mp_int(UK_MPTABLE_INT, 0, 0, 2, 2);
	for (uint8_t i = 3; i < 16; i++)
		mp_int(UK_MPTABLE_INT, 0, i, 2, i);
	apic_plan_finish(&plan);
	UK_EXPECT_EQ(gsi_of(0), 2);
	UK_EXPECT_EQ(gsi_of(2), -1);
	UK_EXPECT_EQ(gsi_of(15), 15);
	UK_EXPECT_EQ(gsi_of(16), 16);
	UK_EXPECT_EQ(logged("apic"), 0);
}

UK_TEST(apic_plan, io_apics_of_an_mp_table_follow_each_other)
{
	begin();
	mp_bus(7, "PCI");
	mp_bus(255, "ISA");
	mp_ioapic(2, 0xfec00000, true);
	mp_ioapic(3, 0xfec10000, false);
	mp_ioapic(4, 0xfec20000, true);
	UK_EXPECT_EQ(plan.nioapics, 2);
	UK_EXPECT_EQ(plan.ioapic[1].gsi_base, 24);
	mp_int(UK_MPTABLE_INT, 255, 9, 4, 3);
	mp_int(UK_MPTABLE_INT, 255, 10, 3, 3);
	UK_EXPECT_EQ(logged("no I/O APIC has that"), 1);
	mp_int(UK_MPTABLE_INT, 255, 11, 4, 24);
	UK_EXPECT_EQ(logged("no I/O APIC has that"), 1);
	mp_int(UK_MPTABLE_INT, 255, 12, UK_MPTABLE_ALL, 14);
	apic_plan_finish(&plan);
	UK_EXPECT_EQ(gsi_of(9), 27);
	UK_EXPECT_EQ(gsi_of(10), -1);
	UK_EXPECT_EQ(gsi_of(11), -1);
	UK_EXPECT_EQ(gsi_of(12), 14);
}

UK_TEST(apic_plan, pci_interrupts_among_the_isa_ones_are_low_levels)
{
	struct apic_input in;

	begin();
	mp_bus(0, "PCI");
	mp_bus(1, "ISA");
	mp_ioapic(2, 0xfec00000, true);
	mp_int(UK_MPTABLE_INT, 0, 4, 2, 11);
	mp_int(UK_MPTABLE_INT, 0, 8, 2, 11);
	mp_int(UK_MPTABLE_INT, 0, 12, 2, 20);
	/* A bus that nobody told of. */
	mp_int(UK_MPTABLE_INT, 5, 3, 2, 19);
	apic_plan_finish(&plan);
	UK_EXPECT_EQ(apic_plan_line(&plan, 11, &in), 0);
	UK_EXPECT_EQ(in.gsi, 11);
	UK_EXPECT_EQ(in.polarity, UK_ACPI_ACTIVE_LOW);
	UK_EXPECT_EQ(in.trigger, UK_ACPI_LEVEL);
	UK_EXPECT_EQ(gsi_of(3), 3);
	UK_EXPECT_EQ(logged("apic"), 0);
}

UK_TEST(apic_plan, nmis_of_an_mp_table_are_kept)
{
	begin();
	mp_bus(0, "ISA");
	mp_ioapic(2, 0xfec00000, true);
	mp_int(UK_MPTABLE_NMI, 0, 0, 2, 21);
	apic_plan_mp_second(&plan, &(const struct uk_mptable_entry){
		.type = UK_MPTABLE_LOCALINT,
		.interrupt = { .kind = UK_MPTABLE_NMI, .dest_id = 0xff,
			       .dest_pin = 1 },
	});
	apic_plan_mp_second(&plan, &(const struct uk_mptable_entry){
		.type = UK_MPTABLE_LOCALINT,
		.interrupt = { .kind = UK_MPTABLE_EXTINT, .dest_id = 0xff },
	});
	apic_plan_finish(&plan);
	UK_EXPECT_EQ(gsi_of(21), -1);
	UK_EXPECT(plan.lint[1].told);
	UK_EXPECT(!plan.lint[0].told);
}

UK_TEST(apic_plan, inputs_of_an_io_apic_that_is_not_there_are_no_news)
{
	begin();
	ninputs = -ENODEV;
	mp_bus(0, "ISA");
	mp_ioapic(0, 0xfec00000, true);
	mp_int(UK_MPTABLE_INT, 0, 4, 0, 4);
	mp_int(UK_MPTABLE_NMI, 0, 0, 0, 21);
	override(5, 5, 0, 0);
	UK_EXPECT_EQ(logged("apic"), 0);
	apic_plan_finish(&plan);
	UK_EXPECT_EQ(plan.nrefused, 1);
	UK_EXPECT_EQ(plan.nnmis, 0);
	UK_EXPECT_EQ(gsi_of(4), -1);
	UK_EXPECT_EQ(gsi_of(5), -1);
}
