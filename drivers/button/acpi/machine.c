/* SPDX-License-Identifier: BSD-3-Clause */
/* The button of this machine, and its interrupt. */
#include "acpi_priv.h"

#include <stddef.h>

#include <uk/acpi.h>
#include <uk/acpi_end.h>
#include <uk/bits/arch/ioport.h>
#include <uk/button.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/print.h>

static const struct button_acpi_io io = {
	.in = ukarch_in16, .out = ukarch_out16,
};

/* The SCI is of a controller that has other events, too. */
static enum uk_irq_result on_sci(unsigned int irq UK_UNUSED, void *arg)
{
	if (!button_acpi_take(arg, &io))
		return UK_IRQ_NOT_MINE;
	uk_button_pressed();
	return UK_IRQ_HANDLED;
}

/* @sci numbers ISA's interrupts and global ones; so do lines. */
static int take_sci(const struct uk_acpi_sci *sci, struct button_acpi *b)
{
	const unsigned int irq = UK_IRQ_LINE_FIRST + sci->irq;
	const enum uk_irq_trigger trigger =
		sci->edge ? sci->active_low ? UK_IRQ_EDGE_FALLING
					    : UK_IRQ_EDGE_RISING
			  : sci->active_low ? UK_IRQ_LEVEL_LOW
					    : UK_IRQ_LEVEL_HIGH;
	int rc = uk_intctlr_irq_configure(irq, trigger);

	/* It has handlers of others, or can be only what it is. */
	if (rc < 0 && rc != -EBUSY && rc != -ENOTSUP)
		return rc;
	return uk_intctlr_irq_register(irq, on_sci, b, "power button");
}

static int begin(struct uk_acpi *acpi, const struct uk_acpi_fadt *fadt,
		 struct button_acpi *b)
{
	struct uk_acpi_sci sci;
	int rc;

	if (!uk_acpi_enable())
		return -EIO;
	rc = uk_button_start();
	if (rc < 0)
		return rc;
	uk_acpi_sci_read(acpi, fadt, &sci);
	rc = take_sci(&sci, b);
	if (rc == 0)
		button_acpi_enable(b, &io);
	return rc;
}

static int button_init(const struct uk_boot_ctx *ctx)
{
	static struct button_acpi button;
	struct uk_acpi_fadt fadt;
	struct uk_acpi *acpi;
	int rc;

	if (uk_acpi_get(ctx->bi, &acpi) < 0 ||
	    uk_acpi_fadt_read(acpi, &fadt) < 0)
		return 0;
	rc = button_acpi_find(&button, &fadt);
	if (rc == -ENODEV)
		return 0;
	if (rc == 0)
		rc = begin(acpi, &fadt, &button);
	if (rc < 0)
		uk_pr_warn("the power button cannot be used, error %d", -rc);
	return 0;
}

UK_INIT(DEV, button_init, NULL);
