/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables of the running machine. */
#include <uk/mptable.h>

#include <uk/bootinfo.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/test.h>

static const struct uk_bootinfo *bootinfo;

static int remember(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(LATE, remember, NULL);

/* How many entries are of @type; CPUs if they are enabled. */
static unsigned int count(const struct uk_mptable *table, uint32_t type)
{
	struct uk_mptable_entry e = UK_MPTABLE_FIRST;
	unsigned int n = 0;

	while (uk_mptable_next(table, &e))
		n += e.type == type &&
		     (type != UK_MPTABLE_CPU || e.cpu.enabled);
	return n;
}

UK_TEST(mptable_machine, arm64_has_none)
{
	const struct uk_mptable *table = NULL;

	if (!UK_IS_ENABLED(CONFIG_ARCH_ARM_64))
		UK_TEST_SKIP("x86_64");
	UK_EXPECT_EQ(uk_mptable_get(bootinfo, &table), -ENOENT);
	UK_EXPECT_NULL(table);
}

UK_TEST(mptable_machine, the_table_has_cpus_an_ioapic_and_interrupts)
{
	const struct uk_mptable *table, *again;

	if (uk_mptable_get(bootinfo, &table) == -ENOENT)
		UK_TEST_SKIP("no MP table on this machine");
	if (!UK_EXPECT_EQ(uk_mptable_get(bootinfo, &again), 0))
		return;
	UK_EXPECT_EQ(table, again);
	UK_EXPECT_EQ(table->lapic_addr, 0xfee00000);
	UK_EXPECT_GE(count(table, UK_MPTABLE_CPU), 1);
	UK_EXPECT_GE(count(table, UK_MPTABLE_BUS), 1);
	UK_EXPECT_GE(count(table, UK_MPTABLE_IOAPIC), 1);
	UK_EXPECT_GE(count(table, UK_MPTABLE_IOINT), 10);
	UK_EXPECT_EQ(count(table, UK_MPTABLE_LOCALINT), 2);
}

/* Picked by name for a micro-VM with as many (suites/inimage.py). */
UK_TEST(on_demand, the_mp_table_lists_three_cpus)
{
	const struct uk_mptable *table;

	if (!UK_EXPECT_EQ(uk_mptable_get(bootinfo, &table), 0))
		return;
	UK_EXPECT_EQ(count(table, UK_MPTABLE_CPU), 3);
}
