/* SPDX-License-Identifier: BSD-3-Clause */
/* The power management timer (ACPI 6.5, 4.8.3.3). */
#include "pmtimer_priv.h"

#include <stdbool.h>
#include <stddef.h>

#include <uk/acpi.h>
#include <uk/acpi_fadt.h>
#include <uk/bits/arch/ioport.h>
#include <uk/bootinfo.h>
#include <uk/clock.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/print.h>

#define HZ		3579545

/* Readings until it must have moved: a port takes longer than 280 ns. */
#define READINGS	10000u

/* Set at boot, and when the timer is found. */
static struct {
	const struct uk_bootinfo *bi;
	uint32_t mask;
	uint16_t port;
} pm;

int pmtimer_where(const struct uk_acpi_fadt *fadt, uint16_t *port,
		  uint32_t *bits)
{
	if (!fadt->pm_timer.addr)
		return -ENODEV;
	if (fadt->pm_timer.space != UK_ACPI_PORT) {
		uk_pr_warn("pmtimer: at %#lx in space %u, not at a port: left "
			   "alone", fadt->pm_timer.addr, fadt->pm_timer.space);
		return -ENOTSUP;
	}
	*port = (uint16_t)fadt->pm_timer.addr;
	*bits = fadt->pm_timer_bits;
	return 0;
}

static uint64_t pm_read(const struct uk_clock *clock UK_UNUSED)
{
	return ukarch_in32(pm.port) & pm.mask;
}

static bool moves(void)
{
	const uint64_t first = pm_read(NULL);

	for (unsigned int i = 0; i < READINGS; i++)
		if (pm_read(NULL) != first)
			return true;
	return false;
}

static int pm_start(struct uk_clock *clock)
{
	struct uk_acpi_fadt fadt;
	struct uk_acpi *acpi;
	int rc;

	if (uk_acpi_get(pm.bi, &acpi) < 0 ||
	    uk_acpi_fadt_read(acpi, &fadt) < 0)
		return -ENODEV;
	rc = pmtimer_where(&fadt, &pm.port, &clock->bits);
	if (rc < 0)
		return rc;
	pm.mask = UINT32_MAX >> (32 - clock->bits);
	if (!moves()) {
		uk_pr_err("pmtimer: port %#x stands still: not used", pm.port);
		return -EIO;
	}
	return 0;
}

static struct uk_clock clock = {
	.name = "pmtimer",
	.rating = UK_CLOCK_USABLE,
	.bits = 24,
	.synchronous = true,
	.hz = HZ,
	.start = pm_start,
	.read = pm_read,
};

static int pm_init(const struct uk_boot_ctx *ctx)
{
	pm.bi = ctx->bi;
	uk_clock_register(&clock);
	return 0;
}

UK_INIT(CPU, pm_init, NULL);
