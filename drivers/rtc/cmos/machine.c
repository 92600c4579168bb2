/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's own, if the FADT does not deny it and something answers. */
#include "cmos_priv.h"

#include <stddef.h>

#include <uk/acpi.h>
#include <uk/acpi_fadt.h>
#include <uk/bits/arch/ioport.h>
#include <uk/bootinfo.h>
#include <uk/init.h>

static const struct cmos_io ports = {
	.in = ukarch_in8,
	.out = ukarch_out8,
};

static struct cmos chip = {
	.io = &ports,
	.rtc = { .name = "cmos", .ops = &cmos_ops },
};

/* A machine without one is a machine as well. */
static int machine_init(const struct uk_boot_ctx *ctx)
{
	struct uk_acpi_fadt fadt;
	struct uk_acpi *acpi;
	const bool has_fadt = uk_acpi_get(ctx->bi, &acpi) == 0 &&
			      uk_acpi_fadt_read(acpi, &fadt) == 0;

	if (cmos_fadt(has_fadt ? &fadt : NULL, &chip.century) == 0 &&
	    cmos_start(&chip) == 0)
		uk_rtc_register(&chip.rtc);
	return 0;
}

UK_INIT(DEV, machine_init, NULL);
