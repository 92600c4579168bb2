/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/mptable.h>

#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fwmem.h>
#include <uk/log.h>
#include <uk/string.h>
#include <uk/test.h>

/*
 * A PC's memory: BIOS data area, extended BIOS data area, ROM, and the table,
 * which begins and ends where memory does.
 */
#define EBDA		0x9f800u
#define BASE_END	0x9fc00u
#define ROM		0xf0000u
#define TABLE		0x50000u
#define HEADER_LEN	44u

static struct {
	uint8_t bda[0x500];
	uint8_t base[0x800];	/* from EBDA on */
	uint8_t rom[0x10000];
	uint8_t table[1024];
	uint32_t table_len;
	uint16_t nentries;
	struct uk_log_pos log;
} pc;

static uint8_t *mem_at(uint64_t paddr, uint64_t len)
{
	const struct {
		uint64_t base, len;
		uint8_t *buf;
	} part[] = {
		{ 0, sizeof(pc.bda), pc.bda },
		{ EBDA, sizeof(pc.base), pc.base },
		{ ROM, sizeof(pc.rom), pc.rom },
		{ TABLE, pc.table_len, pc.table },
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(part); i++)
		if (paddr >= part[i].base &&
		    paddr - part[i].base <= part[i].len &&
		    len <= part[i].len - (paddr - part[i].base))
			return part[i].buf + (paddr - part[i].base);
	return NULL;
}

static const void *pc_at(const struct uk_fwmem *mem UK_UNUSED,
			 uint64_t paddr, uint64_t len)
{
	return mem_at(paddr, len);
}

static const struct uk_fwmem pc_mem = { .at = pc_at, .is_pc = true };

static struct uk_mptable mp;
static struct uk_mptable_entry e;

/* Make the sum of @len bytes at @p right, by the byte at @off. */
static void fix_sum(uint8_t *p, uint32_t len, uint32_t off)
{
	p[off] = (uint8_t)(p[off] - uk_fwmem_sum(p, len));
}

static void begin(void)
{
	char line[UK_LOG_SHOWN];
	uint32_t lost;

	memset(&pc, 0, sizeof(pc) - sizeof(pc.log));
	pc.bda[0x40e] = (EBDA >> 4) & 0xff;
	pc.bda[0x40f] = EBDA >> 12;
	pc.table_len = HEADER_LEN;
	while (uk_log_read(&pc.log, line, sizeof(line), &lost))
		;
}

static void put_pointer(uint64_t paddr, uint8_t config, uint8_t feature2)
{
	const uint32_t table = TABLE;
	uint8_t *const p = mem_at(paddr, 16);

	memset(p, 0, 16);
	memcpy(p, "_MP_", 4);
	memcpy(p + 4, &table, 4);
	p[8] = 1;
	p[9] = 4;
	p[11] = config;
	p[12] = feature2;
	fix_sum(p, 16, 10);
}

static void put_entry(const uint8_t *bytes, uint32_t len)
{
	memcpy(pc.table + pc.table_len, bytes, len);
	pc.table_len += len;
	pc.nentries++;
}

#define ENTRY(...)							\
	put_entry((const uint8_t[]){ __VA_ARGS__ },			\
		  sizeof((const uint8_t[]){ __VA_ARGS__ }))

/* Processor entries have 20 bytes. */
#define CPU(id, flags)	ENTRY(0, id, 0x14, flags, 0, 0, 0, 0, 0, 0, 0, 0, \
			      0, 0, 0, 0, 0, 0, 0, 0)

static void put_header(void)
{
	const uint32_t lapic = 0xfee00000;

	memcpy(pc.table, "PCMP", 4);
	pc.table[4] = (uint8_t)pc.table_len;
	pc.table[5] = (uint8_t)(pc.table_len >> 8);
	pc.table[6] = 4;
	memcpy(pc.table + 34, &pc.nentries, 2);
	memcpy(pc.table + 36, &lapic, 4);
	fix_sum(pc.table, pc.table_len, 7);
}

static int open_mp(void)
{
	e = (struct uk_mptable_entry)UK_MPTABLE_FIRST;
	return uk_mptable_open(&mp, &pc_mem);
}

/* The entries that were put, as a table in the ROM. */
static int open_table(void)
{
	put_header();
	put_pointer(ROM + 0x5ba0, 0, 0);
	return open_mp();
}

/* The type of the next entry; -1: there is none. */
static int next(void)
{
	return uk_mptable_next(&mp, &e) ? (int)e.type : -1;
}

static unsigned int logged(const char *text)
{
	const size_t len = uk_strlen(text);
	char line[UK_LOG_SHOWN];
	unsigned int n = 0;
	uint32_t lost;

	while (uk_log_read(&pc.log, line, sizeof(line), &lost))
		for (const char *p = line; *p; p++)
			if (uk_strncmp(p, text, len) == 0) {
				n++;
				break;
			}
	return n;
}

static void expect_cpu(uint8_t id, bool enabled, bool bsp)
{
	UK_EXPECT_EQ(next(), UK_MPTABLE_CPU);
	UK_EXPECT_EQ(e.cpu.apic_id, id);
	UK_EXPECT_EQ(e.cpu.enabled, enabled);
	UK_EXPECT_EQ(e.cpu.bsp, bsp);
}

static void expect_bus(uint8_t id, const char *type)
{
	UK_EXPECT_EQ(next(), UK_MPTABLE_BUS);
	UK_EXPECT_EQ(e.bus.id, id);
	UK_EXPECT_STR_EQ(e.bus.type, type);
}

static void expect_interrupt(int type, uint8_t kind, uint8_t irq, uint8_t id,
			     uint8_t pin)
{
	UK_EXPECT_EQ(next(), type);
	UK_EXPECT_EQ(e.interrupt.kind, kind);
	UK_EXPECT_EQ(e.interrupt.bus_irq, irq);
	UK_EXPECT_EQ(e.interrupt.dest_id, id);
	UK_EXPECT_EQ(e.interrupt.dest_pin, pin);
}

UK_TEST(mptable, each_kind_of_entry_is_read)
{
	begin();
	CPU(0, 3);
	CPU(4, 1);
	CPU(255, 0);
	ENTRY(1, 0, 'P', 'C', 'I', ' ', ' ', ' ');
	ENTRY(1, 1, 'C', 'B', 'U', 'S', 'I', 'I');
	ENTRY(2, 5, 0x11, 1, 0, 0, 0xc0, 0xfe);
	ENTRY(3, 0, 0xf, 0, 0, 0x7c, 5, 10);
	ENTRY(4, 1, 5, 0, 1, 0, 255, 1);
	UK_EXPECT_EQ(open_table(), 0);
	UK_EXPECT_EQ(mp.paddr, ROM + 0x5ba0);
	UK_EXPECT_EQ(mp.lapic_addr, 0xfee00000);
	UK_EXPECT_EQ(mp.default_config, 0);
	UK_EXPECT(!mp.imcr);
	expect_cpu(0, true, true);
	UK_EXPECT_EQ(e.cpu.apic_version, 0x14);
	expect_cpu(4, true, false);
	expect_cpu(255, false, false);
	expect_bus(0, "PCI");
	expect_bus(1, "CBUSII");
	UK_EXPECT_EQ(next(), UK_MPTABLE_IOAPIC);
	UK_EXPECT_EQ(e.ioapic.id, 5);
	UK_EXPECT_EQ(e.ioapic.version, 0x11);
	UK_EXPECT(e.ioapic.enabled);
	UK_EXPECT_EQ(e.ioapic.addr, 0xfec00000);
	expect_interrupt(UK_MPTABLE_IOINT, UK_MPTABLE_INT, 0x7c, 5, 10);
	UK_EXPECT_EQ(e.interrupt.polarity, UK_MPTABLE_ACTIVE_LOW);
	UK_EXPECT_EQ(e.interrupt.trigger, UK_MPTABLE_LEVEL);
	expect_interrupt(UK_MPTABLE_LOCALINT, UK_MPTABLE_NMI, 0,
			 UK_MPTABLE_ALL, 1);
	UK_EXPECT_EQ(e.interrupt.bus, 1);
	UK_EXPECT_EQ(e.interrupt.polarity, UK_MPTABLE_ACTIVE_HIGH);
	UK_EXPECT_EQ(e.interrupt.trigger, UK_MPTABLE_EDGE);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("mptable"), 0);
}

UK_TEST(mptable, the_floating_pointer_is_searched_in_the_specified_places)
{
	static const uint32_t places[] = {
		EBDA, EBDA + 0x3f0, BASE_END, BASE_END + 0x3f0, ROM,
		ROM + 0xfff0,
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(places); i++) {
		begin();
		CPU(1, 1);
		put_header();
		put_pointer(places[i], 0, 0x80);
		UK_EXPECT_EQ(open_mp(), 0);
		UK_EXPECT_EQ(mp.paddr, places[i]);
		UK_EXPECT(mp.imcr);
		expect_cpu(1, true, false);
	}
	begin();
	UK_EXPECT_EQ(open_mp(), -ENOENT);
	UK_EXPECT_EQ(logged("mptable"), 0);
}

UK_TEST(mptable, a_damaged_floating_pointer_is_passed_over)
{
	static const struct {
		uint8_t off, val;
	} bad[] = { { 15, 1 }, { 8, 0 }, { 8, 2 }, { 9, 2 }, { 9, 0 } };

	for (size_t i = 0; i < UK_ARRAY_SIZE(bad); i++) {
		begin();
		put_pointer(ROM + 0xfff0, 0, 0);
		pc.rom[0xfff0 + bad[i].off] = bad[i].val;
		if (bad[i].off != 15)
			fix_sum(pc.rom + 0xfff0, 16, 10);
		UK_EXPECT_EQ(open_mp(), -ENOENT);
		UK_EXPECT_EQ(logged("floating pointer at 0xffff0"), 1);
	}
}

UK_TEST(mptable, a_damaged_table_is_refused)
{
	static const struct {
		uint8_t off, val;
		int rc;
	} bad[] = {
		{ 0, 'X', -EBADMSG }, { 4, 43, -EBADMSG },
		{ 5, 0xff, -EBADMSG }, { 6, 2, -EBADMSG },
		{ 40, 9, -EBADMSG },
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(bad); i++) {
		begin();
		CPU(0, 1);
		put_header();
		pc.table[bad[i].off] = bad[i].val;
		if (bad[i].off != 40)
			fix_sum(pc.table, pc.table_len, 7);
		put_pointer(ROM, 0, 0);
		UK_EXPECT_EQ(open_mp(), bad[i].rc);
		UK_EXPECT_EQ(logged("the table at 0x50000"), 1);
	}
}

UK_TEST(mptable, a_table_that_cannot_be_read_is_refused)
{
	begin();
	pc.table_len = HEADER_LEN - 1;
	put_pointer(ROM, 0, 0);
	UK_EXPECT_EQ(open_mp(), -EFAULT);
	memset(pc.rom + 4, 0, 4);
	fix_sum(pc.rom, 16, 10);
	UK_EXPECT_EQ(open_mp(), -EFAULT);
	UK_EXPECT_EQ(logged("the table at 0 cannot be read"), 1);
}

UK_TEST(mptable, number_and_length_both_end_the_stream)
{
	begin();
	CPU(0, 1);
	CPU(1, 1);
	pc.nentries = 1;
	UK_EXPECT_EQ(open_table(), 0);
	expect_cpu(0, true, false);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("mptable"), 0);

	begin();
	CPU(0, 1);
	pc.nentries = 2;
	UK_EXPECT_EQ(open_table(), 0);
	expect_cpu(0, true, false);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("no entry at offset 64 of the table"), 1);
}

UK_TEST(mptable, the_length_ends_a_table_of_an_untold_number_of_entries)
{
	begin();
	CPU(0, 1);
	CPU(1, 1);
	pc.nentries = 0;
	UK_EXPECT_EQ(open_table(), 0);
	expect_cpu(0, true, false);
	expect_cpu(1, true, false);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("mptable"), 0);
}

UK_TEST(mptable, an_entry_cut_short_or_of_an_unknown_type_ends_the_stream)
{
	begin();
	CPU(0, 1);
	ENTRY(0, 1, 0x14, 1, 0, 0, 0, 0);
	UK_EXPECT_EQ(open_table(), 0);
	expect_cpu(0, true, false);
	UK_EXPECT_EQ(next(), -1);

	begin();
	ENTRY(5, 1, 0, 0, 0, 0, 0, 0);
	CPU(0, 1);
	UK_EXPECT_EQ(open_table(), 0);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("no entry at offset 44"), 1);
}

UK_TEST(mptable, entries_that_make_no_sense_are_left_out)
{
	begin();
	CPU(255, 1);
	ENTRY(1, 0, ' ', ' ', ' ', ' ', ' ', ' ');
	ENTRY(1, 0, 'P', 27, 'I', ' ', ' ', ' ');
	ENTRY(2, 5, 0x11, 1, 0, 0, 0, 0);
	ENTRY(3, 4, 0, 0, 0, 0, 0, 0);
	ENTRY(3, 0, 2, 0, 0, 0, 0, 0);
	ENTRY(3, 0, 8, 0, 0, 0, 0, 0);
	ENTRY(4, 0, 0, 0, 0, 0, 0, 2);
	CPU(7, 1);
	UK_EXPECT_EQ(open_table(), 0);
	expect_cpu(7, true, false);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("makes no sense, left out"), 8);
	UK_EXPECT_EQ(logged("mptable"), 0);
}

UK_TEST(mptable, messages_about_a_table_have_an_end)
{
	begin();
	for (unsigned int i = 0; i < 100; i++)
		ENTRY(2, 5, 0x11, 1, 0, 0, 0, 0);
	UK_EXPECT_EQ(open_table(), 0);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(logged("mptable"), 9);
}

static void expect_default(uint8_t config, const char *bus, bool has_pci)
{
	const uint8_t version = has_pci ? 0x10 : 0x01;

	begin();
	put_pointer(EBDA, config, 0);
	UK_EXPECT_EQ(open_mp(), 0);
	UK_EXPECT_EQ(mp.default_config, config);
	UK_EXPECT_EQ(mp.lapic_addr, 0xfee00000);
	expect_cpu(0, true, false);
	UK_EXPECT_EQ(e.cpu.apic_version, version);
	expect_cpu(1, true, false);
	expect_bus(0, bus);
	if (has_pci)
		expect_bus(1, "PCI");
	UK_EXPECT_EQ(next(), UK_MPTABLE_IOAPIC);
	UK_EXPECT_EQ(e.ioapic.addr, 0xfec00000);
	UK_EXPECT_EQ(e.ioapic.version, version);
	UK_EXPECT(e.ioapic.enabled);
	for (uint8_t pin = 0; pin < 16; pin++) {
		if ((config == 2 && (pin == 2 || pin == 13)) ||
		    (config == 7 && pin == 0))
			continue;
		expect_interrupt(UK_MPTABLE_IOINT, pin ? UK_MPTABLE_INT :
				 UK_MPTABLE_EXTINT, pin == 2 ? 0 : pin,
				 2, pin);
		UK_EXPECT_EQ(e.interrupt.trigger, UK_MPTABLE_TRIGGER_BUS);
	}
	expect_interrupt(UK_MPTABLE_LOCALINT, UK_MPTABLE_EXTINT, 0,
			 UK_MPTABLE_ALL, 0);
	expect_interrupt(UK_MPTABLE_LOCALINT, UK_MPTABLE_NMI, 0,
			 UK_MPTABLE_ALL, 1);
	UK_EXPECT_EQ(next(), -1);
	UK_EXPECT_EQ(next(), -1);
}

UK_TEST(mptable, default_configurations_have_two_cpus_and_isa_interrupts)
{
	expect_default(1, "ISA", false);
	expect_default(2, "EISA", false);
	expect_default(3, "EISA", false);
	expect_default(4, "MCA", false);
	expect_default(5, "ISA", true);
	expect_default(6, "EISA", true);
	expect_default(7, "MCA", true);
}

UK_TEST(mptable, an_unknown_default_configuration_is_refused)
{
	begin();
	put_pointer(EBDA, 8, 0);
	UK_EXPECT_EQ(open_mp(), -EBADMSG);
	UK_EXPECT_EQ(logged("the unknown configuration 8"), 1);
}
