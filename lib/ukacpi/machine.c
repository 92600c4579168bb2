/* SPDX-License-Identifier: BSD-3-Clause */
/* The one index of the running machine. */
#include <uk/acpi.h>

#include <stdbool.h>

#include <uk/bootinfo.h>
#include <uk/fwmem.h>

/* Written by the first call, under the callers' lock. */
static struct {
	struct uk_fwmem mem;
	struct uk_acpi acpi;
	int rc;
	bool asked;
} machine;

int uk_acpi_get(const struct uk_bootinfo *bi, struct uk_acpi **acpi)
{
	if (!machine.asked) {
		machine.asked = true;
		uk_fwmem_init(&machine.mem, bi);
		machine.rc = uk_acpi_open(&machine.acpi, &machine.mem,
					  bi->rsdp);
	}
	if (machine.rc == 0)
		*acpi = &machine.acpi;
	return machine.rc;
}
