/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/fdt_device.h>

#include <uk/errno.h>
#include <uk/fdt.h>
#include <uk/test.h>

#include "build_fdt.h"

static struct uk_fdt fdt;
static struct uk_fdt_device dev;

static void root(void)
{
	tree_begin();
	node("");
	CELLS("#address-cells", 2);
	CELLS("#size-cells", 2);
}

static int find(const char *compatible)
{
	int rc;

	node_end();
	tree_end();
	rc = uk_fdt_open(&fdt, tree.blob, tree.len);
	return rc < 0 ? rc : uk_fdt_device_find(&fdt, compatible, &dev);
}

static void gic(uint32_t cells)
{
	node("intc@8000000");
	prop_str("compatible", "arm,gic-v3");
	prop("interrupt-controller", "", 0);
	CELLS("#interrupt-cells", cells);
	node_end();
}

static void rtc(void)
{
	node("rtc@9010000");
	CELLS("clock-frequency", 32768);
	CELLS("reg", 0, 0x9010000, 0, 0x1000);
	CELLS("interrupts", 0, 2, 4, 1, 11, 1);
	prop("compatible", "arm,pl031\0arm,primecell", 24);
	node_end();
}

UK_TEST(fdt_device, registers_interrupts_and_properties_are_found)
{
	uint32_t flags = 0, len = 0;

	root();
	rtc();
	gic(3);
	UK_EXPECT_EQ(find("arm,pl031"), 0);
	UK_EXPECT_STR_EQ(dev.name, "rtc@9010000");
	UK_EXPECT_EQ(dev.reg[0].base, 0x9010000);
	UK_EXPECT_EQ(dev.reg[0].len, 0x1000);
	UK_EXPECT_EQ(uk_fdt_device_gic_irq(&dev, 0, &flags), 34);
	UK_EXPECT_EQ(flags, 4);
	UK_EXPECT_EQ(uk_fdt_device_gic_irq(&dev, 1, &flags), 27);
	UK_EXPECT_EQ(flags, 1);
	UK_EXPECT_EQ(uk_fdt_device_gic_irq(&dev, 2, &flags), -ENOENT);
	UK_EXPECT_EQ(uk_fdt_device_u32(&dev, "clock-frequency", 7), 32768);
	UK_EXPECT_EQ(uk_fdt_device_u32(&dev, "clock-names", 7), 7);
	UK_EXPECT_EQ(uk_fdt_device_u32(&dev, "reg", 7), 7);
	UK_EXPECT_NOT_NULL(uk_fdt_device_prop(&dev, "reg", &len));
	UK_EXPECT_EQ(len, 16);
}

UK_TEST(fdt_device, any_of_its_compatible_strings_will_do_but_all_of_one)
{
	root();
	rtc();
	gic(3);
	UK_EXPECT_EQ(find("arm,primecell"), 0);
	root();
	rtc();
	gic(3);
	UK_EXPECT_EQ(find("arm,pl03"), -ENOENT);
	root();
	rtc();
	gic(3);
	UK_EXPECT_EQ(find("arm,pl0311"), -ENOENT);
}

UK_TEST(fdt_device, interrupts_of_four_cells_are_told_by_the_controller)
{
	uint32_t flags;

	root();
	gic(4);
	node("timer");
	prop_str("compatible", "arm,armv8-timer");
	CELLS("interrupts", 1, 13, 4, 0, 1, 14, 4, 0, 1, 11, 8, 0);
	node_end();
	UK_EXPECT_EQ(find("arm,armv8-timer"), 0);
	UK_EXPECT_EQ(uk_fdt_device_gic_irq(&dev, 2, &flags), 27);
	UK_EXPECT_EQ(flags, 8);
	UK_EXPECT_EQ(uk_fdt_device_gic_irq(&dev, 3, &flags), -ENOENT);
	/* It has no registers. */
	UK_EXPECT_EQ(dev.nregs, 0);
}

UK_TEST(fdt_device, without_a_controller_there_are_no_interrupts)
{
	uint32_t flags;

	root();
	rtc();
	UK_EXPECT_EQ(find("arm,pl031"), 0);
	UK_EXPECT_EQ(uk_fdt_device_gic_irq(&dev, 0, &flags), -ENOENT);
}

UK_TEST(fdt_device, absurd_interrupts_are_refused)
{
	uint32_t flags;

	root();
	gic(3);
	node("x");
	prop_str("compatible", "x");
	CELLS("interrupts", 0, 988, 4, 1, 16, 4, 2, 1, 4);
	node_end();
	UK_EXPECT_EQ(find("x"), 0);
	for (unsigned int i = 0; i < 3; i++)
		UK_EXPECT_EQ(uk_fdt_device_gic_irq(&dev, i, &flags), -EPROTO);
}

UK_TEST(fdt_device, what_is_switched_off_is_not_there)
{
	root();
	gic(3);
	node("bus");
	prop_str("status", "disabled");
	prop("ranges", "", 0);
	rtc();
	node_end();
	UK_EXPECT_EQ(find("arm,pl031"), -ENOENT);
}

UK_TEST(fdt_device, registers_below_a_bus_are_the_cpus)
{
	root();
	gic(3);
	node("bus");
	CELLS("#address-cells", 1);
	CELLS("#size-cells", 1);
	CELLS("ranges", 0x1000, 1, 0x40000000, 0x1000);
	node("x");
	prop_str("compatible", "x");
	CELLS("reg", 0x1200, 0x100);
	node_end();
	node_end();
	UK_EXPECT_EQ(find("x"), 0);
	UK_EXPECT_EQ(dev.reg[0].base, 0x140000200);
	UK_EXPECT_EQ(dev.reg[0].len, 0x100);
}

UK_TEST(fdt_device, registers_that_cannot_be_reached_are_none)
{
	root();
	gic(3);
	node("bus");
	rtc();
	node_end();
	UK_EXPECT_EQ(find("arm,pl031"), 0);
	UK_EXPECT_EQ(dev.nregs, 0);
}

UK_TEST(fdt_device, a_malformed_stream_is_refused)
{
	root();
	rtc();
	put32(7);
	UK_EXPECT_EQ(find("arm,pl031"), -EBADMSG);
}

UK_TEST(fdt_device, several_ranges_of_registers_are_told)
{
	root();
	node("intc@8000000");
	prop_str("compatible", "arm,gic-v3");
	CELLS("reg", 0, 0x8000000, 0, 0x10000, 0, 0x80a0000, 0, 0xf60000,
	      0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6);
	node_end();
	UK_EXPECT_EQ(find("arm,gic-v3"), 0);
	UK_EXPECT_EQ(dev.nregs, UK_FDT_DEVICE_NREGS);
	UK_EXPECT_EQ(dev.reg[1].base, 0x80a0000);
	UK_EXPECT_EQ(dev.reg[1].len, 0xf60000);
	UK_EXPECT_EQ(dev.reg[3].base, 3);
}

UK_TEST(fdt_device, the_first_node_of_several_bindings_is_found)
{
	static const char *const names[] = { "none", "arm,gic-v3", "arm,pl031",
					     NULL };

	root();
	rtc();
	gic(3);
	UK_EXPECT_EQ(find("none"), -ENOENT);
	UK_EXPECT_EQ(uk_fdt_device_find_any(&fdt, names, &dev), 2);
	UK_EXPECT_STR_EQ(dev.name, "rtc@9010000");
}

UK_TEST(fdt_device, further_nodes_are_found_in_the_order_of_the_tree)
{
	static const char *const names[] = { "a", "b", NULL };

	root();
	gic(3);
	node("first");
	prop_str("compatible", "b");
	node_end();
	node("off");
	prop_str("compatible", "a");
	prop_str("status", "disabled");
	node_end();
	node("second");
	prop_str("compatible", "a");
	node_end();
	UK_EXPECT_EQ(find("none"), -ENOENT);
	UK_EXPECT_EQ(uk_fdt_device_find_nth(&fdt, names, 0, &dev), 1);
	UK_EXPECT_STR_EQ(dev.name, "first");
	UK_EXPECT_EQ(uk_fdt_device_find_nth(&fdt, names, 1, &dev), 0);
	UK_EXPECT_STR_EQ(dev.name, "second");
	UK_EXPECT_EQ(uk_fdt_device_find_nth(&fdt, names, 2, &dev), -ENOENT);
	UK_EXPECT_EQ(uk_fdt_device_find_nth(&fdt, names, UINT32_MAX, &dev),
		     -ENOENT);
}
