/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/compiler.h>
#include <uk/plat/terminate.h>

struct uk_xen_suspend_cpus;

/*
 * What @word orders (docs/misc/xenstore-paths of Xen, ~/control/shutdown).
 * Returns 0 and sets *@how, or
 *   XEN_CONTROL_SUSPEND
 *   -ENOENT   nothing
 *   -ENOTSUP  something else
 */
#define XEN_CONTROL_SUSPEND	1

UK_MUST_USE int xen_control_order(const char *word, enum uk_end *how);

/*
 * Suspend this domain if that can be done now: suspend.c; or say that it cannot
 * be done, and why: no_suspend.c. Returns whether that is all: false asks to be
 * called again, some time later. Context: thread on the boot CPU.
 */
UK_MUST_USE bool xen_control_suspend(void);

/* control.c: tell the tools what this image does. Returns as the store. */
UK_MUST_USE int xen_control_tell(void);

/* How CPUs are held: cpus.c, or one_cpu.c. */
extern const struct uk_xen_suspend_cpus xen_control_cpus;
