/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's HPET, as ACPI tells of it. */
#include "hpet_priv.h"

#include <stddef.h>

#include <uk/acpi.h>
#include <uk/acpi_timer.h>
#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/paging.h>
#include <uk/print.h>

/* Set at boot. */
static const struct uk_bootinfo *bootinfo;

static int map(struct hpet *hpet, uint64_t addr)
{
	void *regs;
	int rc;

	if (addr % sizeof(uint64_t)) {
		uk_pr_err("hpet: its address is %#lx: not used", addr);
		return -EINVAL;
	}
	rc = uk_paging_map_device(addr, HPET_LEN, &regs);
	if (rc < 0) {
		uk_pr_err("hpet: %#lx cannot be mapped, error %d", addr, -rc);
		return rc;
	}
	hpet->regs = regs;
	return 0;
}

static int find(struct uk_clock *clock)
{
	struct hpet *const hpet = UK_CONTAINER_OF(clock, struct hpet, clock);
	struct uk_acpi_hpet table;
	struct uk_acpi *acpi;
	int rc;

	if (uk_acpi_get(bootinfo, &acpi) < 0 ||
	    uk_acpi_hpet_read(acpi, 0, &table) < 0)
		return -ENODEV;
	rc = map(hpet, table.addr);
	return rc < 0 ? rc : hpet_start(hpet);
}

static struct hpet hpet = {
	.clock = {
		.name = "hpet",
		.rating = UK_CLOCK_USABLE + 50,
		.bits = 64,
		.synchronous = true,
		.start = find,
		.read = hpet_read,
	},
};

static int find_init(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	uk_clock_register(&hpet.clock);
	return 0;
}

UK_INIT(CPU, find_init, NULL);
