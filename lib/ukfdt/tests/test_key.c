/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/fdt_key.h>

#include <uk/errno.h>
#include <uk/fdt.h>
#include <uk/fdt_device.h>
#include <uk/test.h>

#include "build_fdt.h"

static struct uk_fdt fdt;
static struct uk_fdt_key key;

static void root(void)
{
	tree_begin();
	node("");
	CELLS("#address-cells", 2);
	CELLS("#size-cells", 2);
}

static int find(void)
{
	int rc;

	node_end();
	tree_end();
	rc = uk_fdt_open(&fdt, tree.blob, tree.len);
	return rc < 0 ? rc : uk_fdt_key_find(&fdt, UK_FDT_KEY_POWER, &key);
}

static void keys(void)
{
	node("gpio-keys");
	prop_str("compatible", "gpio-keys");
}

/* A key at @pin of controller 0x8003; nobody reads more of it than that. */
static void a_key(const char *name, uint32_t code, uint32_t pin,
		  uint32_t flags)
{
	node(name);
	CELLS("gpios", 0x8003, pin, flags);
	CELLS("linux,code", code);
	prop_str("label", name);
}

static void gpio(const char *name, uint32_t phandle)
{
	node(name);
	CELLS("phandle", phandle);
	CELLS("reg", 0, 0x9030000 + phandle, 0, 0x1000);
	prop("compatible", "arm,pl061\0arm,primecell", 24);
	node_end();
}

UK_TEST(fdt_key, the_power_button_of_qemu_is_found)
{
	root();
	keys();
	a_key("poweroff", UK_FDT_KEY_POWER, 3, 0);
	node_end();
	node_end();
	UK_EXPECT_EQ(find(), 0);
	UK_EXPECT_STR_EQ(key.name, "poweroff");
	UK_EXPECT_EQ(key.controller, 0x8003);
	UK_EXPECT_EQ(key.pin, 3);
	UK_EXPECT(!key.active_low);
}

UK_TEST(fdt_key, it_is_found_among_others)
{
	root();
	keys();
	a_key("off-by-status", UK_FDT_KEY_POWER, 1, 0);
	prop_str("status", "disabled");
	node_end();
	a_key("restart", 408, 2, 0);
	node("inside");
	CELLS("linux,code", UK_FDT_KEY_POWER);
	node_end();
	node_end();
	node_end();
	keys();
	a_key("power", UK_FDT_KEY_POWER, 7, 1);
	prop_str("status", "okay");
	node_end();
	node_end();
	UK_EXPECT_EQ(find(), 0);
	UK_EXPECT_STR_EQ(key.name, "power");
	UK_EXPECT_EQ(key.pin, 7);
	UK_EXPECT(key.active_low);
}

UK_TEST(fdt_key, keys_of_nobody_are_none)
{
	root();
	UK_EXPECT_EQ(find(), -ENOENT);

	/* A node of that kind that is not okay, and one of another kind. */
	root();
	keys();
	prop_str("status", "fail");
	a_key("poweroff", UK_FDT_KEY_POWER, 3, 0);
	node_end();
	node_end();
	node("others");
	prop_str("compatible", "adc-keys");
	a_key("poweroff", UK_FDT_KEY_POWER, 3, 0);
	node_end();
	node_end();
	/* Behind a gpio-keys that has none. */
	keys();
	node_end();
	a_key("poweroff", UK_FDT_KEY_POWER, 3, 0);
	node_end();
	UK_EXPECT_EQ(find(), -ENOENT);
}

UK_TEST(fdt_key, one_without_a_pin_is_refused)
{
	root();
	keys();
	node("poweroff");
	CELLS("linux,code", UK_FDT_KEY_POWER);
	CELLS("gpios", 0x8003, 3);
	node_end();
	node_end();
	UK_EXPECT_EQ(find(), -EPROTO);

	root();
	keys();
	node("poweroff");
	CELLS("linux,code", UK_FDT_KEY_POWER);
	CELLS("gpios", 0, 3, 0);
	node_end();
	node_end();
	UK_EXPECT_EQ(find(), -EPROTO);
}

UK_TEST(fdt_key, a_controller_is_found_by_its_phandle)
{
	struct uk_fdt_device dev;

	root();
	gpio("pl061@1", 1);
	gpio("pl061@2", 2);
	UK_EXPECT_EQ(find(), -ENOENT);
	UK_EXPECT_EQ(uk_fdt_device_find_phandle(&fdt, "arm,pl061", 2, &dev),
		     0);
	UK_EXPECT_STR_EQ(dev.name, "pl061@2");
	UK_EXPECT_EQ(dev.reg[0].base, 0x9030002);
	UK_EXPECT_EQ(uk_fdt_device_find_phandle(&fdt, "arm,pl061", 3, &dev),
		     -ENOENT);
	UK_EXPECT_EQ(uk_fdt_device_find_phandle(&fdt, "arm,pl031", 2, &dev),
		     -ENOENT);
}
