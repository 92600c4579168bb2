/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/compiler.h>

/*
 * The end of a machine by the registers that ACPI's tables name (ACPI 6.5,
 * 4.8.3 and 16.1), for the platform.
 *
 * Context: interrupts off, one CPU at a time. Before stage CPU there is no
 * such register.
 */

/*
 * Find the registers; the first call reads the tables, and maps pages for that.
 * Context: also no lock of lib/ukpaging may be held, so not after a crash and
 * not in an interrupt.
 */
void uk_acpi_end_prepare(void);

/*
 * Have the firmware hand over the registers of PM1 (4.8.2.5), whose events
 * make an SCI from then on. False: it does not, or there are none. Context: as
 * uk_acpi_end_prepare()'s, thread.
 */
UK_MUST_USE bool uk_acpi_enable(void);

/*
 * Switch the machine off, or reset it. They return: at once, with false, where
 * no register for it was found, else with true after it was written; then the
 * machine may be about to go.
 */
bool uk_acpi_power_off(void);
bool uk_acpi_reset(void);
