/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/fdt_cpus.h>

#include <uk/errno.h>
#include <uk/fdt.h>
#include <uk/test.h>

#include "build_fdt.h"

#define MAX	4

static struct uk_fdt_cpu cpus[MAX];
static const char *where;

static int read_cpus(void)
{
	struct uk_fdt fdt;
	int rc;

	where = NULL;
	for (unsigned int i = 0; i < MAX; i++)
		cpus[i] = (struct uk_fdt_cpu){ 0 };
	rc = uk_fdt_open(&fdt, tree.blob, tree.len);
	if (rc < 0)
		return rc;
	return uk_fdt_cpus_read(&fdt, cpus, MAX, &where);
}

/* A tree with /cpus open, in which a reg has @ncells cells. */
static void begin(uint32_t ncells)
{
	tree_begin();
	node("");
	CELLS("#address-cells", 2);
	node("cpus");
	CELLS("#address-cells", ncells);
	CELLS("#size-cells", 0);
}

static void finish(void)
{
	node_end();
	node_end();
	tree_end();
}

static void begin_cpu(const char *name, uint32_t reg)
{
	node(name);
	prop_str("device_type", "cpu");
	CELLS("reg", reg);
}

UK_TEST(fdt_cpus, ids_of_one_cell_and_two_are_read_in_order)
{
	begin(1);
	begin_cpu("cpu@1", 1);
	node_end();
	begin_cpu("cpu@0", 0);
	node_end();
	finish();
	UK_EXPECT_EQ(read_cpus(), 2);
	UK_EXPECT_EQ(cpus[0].id, 1);
	UK_EXPECT_EQ(cpus[1].id, 0);

	begin(2);
	node("cpu@100000000");
	prop_str("device_type", "cpu");
	CELLS("reg", 1, 0x203);
	node_end();
	finish();
	UK_EXPECT_EQ(read_cpus(), 1);
	UK_EXPECT_EQ(cpus[0].id, 0x100000203);
}

UK_TEST(fdt_cpus, cells_that_are_not_told_are_two)
{
	tree_begin();
	node("");
	CELLS("#address-cells", 1);
	node("cpus");
	node("cpu");
	CELLS("reg", 0, 5);
	node_end();
	finish();
	UK_EXPECT_EQ(read_cpus(), 1);
	UK_EXPECT_EQ(cpus[0].id, 5);
}

UK_TEST(fdt_cpus, a_cpu_is_known_by_its_type_or_its_name)
{
	begin(1);
	begin_cpu("processor", 1);
	node_end();
	node("cpu@2");
	CELLS("reg", 2);
	node_end();
	node("cpu-map");
	node("cluster0");
	CELLS("reg", 9);
	node_end();
	node_end();
	node("l2-cache");
	CELLS("reg", 9);
	node_end();
	finish();
	UK_EXPECT_EQ(read_cpus(), 2);
	UK_EXPECT_EQ(cpus[0].id, 1);
	UK_EXPECT_EQ(cpus[1].id, 2);
}

UK_TEST(fdt_cpus, what_is_below_a_cpu_is_not_it)
{
	begin(1);
	begin_cpu("cpu@1", 1);
	prop_str("enable-method", "psci");
	node("cpu@7");
	CELLS("reg", 7);
	prop_str("status", "fail");
	prop_str("enable-method", "spin-table");
	node_end();
	node_end();
	finish();
	UK_EXPECT_EQ(read_cpus(), 1);
	UK_EXPECT_EQ(cpus[0].id, 1);
	UK_EXPECT_EQ(cpus[0].status, UK_FDT_CPU_OKAY);
	UK_EXPECT_EQ(cpus[0].method, UK_FDT_CPU_PSCI);
}

UK_TEST(fdt_cpus, what_is_outside_of_cpus_is_none)
{
	tree_begin();
	node("");
	node("soc");
	begin_cpu("cpu@3", 3);
	node_end();
	node_end();
	node("cpus");
	CELLS("#address-cells", 1);
	begin_cpu("cpu@1", 1);
	node_end();
	node_end();
	begin_cpu("cpu@2", 2);
	finish();
	UK_EXPECT_EQ(read_cpus(), 1);
	UK_EXPECT_EQ(cpus[0].id, 1);
}

UK_TEST(fdt_cpus, the_status_says_if_a_cpu_may_be_used)
{
	static const struct {
		const char *text;
		enum uk_fdt_cpu_status status;
	} all[] = {
		{ "okay", UK_FDT_CPU_OKAY },
		{ "ok", UK_FDT_CPU_OKAY },
		{ "disabled", UK_FDT_CPU_DISABLED },
		{ "fail", UK_FDT_CPU_FAILED },
		{ "fail-heat", UK_FDT_CPU_FAILED },
		{ "okay?", UK_FDT_CPU_FAILED },
		{ "", UK_FDT_CPU_FAILED },
	};

	for (unsigned int i = 0; i < 7; i++) {
		begin(1);
		begin_cpu("cpu@1", 1);
		prop_str("status", all[i].text);
		node_end();
		finish();
		UK_EXPECT_EQ(read_cpus(), 1);
		UK_EXPECT_EQ(cpus[0].status, all[i].status);
	}
}

UK_TEST(fdt_cpus, methods_are_told_apart_and_may_be_missing)
{
	begin(1);
	begin_cpu("cpu@0", 0);
	node_end();
	begin_cpu("cpu@1", 1);
	prop("enable-method", "vendor,x\0psci", 14);
	node_end();
	begin_cpu("cpu@2", 2);
	prop_str("enable-method", "spin-table");
	CELLS("cpu-release-addr", 1, 0xfff8);
	node_end();
	begin_cpu("cpu@3", 3);
	/* No NUL: the string is not psci. */
	prop("enable-method", "psci", 4);
	node_end();
	finish();
	UK_EXPECT_EQ(read_cpus(), 4);
	UK_EXPECT_EQ(cpus[0].method, UK_FDT_CPU_NOT_TOLD);
	UK_EXPECT_EQ(cpus[1].method, UK_FDT_CPU_PSCI);
	UK_EXPECT_EQ(cpus[2].method, UK_FDT_CPU_SPIN_TABLE);
	UK_EXPECT_EQ(cpus[2].release, 0x10000fff8);
	UK_EXPECT_EQ(cpus[3].method, UK_FDT_CPU_OTHER);
}

UK_TEST(fdt_cpus, what_all_have_in_common_is_said_once)
{
	begin(1);
	prop_str("enable-method", "psci");
	begin_cpu("cpu@0", 0);
	node_end();
	begin_cpu("cpu@1", 1);
	prop_str("enable-method", "spin-table");
	CELLS("cpu-release-addr", 0x8000);
	node_end();
	finish();
	UK_EXPECT_EQ(read_cpus(), 2);
	UK_EXPECT_EQ(cpus[0].method, UK_FDT_CPU_PSCI);
	UK_EXPECT_EQ(cpus[1].method, UK_FDT_CPU_SPIN_TABLE);
	UK_EXPECT_EQ(cpus[1].release, 0x8000);
}

UK_TEST(fdt_cpus, each_thread_of_a_core_is_a_cpu)
{
	begin(1);
	node("cpu@0");
	CELLS("reg", 4, 5, 6);
	node_end();
	finish();
	UK_EXPECT_EQ(read_cpus(), 3);
	UK_EXPECT_EQ(cpus[2].id, 6);
}

UK_TEST(fdt_cpus, more_cpus_than_there_is_room_for_are_counted)
{
	begin(1);
	for (uint32_t i = 0; i < MAX + 3; i++) {
		begin_cpu("cpu", i);
		node_end();
	}
	finish();
	UK_EXPECT_EQ(read_cpus(), MAX + 3);
	UK_EXPECT_EQ(cpus[MAX - 1].id, MAX - 1);
}

UK_TEST(fdt_cpus, two_cpus_of_one_id_are_refused)
{
	begin(1);
	begin_cpu("cpu@0", 0);
	node_end();
	begin_cpu("cpu@1", 1);
	node_end();
	begin_cpu("cpu@2", 0);
	node_end();
	finish();
	UK_EXPECT_EQ(read_cpus(), -EEXIST);
	UK_EXPECT_STR_EQ(where, "two cpu nodes have one reg");
}

UK_TEST(fdt_cpus, a_reg_that_is_missing_or_of_odd_length_is_refused)
{
	for (uint32_t len = 0; len <= 12; len++) {
		begin(2);
		node("cpu@0");
		prop("reg", "\0\0\0\0\0\0\0\0\0\0\0\0", len);
		node_end();
		finish();
		UK_EXPECT_EQ(read_cpus(), len == 8 ? 1 : -EPROTO);
	}
	UK_EXPECT_STR_EQ(where, "reg of a cpu node");

	begin(2);
	node("cpu@0");
	node_end();
	finish();
	UK_EXPECT_EQ(read_cpus(), -EPROTO);
}

UK_TEST(fdt_cpus, other_cells_than_one_and_two_are_refused)
{
	static const uint32_t bad[] = { 0, 3, 0x80000001, UINT32_MAX };

	for (unsigned int i = 0; i < 4; i++) {
		begin(bad[i]);
		node("cpu@0");
		CELLS("reg", 1, 2, 3);
		node_end();
		finish();
		UK_EXPECT_EQ(read_cpus(), -EDOM);
		UK_EXPECT_STR_EQ(where, "#address-cells of /cpus");
	}
}

UK_TEST(fdt_cpus, a_spin_table_without_an_address_is_refused)
{
	begin(1);
	begin_cpu("cpu@0", 0);
	prop_str("enable-method", "spin-table");
	node_end();
	finish();
	UK_EXPECT_EQ(read_cpus(), -EPROTO);
	UK_EXPECT_STR_EQ(where, "cpu-release-addr of a cpu node");

	begin(1);
	begin_cpu("cpu@0", 0);
	prop_str("enable-method", "spin-table");
	CELLS("cpu-release-addr", 1, 2, 3);
	node_end();
	finish();
	UK_EXPECT_EQ(read_cpus(), -EPROTO);
}

UK_TEST(fdt_cpus, no_cpu_at_all_is_an_error)
{
	begin(1);
	finish();
	UK_EXPECT_EQ(read_cpus(), -ENODATA);
	UK_EXPECT_STR_EQ(where, "no cpu node");

	tree_begin();
	node("");
	node_end();
	tree_end();
	UK_EXPECT_EQ(read_cpus(), -ENODATA);
}

UK_TEST(fdt_cpus, a_broken_stream_is_told_as_such)
{
	begin(1);
	begin_cpu("cpu@0", 0);
	tree_end();
	UK_EXPECT_EQ(read_cpus(), -EBADMSG);
	UK_EXPECT_NULL(where);
}
