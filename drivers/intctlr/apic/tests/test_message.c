/* SPDX-License-Identifier: BSD-3-Clause */
/* Formats, against values worked out by hand from the manuals. */
#include "../apic_priv.h"

#include <uk/test.h>

#define EDX_APIC	(1u << 9)
#define ECX_X2APIC	(1u << 21)

UK_TEST(apic_mode, a_cpu_without_an_apic_has_none)
{
	UK_EXPECT_EQ(apic_mode_choose(0, 0, 0), APIC_NONE);
	UK_EXPECT_EQ(apic_mode_choose(ECX_X2APIC, ~EDX_APIC, 0), APIC_NONE);
}

UK_TEST(apic_mode, x2apic_is_taken_where_the_cpu_has_it)
{
	const uint64_t on = UINT64_C(0xfee00900);

	UK_EXPECT_EQ(apic_mode_choose(0, EDX_APIC, on), APIC_XAPIC);
	UK_EXPECT_EQ(apic_mode_choose(~ECX_X2APIC, EDX_APIC, on), APIC_XAPIC);
	UK_EXPECT_EQ(apic_mode_choose(ECX_X2APIC, EDX_APIC, on), APIC_X2APIC);
	/* Off altogether: it is switched on. */
	UK_EXPECT_EQ(apic_mode_choose(ECX_X2APIC, EDX_APIC, 0), APIC_X2APIC);
	UK_EXPECT_EQ(apic_mode_choose(0, EDX_APIC, 0), APIC_XAPIC);
}

UK_TEST(apic_mode, x2apic_stays_on_where_firmware_switched_it_on)
{
	UK_EXPECT_EQ(apic_mode_choose(0, EDX_APIC, UINT64_C(0xfee00d00)),
		     APIC_X2APIC);
}

UK_TEST(apic_mode, long_ids_are_kvms_and_only_if_it_says_so)
{
	/* "KVMKVMKVM\0\0\0" and "TCGTCGTCGTCG". */
	static const uint32_t kvm[3] = { 0x4b4d564b, 0x564b4d56, 0x4d };
	static const uint32_t tcg[3] = { 0x54474354, 0x43544743, 0x47435447 };

	UK_EXPECT(apic_has_long_ids(kvm, 1u << 15));
	UK_EXPECT(!apic_has_long_ids(kvm, ~(1u << 15)));
	UK_EXPECT(!apic_has_long_ids(tcg, 1u << 15));
}

UK_TEST(apic_message, devices_reach_the_ids_their_messages_have_room_for)
{
	/* As QEMU numbers CPUs: -smp 6,sockets=2,cores=3; -smp 288. */
	static const uint32_t ids[] = { 0, 1, 2, 4, 5, 6, 254 };

	for (unsigned int i = 0; i < 7; i++) {
		UK_EXPECT(apic_reaches(ids[i], false));
		UK_EXPECT(apic_reaches(ids[i], true));
	}
	/* 255 is all CPUs. */
	UK_EXPECT(!apic_reaches(255, false));
	UK_EXPECT(!apic_reaches(255, true));
	UK_EXPECT(!apic_reaches(256, false));
	UK_EXPECT(!apic_reaches(287, false));
	UK_EXPECT(apic_reaches(256, true));
	UK_EXPECT(apic_reaches(287, true));
	UK_EXPECT(apic_reaches(0x7fff, true));
	UK_EXPECT(!apic_reaches(0x8000, true));
	UK_EXPECT(!apic_reaches(UINT32_MAX, true));
}

UK_TEST(apic_message, an_entry_has_its_cpu_in_the_highest_byte)
{
	UK_EXPECT_EQ(apic_entry(0x31, 6), UINT64_C(0x0600000000000031));
	UK_EXPECT_EQ(apic_entry(0x31 | APIC_ENTRY_MASKED, 254),
		     UINT64_C(0xfe00000000010031));
	UK_EXPECT_EQ(apic_entry(APIC_ENTRY_NMI, 0), 0x400);
	/* Of id 0x7f12 the upper seven bits begin at bit 49. */
	UK_EXPECT_EQ(apic_entry(0x31, 0x7f12), UINT64_C(0x12fe000000000031));
	UK_EXPECT_EQ(apic_entry(0x31, 0x100), UINT64_C(0x0002000000000031));
}

UK_TEST(apic_message, an_entry_tells_as_the_table_says_or_as_it_is_set)
{
	static const struct {
		uint8_t polarity, trigger;
		enum uk_irq_trigger wanted;
		uint32_t expected;
	} row[] = {
		{ 0, 0, UK_IRQ_TRIGGER_DEFAULT, 0x0000 },
		{ 1, 1, UK_IRQ_TRIGGER_DEFAULT, 0x0000 },
		{ 3, 1, UK_IRQ_TRIGGER_DEFAULT, 0x2000 },
		{ 1, 3, UK_IRQ_TRIGGER_DEFAULT, 0x8000 },
		{ 3, 3, UK_IRQ_TRIGGER_DEFAULT, 0xa000 },
		{ 3, 3, UK_IRQ_EDGE_RISING, 0x0000 },
		{ 0, 0, UK_IRQ_EDGE_FALLING, 0x2000 },
		{ 0, 0, UK_IRQ_LEVEL_HIGH, 0x8000 },
		{ 0, 0, UK_IRQ_LEVEL_LOW, 0xa000 },
	};

	for (unsigned int i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		UK_EXPECT_EQ(apic_entry_trigger(row[i].polarity,
						row[i].trigger,
						row[i].wanted),
			     row[i].expected);
}

UK_TEST(apic_message, an_msi_has_cpu_and_vector)
{
	struct uk_msi_msg msg;

	apic_msi(0x41, 6, &msg);
	UK_EXPECT_EQ(msg.addr, 0xfee06000);
	UK_EXPECT_EQ(msg.data, 0x41);
	apic_msi(0x41, 254, &msg);
	UK_EXPECT_EQ(msg.addr, 0xfeefe000);
	apic_msi(0x41, 0x7f12, &msg);
	UK_EXPECT_EQ(msg.addr, 0xfee12fe0);
}

UK_TEST(apic_message, a_command_has_the_id_where_its_mode_has_it)
{
	const uint32_t low = APIC_ICR_INIT | APIC_ICR_ASSERT;

	UK_EXPECT_EQ(apic_icr(APIC_XAPIC, low, 6),
		     UINT64_C(0x0600000000004500));
	UK_EXPECT_EQ(apic_icr(APIC_X2APIC, low, 6),
		     UINT64_C(0x0000000600004500));
	UK_EXPECT_EQ(apic_icr(APIC_X2APIC, APIC_ICR_STARTUP | 0x9a, 0x12345),
		     UINT64_C(0x000123450000069a));
}

UK_TEST(apic_message, a_command_never_goes_to_all_by_mistake)
{
	UK_EXPECT(apic_icr_reaches(APIC_XAPIC, 0));
	UK_EXPECT(apic_icr_reaches(APIC_XAPIC, 254));
	UK_EXPECT(!apic_icr_reaches(APIC_XAPIC, 255));
	UK_EXPECT(!apic_icr_reaches(APIC_XAPIC, 256));
	UK_EXPECT(apic_icr_reaches(APIC_X2APIC, 255));
	UK_EXPECT(apic_icr_reaches(APIC_X2APIC, 256));
	UK_EXPECT(apic_icr_reaches(APIC_X2APIC, UINT32_MAX - 1));
	UK_EXPECT(!apic_icr_reaches(APIC_X2APIC, UINT32_MAX));
}

UK_TEST(apic_message, the_timer_is_divided_by_powers_of_two)
{
	static const uint32_t code[] = { 0xb, 0x0, 0x1, 0x2, 0x3, 0x8, 0x9,
					 0xa };

	for (unsigned int i = 0; i < 8; i++)
		UK_EXPECT_EQ(apic_divide(1u << i), code[i]);
}
