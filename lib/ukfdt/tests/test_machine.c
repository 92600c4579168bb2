/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/fdt_machine.h>

#include <uk/errno.h>
#include <uk/fdt.h>
#include <uk/test.h>

#include "build_fdt.h"

struct found {
	uint64_t base[8], len[8];
	unsigned int n;
};

static struct found memory, reserved;
static struct uk_fdt_machine m;
static const char *where;

static int add(struct found *f, uint64_t base, uint64_t len)
{
	if (f->n == 8)
		return -ENOSPC;
	f->base[f->n] = base;
	f->len[f->n++] = len;
	return 0;
}

static int add_memory(void *arg, uint64_t base, uint64_t len)
{
	(void)arg;
	return add(&memory, base, len);
}

static int add_reserved(void *arg, uint64_t base, uint64_t len)
{
	(void)arg;
	return add(&reserved, base, len);
}

static int read_machine(void)
{
	const struct uk_fdt_regions regions = {
		.memory = add_memory,
		.reserved = add_reserved,
	};
	struct uk_fdt fdt;
	int rc;

	memory.n = 0;
	reserved.n = 0;
	where = NULL;
	rc = uk_fdt_open(&fdt, tree.blob, tree.len);
	if (rc < 0)
		return rc;
	return uk_fdt_machine_read(&fdt, &regions, &m, &where);
}

/* The root with @ac and @sc cells, open. */
static void root(uint32_t ac, uint32_t sc)
{
	tree_begin();
	node("");
	CELLS("#address-cells", ac);
	CELLS("#size-cells", sc);
}

static void finish(void)
{
	node_end();
	tree_end();
}

static void memory_node(void)
{
	node("memory@40000000");
	prop_str("device_type", "memory");
	CELLS("reg", 0, 0x40000000, 0, 0x8000000);
	node_end();
}

static void pl011_node(const char *name, uint32_t base)
{
	node(name);
	prop("compatible", "arm,pl011\0arm,primecell", 24);
	CELLS("reg", 0, base, 0, 0x1000);
	CELLS("interrupts", 0, 1, 4);
	node_end();
}

static void chosen_stdout(const char *path)
{
	node("chosen");
	prop_str("stdout-path", path);
	node_end();
}

UK_TEST(fdt_machine, memory_of_two_cells_is_found_in_several_nodes)
{
	root(2, 2);
	node("memory@1");
	prop_str("device_type", "memory");
	CELLS("reg", 1, 2, 3, 4, 0, 5, 0, 6);
	node_end();
	memory_node();
	finish();

	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(memory.n, 3);
	UK_EXPECT_EQ(memory.base[0], 0x100000002);
	UK_EXPECT_EQ(memory.len[0], 0x300000004);
	UK_EXPECT_EQ(memory.base[1], 5);
	UK_EXPECT_EQ(memory.base[2], 0x40000000);
	UK_EXPECT_EQ(memory.len[2], 0x8000000);
}

UK_TEST(fdt_machine, memory_of_one_cell_is_found)
{
	root(1, 1);
	node("memory");
	prop_str("device_type", "memory");
	CELLS("reg", 0x80000000, 0x1000, 0x90000000, 0);
	node_end();
	finish();

	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(memory.n, 1);
	UK_EXPECT_EQ(memory.base[0], 0x80000000);
	UK_EXPECT_EQ(memory.len[0], 0x1000);
}

UK_TEST(fdt_machine, cells_that_are_not_told_are_two_and_one)
{
	tree_begin();
	node("");
	node("memory");
	prop_str("device_type", "memory");
	CELLS("reg", 1, 0, 0x2000);
	node_end();
	finish();

	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(memory.base[0], 0x100000000);
	UK_EXPECT_EQ(memory.len[0], 0x2000);
}

UK_TEST(fdt_machine, memory_of_three_cells_is_refused)
{
	root(3, 2);
	memory_node();
	finish();
	UK_EXPECT_EQ(read_machine(), -EDOM);
	UK_EXPECT_STR_EQ(where, "reg of a memory node");

	root(2, 0);
	memory_node();
	finish();
	UK_EXPECT_EQ(read_machine(), -EDOM);
}

UK_TEST(fdt_machine, a_reg_of_odd_length_is_refused)
{
	root(2, 2);
	node("memory");
	prop_str("device_type", "memory");
	CELLS("reg", 0, 0x40000000, 0);
	node_end();
	finish();
	UK_EXPECT_EQ(read_machine(), -EPROTO);
	UK_EXPECT_STR_EQ(where, "reg of a memory node");
}

UK_TEST(fdt_machine, a_tree_without_memory_is_refused)
{
	root(2, 2);
	finish();
	UK_EXPECT_EQ(read_machine(), -ENODATA);
	UK_EXPECT_STR_EQ(where, "no memory node");
}

UK_TEST(fdt_machine, memory_that_is_off_is_not_there)
{
	root(2, 2);
	memory_node();
	node("memory@2");
	prop_str("device_type", "memory");
	CELLS("reg", 2, 0, 0, 0x1000);
	prop_str("status", "disabled");
	node_end();
	finish();
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(memory.n, 1);
}

UK_TEST(fdt_machine, both_kinds_of_reservation_are_reported)
{
	root(2, 2);
	tree_rsv(0x1000, 0x100);
	tree_rsv(0x5000, 0);
	tree_rsv(0x2000, 0x200);
	memory_node();
	node("reserved-memory");
	CELLS("#address-cells", 2);
	CELLS("#size-cells", 1);
	prop("ranges", NULL, 0);
	node("fw@3000");
	CELLS("reg", 0, 0x3000, 0x300);
	prop("no-map", NULL, 0);
	node_end();
	node("pool");
	CELLS("size", 0x1000);
	node_end();
	node_end();
	finish();

	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(reserved.n, 3);
	UK_EXPECT_EQ(reserved.base[1], 0x2000);
	UK_EXPECT_EQ(reserved.base[2], 0x3000);
	UK_EXPECT_EQ(reserved.len[2], 0x300);
}

UK_TEST(fdt_machine, an_error_of_the_receiver_ends_the_pass)
{
	root(2, 2);
	for (unsigned int i = 0; i < 9; i++)
		memory_node();
	finish();
	UK_EXPECT_EQ(read_machine(), -ENOSPC);
	UK_EXPECT_STR_EQ(where, "reg of a memory node");
}

UK_TEST(fdt_machine, chosen_gives_command_line_initrd_and_seed)
{
	root(2, 2);
	memory_node();
	node("chosen");
	prop_str("bootargs", "app -- x");
	CELLS("linux,initrd-start", 0x48000000);
	CELLS("linux,initrd-end", 0, 0x48001234);
	prop("rng-seed", "entropy!", 8);
	prop("kaslr-seed", "12345678", 8);
	node_end();
	finish();

	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_STR_EQ(m.bootargs, "app -- x");
	UK_EXPECT_EQ(m.bootargs_len, 9);
	UK_EXPECT_EQ(m.initrd_base, 0x48000000);
	UK_EXPECT_EQ(m.initrd_len, 0x1234);
	UK_EXPECT_EQ(m.seed_len, 8);
	UK_EXPECT_MEM_EQ(tree.blob + m.seed_off, "entropy!", 8);
}

UK_TEST(fdt_machine, a_tree_without_chosen_has_none_of_it)
{
	root(2, 2);
	memory_node();
	finish();
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_NULL(m.bootargs);
	UK_EXPECT_EQ(m.initrd_len, 0);
	UK_EXPECT_EQ(m.seed_len, 0);
	UK_EXPECT_EQ(m.console.kind, UK_CONSOLE_NONE);
	UK_EXPECT_EQ(m.psci, UK_PSCI_NONE);
}

UK_TEST(fdt_machine, an_initrd_that_makes_no_sense_is_refused)
{
	root(2, 2);
	memory_node();
	node("chosen");
	CELLS("linux,initrd-start", 0x48000000);
	node_end();
	finish();
	UK_EXPECT_EQ(read_machine(), -EPROTO);

	root(2, 2);
	memory_node();
	node("chosen");
	CELLS("linux,initrd-start", 0x48000000);
	CELLS("linux,initrd-end", 0x47ffffff);
	node_end();
	finish();
	UK_EXPECT_EQ(read_machine(), -EPROTO);
	UK_EXPECT_STR_EQ(where, "linux,initrd-end is below its start");

	root(2, 2);
	memory_node();
	node("chosen");
	CELLS("linux,initrd-start", 1, 2, 3);
	CELLS("linux,initrd-end", 4);
	node_end();
	finish();
	UK_EXPECT_EQ(read_machine(), -EPROTO);
}

static void psci_node(const char *compatible, uint32_t len, const char *method)
{
	root(2, 2);
	memory_node();
	node("psci");
	prop("compatible", compatible, len);
	prop_str("method", method);
	CELLS("cpu_suspend", 0x95c1ba5e);
	CELLS("cpu_off", 0x95c1ba5f);
	CELLS("cpu_on", 0x95c1ba60);
	CELLS("migrate", 0x95c1ba61);
	node_end();
	finish();
}

UK_TEST(fdt_machine, psci_conduits_are_told_apart)
{
	psci_node("arm,psci-1.0\0arm,psci-0.2\0arm,psci", 35, "hvc");
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.psci, UK_PSCI_HVC);
	UK_EXPECT_EQ(m.psci_is_0_1, 0);
	UK_EXPECT_EQ(m.psci_cpu_on, 0);

	psci_node("arm,psci-0.2", 13, "smc");
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.psci, UK_PSCI_SMC);

	psci_node("arm,psci-0.2", 13, "magic");
	UK_EXPECT_EQ(read_machine(), -EPROTO);
	UK_EXPECT_STR_EQ(where, "method of the PSCI node");
}

UK_TEST(fdt_machine, psci_0_1_takes_its_numbers_from_the_tree)
{
	psci_node("arm,psci", 9, "smc");
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.psci_is_0_1, 1);
	UK_EXPECT_EQ(m.psci_cpu_suspend, 0x95c1ba5e);
	UK_EXPECT_EQ(m.psci_cpu_off, 0x95c1ba5f);
	UK_EXPECT_EQ(m.psci_cpu_on, 0x95c1ba60);
	UK_EXPECT_EQ(m.psci_migrate, 0x95c1ba61);
}

UK_TEST(fdt_machine, psci_0_1_need_not_have_all_functions)
{
	root(2, 2);
	memory_node();
	node("psci");
	prop_str("compatible", "arm,psci");
	prop_str("method", "hvc");
	CELLS("cpu_off", 5);
	node_end();
	finish();
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.psci_cpu_suspend, 0);
	UK_EXPECT_EQ(m.psci_cpu_off, 5);
	UK_EXPECT_EQ(m.psci_cpu_on, 0);
	UK_EXPECT_EQ(m.psci_migrate, 0);
}

UK_TEST(fdt_machine, a_function_id_of_two_cells_is_refused)
{
	root(2, 2);
	memory_node();
	node("psci");
	prop_str("compatible", "arm,psci");
	prop_str("method", "hvc");
	CELLS("cpu_on", 0, 5);
	node_end();
	finish();
	UK_EXPECT_EQ(read_machine(), -EPROTO);
	UK_EXPECT_STR_EQ(where, "a function id of PSCI 0.1");
}

UK_TEST(fdt_machine, a_compatible_list_without_nul_is_read_to_its_end)
{
	psci_node("x\0arm,psci-0.", 13, "hvc");
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.psci, UK_PSCI_NONE);
}

UK_TEST(fdt_machine, a_port_of_the_sbsa_is_told_from_a_whole_pl011)
{
	root(2, 2);
	memory_node();
	node("sbsa-uart@22000000");
	prop_str("compatible", "arm,sbsa-uart");
	CELLS("reg", 0, 0x22000000, 0, 0x1000);
	node_end();
	finish();
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.console.kind, UK_CONSOLE_SBSA);
	UK_EXPECT_EQ(m.console.base, 0x22000000);
}

UK_TEST(fdt_machine, xen_has_a_node_and_others_have_none)
{
	root(2, 2);
	memory_node();
	node("hypervisor");
	prop("compatible", "xen,xen-4.17\0xen,xen", 21);
	node_end();
	finish();
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.hypervisor, UK_HYPERVISOR_XEN);

	root(2, 2);
	memory_node();
	node("hypervisor");
	prop_str("compatible", "linux,kvm");
	node_end();
	finish();
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.hypervisor, UK_HYPERVISOR_NONE);
}

UK_TEST(fdt_machine, stdout_path_names_the_console)
{
	root(2, 2);
	chosen_stdout("/pl011@2000");
	memory_node();
	pl011_node("pl011@1000", 0x1000);
	pl011_node("pl011@2000", 0x2000);
	finish();
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.console.kind, UK_CONSOLE_PL011);
	UK_EXPECT_EQ(m.console.base, 0x2000);
	UK_EXPECT_EQ(m.console.irq, 33);
}

UK_TEST(fdt_machine, stdout_path_may_be_an_alias_with_options)
{
	root(2, 2);
	memory_node();
	pl011_node("pl011@1000", 0x1000);
	pl011_node("pl011@2000", 0x2000);
	node("aliases");
	prop_str("serial", "/pl011@1000");
	prop_str("serial1", "/pl011@2000");
	node_end();
	chosen_stdout("serial1:115200n8");
	finish();
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.console.base, 0x2000);
}

UK_TEST(fdt_machine, stdout_path_may_leave_out_the_unit_address)
{
	root(2, 2);
	memory_node();
	pl011_node("pl@1000", 0x1000);
	pl011_node("pl011@2000", 0x2000);
	chosen_stdout("/pl011");
	finish();
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.console.base, 0x2000);
}

UK_TEST(fdt_machine, a_stdout_path_to_nothing_leaves_the_first_port)
{
	static const char *const paths[] = {
		"", "/", ":", "nothing", "/pl011@1000/x", "/nothing", "//",
	};

	for (unsigned int i = 0; i < 7; i++) {
		root(2, 2);
		memory_node();
		chosen_stdout(paths[i]);
		pl011_node("pl011@1000", 0x1000);
		pl011_node("pl011@2000", 0x2000);
		finish();
		UK_EXPECT_EQ(read_machine(), 0);
		UK_EXPECT_EQ(m.console.base, 0x1000);
	}
}

UK_TEST(fdt_machine, a_port_that_is_off_is_no_console)
{
	root(2, 2);
	memory_node();
	node("bus");
	prop_str("status", "disabled");
	CELLS("#address-cells", 2);
	CELLS("#size-cells", 2);
	prop("ranges", NULL, 0);
	pl011_node("pl011@1000", 0x1000);
	node_end();
	pl011_node("pl011@2000", 0x2000);
	finish();
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.console.base, 0x2000);
}

/* A 16550 in a bus at 0x10000000 that is in a bus with the same addresses. */
static void nested_uart(uint32_t shift, uint32_t width)
{
	root(2, 2);
	memory_node();
	node("soc");
	CELLS("#address-cells", 2);
	CELLS("#size-cells", 2);
	prop("ranges", NULL, 0);
	node("bus@10000000");
	CELLS("#address-cells", 1);
	CELLS("#size-cells", 1);
	CELLS("ranges", 0x8000, 0, 0x20000000, 0x1000,
	      0, 0, 0x10000000, 0x8000);
	node("serial@100");
	prop_str("compatible", "ns16550a");
	CELLS("reg", 0x100, 0x20);
	CELLS("reg-shift", shift);
	CELLS("reg-io-width", width);
	node_end();
	node_end();
	node_end();
	chosen_stdout("/soc/bus/serial@100");
	finish();
}

UK_TEST(fdt_machine, addresses_are_translated_through_buses)
{
	nested_uart(2, 4);
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.console.kind, UK_CONSOLE_NS16550_MMIO);
	UK_EXPECT_EQ(m.console.base, 0x10000100);
	UK_EXPECT_EQ(m.console.reg_shift, 2);
	UK_EXPECT_EQ(m.console.reg_width, 4);
}

UK_TEST(fdt_machine, a_port_with_registers_we_cannot_drive_is_no_console)
{
	nested_uart(4, 4);
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.console.kind, UK_CONSOLE_NONE);
	nested_uart(0, 2);
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.console.kind, UK_CONSOLE_NONE);
}

UK_TEST(fdt_machine, a_port_that_no_range_covers_is_no_console)
{
	root(2, 2);
	memory_node();
	node("bus");
	CELLS("#address-cells", 1);
	CELLS("#size-cells", 1);
	CELLS("ranges", 0, 0, 0x10000000, 0x1000);
	node("serial@1000");
	prop_str("compatible", "ns16550a");
	CELLS("reg", 0x1000, 0x20);
	node_end();
	node_end();
	finish();
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.console.kind, UK_CONSOLE_NONE);
}

UK_TEST(fdt_machine, more_ports_than_fit_are_left_out)
{
	root(2, 2);
	memory_node();
	for (uint32_t i = 1; i <= UK_FDT_NUARTS + 2; i++)
		pl011_node("pl011", i << 12);
	finish();
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(m.console.base, 0x1000);
}

UK_TEST(fdt_machine, nodes_that_are_very_deep_are_read_over)
{
	root(2, 2);
	for (unsigned int i = 0; i < 30; i++)
		node("deep");
	pl011_node("pl011", 0x1000);
	for (unsigned int i = 0; i < 30; i++)
		node_end();
	memory_node();
	finish();
	UK_EXPECT_EQ(read_machine(), 0);
	UK_EXPECT_EQ(memory.n, 1);
	UK_EXPECT_EQ(m.console.kind, UK_CONSOLE_NONE);
}

UK_TEST(fdt_machine, a_malformed_stream_is_refused)
{
	root(2, 2);
	memory_node();
	put32(7);
	finish();
	UK_EXPECT_EQ(read_machine(), -EBADMSG);
	UK_EXPECT_NULL(where);
}
