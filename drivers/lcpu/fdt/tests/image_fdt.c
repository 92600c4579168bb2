/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's own device tree, and what lib/uklcpu has of it. */
#include <uk/arch/lcpu.h>
#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fdt.h>
#include <uk/fdt_cpus.h>
#include <uk/init.h>
#include <uk/lcpu.h>
#include <uk/test.h>

#include "fdt_tests.h"

static const struct uk_bootinfo *bootinfo;

static int keep_bootinfo(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(EARLY, keep_bootinfo, NULL);

bool lcpu_fdt_on_xen(void)
{
	return bootinfo->hypervisor == UK_HYPERVISOR_XEN;
}

UK_TEST(lcpu_fdt, every_cpu_of_the_tree_has_an_index_and_the_boot_cpu_is_0)
{
	static struct uk_fdt_cpu cpus[UK_LCPU_MAX];
	const char *where = NULL;
	struct uk_fdt fdt;
	int n;

	UK_EXPECT_EQ(uk_fdt_open(&fdt, uk_phys_to_virt(bootinfo->dtb),
				 bootinfo->dtb_len), 0);
	n = uk_fdt_cpus_read(&fdt, cpus, UK_LCPU_MAX, &where);
	if (!UK_EXPECT_GE(n, 1))
		return;
	UK_EXPECT_EQ(uk_lcpu_count(), UK_MIN((unsigned int)n, UK_LCPU_MAX));
	for (int i = 0; i < n && i < UK_LCPU_MAX; i++)
		UK_EXPECT_GE(uk_lcpu_find(cpus[i].id), 0);
	UK_EXPECT_EQ(uk_lcpu_find(ukarch_hwid()), 0);
}
