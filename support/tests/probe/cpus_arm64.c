/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Starts every other CPU of the device tree in the way it says, one after the
 * other, and shows that each came.
 */
#include <stdint.h>
#include <stdio.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/bits/arch/cache.h>
#include <uk/bootinfo.h>
#include <uk/fdt.h>
#include <uk/fdt_cpus.h>
#include <uk/init.h>
#include <uk/psci.h>
#include <uk/sections.h>
#include <uk/spintable.h>

#include "probe.h"

#define NCPUS		8
#define AFFINITY	UINT64_C(0xff00ffffff)

/* cpu_arm64.S: says who it is in probe_cpu_id, MMU off, and waits for ever. */
extern char probe_cpu[];
extern volatile uint64_t probe_cpu_id;

static const struct uk_bootinfo *bi;

static int keep_bootinfo(const struct uk_boot_ctx *ctx)
{
	bi = ctx->bi;
	return 0;
}

UK_INIT(LATE, keep_bootinfo, NULL);

static uint64_t image_paddr(const char *sym)
{
	for (uint32_t i = 0; i < bi->nregions; i++)
		if (bi->regions[i].type == UK_REGION_TEXT)
			return bi->regions[i].base + (uintptr_t)sym -
			       (uintptr_t)_text;
	return 0;
}

static const char *start(const struct uk_fdt_cpu *cpu)
{
	const uint64_t entry = image_paddr(probe_cpu);
	int rc;

	switch (cpu->method) {
	case UK_FDT_CPU_PSCI:
		return uk_psci_strerror(uk_psci_cpu_on(cpu->id, entry, 0));
	case UK_FDT_CPU_SPIN_TABLE:
		rc = uk_spintable_release(bi, cpu->release, entry);
		return rc == 0 ? "SUCCESS" : "it cannot be released";
	default:
		return "no method";
	}
}

/* Is it there within a second? */
static int came(uint64_t id)
{
	const uint64_t begin = ukarch_ticks(), hz = ukarch_ticks_hz();

	do {
		ukarch_dcache_flush(&probe_cpu_id, sizeof(probe_cpu_id));
		if ((probe_cpu_id & AFFINITY) == id)
			return 1;
	} while (ukarch_ticks() - begin < hz);
	return 0;
}

int probe_cpus(void)
{
	struct uk_fdt_cpu cpus[NCPUS];
	const char *where = NULL;
	struct uk_fdt fdt;
	uint64_t self;
	int n;

	__asm__("mrs %0, mpidr_el1" : "=r"(self));
	n = uk_fdt_open(&fdt, uk_phys_to_virt(bi->dtb), bi->dtb_len);
	if (n == 0)
		n = uk_fdt_cpus_read(&fdt, cpus, NCPUS, &where);
	if (n < 0) {
		printf("no cpus: %s\n", where ? where : uk_fdt_strerror(n));
		return 1;
	}
	for (int i = 0; i < n && i < NCPUS; i++) {
		if (cpus[i].id == (self & AFFINITY))
			continue;
		probe_cpu_id = UINT64_MAX;
		ukarch_dcache_flush(&probe_cpu_id, sizeof(probe_cpu_id));
		printf("cpu %llx, method %u: %s\n",
		       (unsigned long long)cpus[i].id, cpus[i].method,
		       start(&cpus[i]));
		if (came(cpus[i].id))
			printf("cpu %llx came\n",
			       (unsigned long long)cpus[i].id);
	}
	return 0;
}
