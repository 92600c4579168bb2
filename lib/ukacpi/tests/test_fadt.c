/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/acpi_fadt.h>

#include <uk/acpi.h>
#include <uk/errno.h>
#include <uk/test.h>

#include "build_acpi.h"

static struct uk_acpi acpi;
static struct uk_acpi_fadt fadt;

/* A table that read() puts; offsets are those in the table. */
static uint8_t body[276 - UK_ACPI_HEADER_LEN];

static uint8_t *field(unsigned int off)
{
	return body + off - UK_ACPI_HEADER_LEN;
}

static void set16(unsigned int off, uint16_t val)
{
	memcpy(field(off), &val, 2);
}

static void set32(unsigned int off, uint32_t val)
{
	memcpy(field(off), &val, 4);
}

static void set_gas(unsigned int off, uint8_t space, uint8_t width,
		    uint64_t addr)
{
	memset(field(off), 0, 12);
	*field(off) = space;
	*field(off + 1) = width;
	memcpy(field(off + 4), &addr, 8);
}

/* As QEMU 7.2 makes it for -M pc, which is 116 bytes of revision 1. */
static void set_pc(void)
{
	memset(body, 0, sizeof(body));
	*field(45) = 1;
	set16(46, 9);
	set32(48, 0xb2);
	*field(52) = 0xf1;
	set32(56, 0x600);
	set32(64, 0x604);
	set32(76, 0x608);
	*field(88) = 4;
	*field(89) = 2;
	*field(91) = 4;
	*field(108) = 0x32;
	set32(112, 0x80a5);
}

/* For -M q35: 244 bytes of revision 3. */
static void set_q35(void)
{
	set_pc();
	*field(52) = 2;
	set32(112, 0x84a5);
	set_gas(116, 1, 8, 0xcf9);
	*field(128) = 0xf;
	set_gas(148, 1, 32, 0x600);
	set_gas(172, 1, 16, 0x604);
	set_gas(208, 1, 32, 0x608);
}

/* For -M microvm: 268 bytes of revision 5. */
static void set_microvm(void)
{
	memset(body, 0, sizeof(body));
	set32(112, 0x100400);
	set_gas(116, 0, 8, 0xfea00202);
	*field(128) = 0x42;
	set_gas(244, 0, 8, 0xfea00200);
	set_gas(256, 0, 8, 0xfea00201);
}

static int read(uint8_t revision, uint32_t len)
{
	begin();
	put_table("FACP", revision, body, len - UK_ACPI_HEADER_LEN);
	if (!UK_EXPECT_EQ(open_tables(&acpi), 0))
		return -EINVAL;
	return uk_acpi_fadt_read(&acpi, &fadt);
}

static void expect_reg(const struct uk_acpi_reg *reg, uint8_t space,
		       uint64_t addr, uint8_t len)
{
	UK_EXPECT_EQ(reg->space, space);
	UK_EXPECT_EQ(reg->addr, addr);
	UK_EXPECT_EQ(reg->len, len);
}

UK_TEST(acpi_fadt, that_of_acpi_1_has_ports_and_a_pcs_devices)
{
	set_pc();
	set16(109, 0x30);	/* reserved then */
	UK_EXPECT_EQ(read(1, 116), 0);
	UK_EXPECT_EQ(fadt.revision, 1);
	UK_EXPECT_EQ(fadt.profile, 0);
	UK_EXPECT_EQ(fadt.boot_arch,
		     UK_ACPI_FADT_LEGACY_DEVICES | UK_ACPI_FADT_8042);
	UK_EXPECT_EQ(fadt.century, 0x32);
	UK_EXPECT_EQ(fadt.sci_irq, 9);
	UK_EXPECT_EQ(fadt.smi_cmd, 0xb2);
	UK_EXPECT_EQ(fadt.acpi_enable, 0xf1);
	expect_reg(&fadt.pm_timer, UK_ACPI_PORT, 0x608, 4);
	UK_EXPECT_EQ(fadt.pm_timer_bits, 24);
	expect_reg(&fadt.pm1a_cnt, UK_ACPI_PORT, 0x604, 2);
	UK_EXPECT_EQ(fadt.pm1b_cnt.addr, 0);
	expect_reg(&fadt.pm1a_sts, UK_ACPI_PORT, 0x600, 2);
	expect_reg(&fadt.pm1a_en, UK_ACPI_PORT, 0x602, 2);
	UK_EXPECT_EQ(fadt.pm1b_sts.addr, 0);
	UK_EXPECT_EQ(fadt.pm1b_en.addr, 0);
	UK_EXPECT_EQ(fadt.reset.addr, 0);
	UK_EXPECT_EQ(fadt.sleep_control.addr, 0);
	UK_EXPECT_EQ(fadt.arm_boot_arch, 0);
	UK_EXPECT_EQ(logged("acpi"), 0);
}

UK_TEST(acpi_fadt, that_of_acpi_2_has_a_reset_register)
{
	set_q35();
	set16(109, 0x20);
	UK_EXPECT_EQ(read(3, 244), 0);
	UK_EXPECT_EQ(fadt.profile, 1);
	UK_EXPECT_EQ(fadt.boot_arch, UK_ACPI_FADT_NO_CMOS_RTC);
	expect_reg(&fadt.reset, UK_ACPI_PORT, 0xcf9, 1);
	UK_EXPECT_EQ(fadt.reset_value, 0xf);
	expect_reg(&fadt.pm_timer, UK_ACPI_PORT, 0x608, 4);
	expect_reg(&fadt.pm1a_cnt, UK_ACPI_PORT, 0x604, 2);
	UK_EXPECT_EQ(logged("acpi"), 0);

	set32(112, 0x80a5);	/* RESET_REG_SUP is not set */
	UK_EXPECT_EQ(read(3, 244), 0);
	UK_EXPECT_EQ(fadt.reset.addr, 0);
	set_q35();
	UK_EXPECT_EQ(read(3, 128), 0);	/* without RESET_VALUE */
	UK_EXPECT_EQ(fadt.reset.addr, 0);
}

UK_TEST(acpi_fadt, hardware_reduced_acpi_has_no_fixed_registers)
{
	set_microvm();
	set32(76, 0x608);
	*field(91) = 4;
	set32(64, 0x604);
	*field(89) = 2;
	set32(56, 0x600);
	*field(88) = 4;
	set32(48, 0xb2);
	UK_EXPECT_EQ(read(5, 268), 0);
	UK_EXPECT_EQ(fadt.flags, UK_ACPI_FADT_HW_REDUCED | 0x400);
	UK_EXPECT_EQ(fadt.pm_timer.addr, 0);
	UK_EXPECT_EQ(fadt.pm1a_cnt.addr, 0);
	UK_EXPECT_EQ(fadt.pm1a_sts.addr, 0);
	UK_EXPECT_EQ(fadt.pm1a_en.addr, 0);
	UK_EXPECT_EQ(fadt.smi_cmd, 0);
	expect_reg(&fadt.reset, UK_ACPI_MEMORY, 0xfea00202, 1);
	UK_EXPECT_EQ(fadt.reset_value, 0x42);
	expect_reg(&fadt.sleep_control, UK_ACPI_MEMORY, 0xfea00200, 1);
	expect_reg(&fadt.sleep_status, UK_ACPI_MEMORY, 0xfea00201, 1);

	/* There is no such thing before ACPI 5.0. */
	UK_EXPECT_EQ(read(4, 244), 0);
	UK_EXPECT_EQ(fadt.flags, 0x400);
	expect_reg(&fadt.pm_timer, UK_ACPI_PORT, 0x608, 4);
	expect_reg(&fadt.pm1a_cnt, UK_ACPI_PORT, 0x604, 2);
	UK_EXPECT_EQ(fadt.sleep_control.addr, 0);
}

UK_TEST(acpi_fadt, psci_is_told_from_acpi_5_1_on)
{
	set_microvm();
	set16(129, UK_ACPI_FADT_PSCI | UK_ACPI_FADT_PSCI_HVC);
	UK_EXPECT_EQ(read(6, 276), 0);
	UK_EXPECT_EQ(fadt.arm_boot_arch,
		     UK_ACPI_FADT_PSCI | UK_ACPI_FADT_PSCI_HVC);
	UK_EXPECT_EQ(read(5, 130), 0);
	UK_EXPECT_EQ(fadt.arm_boot_arch, 0);
	UK_EXPECT_EQ(read(4, 244), 0);
	UK_EXPECT_EQ(fadt.arm_boot_arch, 0);
}

UK_TEST(acpi_fadt, generic_addresses_go_before_ports)
{
	set_q35();
	set32(112, 0x85a5);
	set_gas(208, 0, 32, 0xfed80808);
	set_gas(184, 0, 16, 0xfed80804);
	UK_EXPECT_EQ(read(6, 276), 0);
	expect_reg(&fadt.pm_timer, UK_ACPI_MEMORY, 0xfed80808, 4);
	UK_EXPECT_EQ(fadt.pm_timer_bits, 32);
	expect_reg(&fadt.pm1b_cnt, UK_ACPI_MEMORY, 0xfed80804, 2);

	/* All of it is behind the end. */
	UK_EXPECT_EQ(read(6, 219), 0);
	expect_reg(&fadt.pm_timer, UK_ACPI_PORT, 0x608, 4);
	UK_EXPECT_EQ(read(6, 220), 0);
	expect_reg(&fadt.pm_timer, UK_ACPI_MEMORY, 0xfed80808, 4);
}

UK_TEST(acpi_fadt, registers_that_make_no_sense_are_not_there)
{
	set_q35();
	set_gas(208, 2, 32, 0x608);	/* PCI: for reset only */
	set32(76, 0xfffd);
	set_gas(172, 0x7f, 16, 0x604);
	set_gas(184, 1, 16, 0xffff);
	set_gas(116, 0, 8, 0x1000);
	*field(118) = 3;
	set32(48, 0x10000);
	UK_EXPECT_EQ(read(3, 244), 0);
	UK_EXPECT_EQ(fadt.pm_timer.addr, 0);
	expect_reg(&fadt.pm1a_cnt, UK_ACPI_PORT, 0x604, 2);
	UK_EXPECT_EQ(fadt.pm1b_cnt.addr, 0);
	UK_EXPECT_EQ(fadt.reset.addr, 0);
	UK_EXPECT_EQ(fadt.smi_cmd, 0);
	UK_EXPECT_EQ(logged("FACP at 0xe1000: "), 6);
	UK_EXPECT_EQ(uk_acpi_fadt_read(&acpi, &fadt), 0);
	UK_EXPECT_EQ(logged("acpi"), 0);

	set_q35();
	set_gas(116, 0, 8, UINT64_MAX);
	set_gas(208, 0, 32, UINT64_MAX - 2);
	set32(76, 0);
	UK_EXPECT_EQ(read(3, 244), 0);
	expect_reg(&fadt.reset, UK_ACPI_MEMORY, UINT64_MAX, 1);
	UK_EXPECT_EQ(fadt.pm_timer.addr, 0);
}

UK_TEST(acpi_fadt, a_reset_register_may_be_in_pci_configuration_space)
{
	set_q35();
	set_gas(116, 2, 8, UINT64_C(0x001f000000b2));
	UK_EXPECT_EQ(read(3, 244), 0);
	expect_reg(&fadt.reset, UK_ACPI_PCI, UINT64_C(0x001f000000b2), 1);
}

UK_TEST(acpi_fadt, event_registers_are_halves_of_a_block)
{
	set_q35();
	*field(88) = 8;
	set_gas(148, 0, 64, 0xfed80800);
	set32(60, 0x700);
	UK_EXPECT_EQ(read(3, 244), 0);
	expect_reg(&fadt.pm1a_sts, UK_ACPI_MEMORY, 0xfed80800, 2);
	expect_reg(&fadt.pm1a_en, UK_ACPI_MEMORY, 0xfed80804, 2);
	expect_reg(&fadt.pm1b_sts, UK_ACPI_PORT, 0x700, 2);
	expect_reg(&fadt.pm1b_en, UK_ACPI_PORT, 0x704, 2);

	/* The second half is behind the last port. */
	set_pc();
	set32(56, 0xfffd);
	UK_EXPECT_EQ(read(1, 116), 0);
	UK_EXPECT_EQ(fadt.pm1a_sts.addr, 0);
	UK_EXPECT_EQ(logged("PM1a_EVT at port 0xfffd makes no sense"), 1);
	set_pc();
	*field(88) = 3;
	UK_EXPECT_EQ(read(1, 116), 0);
	UK_EXPECT_EQ(fadt.pm1a_sts.addr, 0);
	UK_EXPECT_EQ(fadt.pm1a_en.addr, 0);
}

/* The SCI where the MADT has an override of @irq with @flags; 0xffff: none. */
static struct uk_acpi_sci sci_with(uint8_t irq, uint16_t flags)
{
	const uint8_t madt[] = {
		LE32(0xfee00000), LE32(1),
		2, 10, 0, irq, LE32(irq), LE16(flags),
	};
	struct uk_acpi_sci sci = { 0 };

	set_q35();
	begin();
	put_table("FACP", 3, body, 244 - UK_ACPI_HEADER_LEN);
	if (flags != 0xffff)
		put_table("APIC", 1, madt, sizeof(madt));
	if (UK_EXPECT_EQ(open_tables(&acpi), 0) &&
	    UK_EXPECT_EQ(uk_acpi_fadt_read(&acpi, &fadt), 0))
		uk_acpi_sci_read(&acpi, &fadt, &sci);
	return sci;
}

UK_TEST(acpi_fadt, the_sci_is_an_active_low_level_unless_it_is_overridden)
{
	struct uk_acpi_sci sci = sci_with(9, 0xffff);

	UK_EXPECT_EQ(sci.irq, 9);
	UK_EXPECT(!sci.edge && sci.active_low);
	sci = sci_with(10, 0xd);
	UK_EXPECT(!sci.edge && sci.active_low);
	/* As QEMU has it; then an edge; then what the bus has. */
	sci = sci_with(9, 0xd);
	UK_EXPECT(!sci.edge && !sci.active_low);
	sci = sci_with(9, 5);
	UK_EXPECT(sci.edge && !sci.active_low);
	sci = sci_with(9, 0);
	UK_EXPECT(!sci.edge && sci.active_low);
}

UK_TEST(acpi_fadt, registers_of_length_0_are_not_there)
{
	set_q35();
	*field(91) = 0;
	*field(89) = 0;
	UK_EXPECT_EQ(read(3, 244), 0);
	UK_EXPECT_EQ(fadt.pm_timer.addr, 0);
	UK_EXPECT_EQ(fadt.pm1a_cnt.addr, 0);
}

UK_TEST(acpi_fadt, one_that_is_too_short_is_refused)
{
	set_pc();
	UK_EXPECT_EQ(read(1, 115), -EBADMSG);
	UK_EXPECT_EQ(logged("115 bytes are too few, 116 are needed"), 1);
	begin();
	UK_EXPECT_EQ(open_tables(&acpi), 0);
	UK_EXPECT_EQ(uk_acpi_fadt_read(&acpi, &fadt), -ENOENT);
}
