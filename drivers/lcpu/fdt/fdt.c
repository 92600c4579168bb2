/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CPUs from the device tree (Devicetree Specification v0.4, 3.8). What
 * lib/uklcpu keeps for each of them is its release address, or 0 for PSCI,
 * which is no place for a spin table.
 */
#include <stdint.h>

#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/fdt.h>
#include <uk/fdt_cpus.h>
#include <uk/init.h>
#include <uk/lcpu_ops.h>
#include <uk/print.h>
#include <uk/psci.h>
#include <uk/spintable.h>

#define NCPUS	CONFIG_LIBUKLCPU_MAX

#define BY_PSCI	0

/* Set at boot. */
static const struct uk_bootinfo *bootinfo;

/* Only while CPUs are looked for. */
static struct uk_fdt_cpu found[NCPUS];

static void add(const struct uk_fdt_cpu *cpu)
{
	uint64_t cookie = BY_PSCI;

	if (cpu->status == UK_FDT_CPU_FAILED) {
		uk_pr_warn("CPU %#lx has failed, by its status: left out",
			   cpu->id);
		return;
	}
	if (cpu->method == UK_FDT_CPU_OTHER) {
		uk_pr_warn("CPU %#lx has an enable-method that is not known: "
			   "left out", cpu->id);
		return;
	}
	if (cpu->method == UK_FDT_CPU_SPIN_TABLE)
		cookie = cpu->release;
	/* One too many is counted there. */
	if (uk_lcpu_add(cpu->id, cookie) == -EEXIST)
		uk_pr_warn("CPU %#lx is listed twice", cpu->id);
}

static int fdt_find(void)
{
	const char *where = NULL;
	struct uk_fdt fdt;
	int n;

	if (!bootinfo->dtb)
		return -ENODEV;
	n = uk_fdt_open(&fdt, uk_phys_to_virt(bootinfo->dtb),
			bootinfo->dtb_len);
	if (n == 0)
		n = uk_fdt_cpus_read(&fdt, found, NCPUS, &where);
	if (n < 0) {
		uk_pr_err("the CPUs of the device tree cannot be read, error "
			  "%d%s%s: one is used", -n, where ? ": " : "",
			  where ? where : "");
		return n;
	}
	for (int i = 0; i < n && i < NCPUS; i++)
		add(&found[i]);
	if (n > NCPUS)
		uk_pr_warn("%d CPUs are left alone: the image has room for "
			   "%d, see CONFIG_LIBUKLCPU_MAX", n - NCPUS, NCPUS);
	return 0;
}

static int fdt_start(uint64_t hwid, uint64_t cookie, uint64_t entry,
		     unsigned int attempt UK_UNUSED)
{
	int rc;

	if (cookie == BY_PSCI)
		rc = uk_psci_cpu_on(hwid, entry, 0);
	else
		rc = uk_spintable_release(bootinfo, cookie, entry);

	/*
	 * It was told before and is on its way, or is on its way off, from
	 * whoever had it; then the next attempt starts it.
	 */
	return rc == -EALREADY || rc == -EINPROGRESS ? 0 : rc;
}

static int fdt_init(const struct uk_boot_ctx *ctx)
{
	static const struct uk_lcpu_ops ops = {
		.name = "fdt",
		.find = fdt_find,
		.start = fdt_start,
	};

	bootinfo = ctx->bi;
	uk_lcpu_register(&ops);
	return 0;
}

UK_INIT(CPU, fdt_init, NULL);
