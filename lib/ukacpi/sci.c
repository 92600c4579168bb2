/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The SCI. An override that leaves it to the bus leaves the SCI what it is
 * without one: ISA's active high edge is meant for ISA's devices.
 */
#include <uk/acpi_fadt.h>

#include <stdbool.h>

#include <uk/acpi_madt.h>

void uk_acpi_sci_read(struct uk_acpi *acpi, const struct uk_acpi_fadt *fadt,
		      struct uk_acpi_sci *sci)
{
	struct uk_acpi_madt_entry e = UK_ACPI_MADT_FIRST;
	struct uk_acpi_madt madt;

	*sci = (struct uk_acpi_sci){
		.irq = fadt->sci_irq,
		.active_low = true,
	};
	if (uk_acpi_madt_read(acpi, &madt) < 0)
		return;
	while (uk_acpi_madt_next(&madt, &e)) {
		if (e.type != UK_ACPI_MADT_OVERRIDE ||
		    e.override.irq != fadt->sci_irq)
			continue;
		sci->edge = e.override.trigger == UK_ACPI_EDGE;
		sci->active_low = e.override.polarity != UK_ACPI_ACTIVE_HIGH;
	}
}
