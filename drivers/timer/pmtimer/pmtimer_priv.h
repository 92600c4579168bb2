/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

struct uk_acpi_fadt;

/*
 * The port of the timer that @fadt tells of, into *@port, and its width into
 * *@bits. Returns 0, or
 *   -ENODEV  it tells of none
 *   -ENOTSUP it is not at a port: that is logged
 */
UK_MUST_USE
int pmtimer_where(const struct uk_acpi_fadt *fadt, uint16_t *port,
		  uint32_t *bits);
