/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/compiler.h>
#include <uk/event.h>

/*
 * How the machine ends. Contract: one platform fills it.
 */

enum uk_end {
	UK_END_POWEROFF,
	UK_END_REBOOT,
	UK_END_CRASH,		/* power off; told to the VMM where it can be */
};

/*
 * Exit statuses that the image itself gives. A program's own status is 0 to
 * 255 and may be equal; the console line says which it was.
 */
#define UK_STATUS_BOOT		120	/* the boot was refused or failed */
#define UK_STATUS_CRASH		134	/* the crash screen was shown */
#define UK_STATUS_ASKED		143	/* the host asked for the end */

/*
 * Raised by ukplat_terminate() before it tries the platform's own ways, for
 * hypervisors that end a machine by a call: a handler that can, does not
 * return. The data is a struct ukplat_end. Context: any, interrupts off.
 */
UK_EVENT_DECLARE(ukplat_ends);

struct ukplat_end {
	enum uk_end how;
	int status;
};

/*
 * Leave the machine: power off, or restart it. The VMM gets @status (0 to
 * 255) as far as its exit device carries it; the console line "kiln: exit N",
 * which whoever ends the image logs before it calls this, carries all of
 * it. Tries every way this machine may have, and halts for good when none
 * works.
 *
 * Context: any; interrupts are disabled first.
 */
UK_NORETURN void ukplat_terminate(enum uk_end how, int status);

/*
 * Raised by a driver when the host asks for the end: a power button, a
 * toolstack's order. The data is a const enum uk_end, UK_END_POWEROFF or
 * UK_END_REBOOT. A program that ends by itself has a handler that returns
 * UK_EVENT_HANDLED; else lib/ukboot, which is asked last, ends it as uk_exit()
 * does, with UK_STATUS_ASKED, and does not come back; but while init entries
 * run it comes back, and the image ends when the last one has. uk_exit()
 * afterwards ends the machine as it was asked for. Who raises it selects
 * CONFIG_LIBUKBOOT_ASKED.
 *
 * Context: thread that may block.
 */
UK_EVENT_DECLARE(ukplat_end_asked);
