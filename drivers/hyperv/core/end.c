/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of a machine of Hyper-V. A crash is told in two steps: the values
 * when the screen is shown, as they are known there, and that it has happened
 * when the machine ends, as the hypervisor may take it away then. There is a
 * register for a restart; for switching it off there is none, so that is left
 * to the platform.
 */
#include "hyperv_priv.h"

#include <uk/bits/arch/msr.h>
#include <uk/crash_hook.h>
#include <uk/plat/terminate.h>

static struct hyperv_text text;

/* What to write when it ends; 0: nothing. The CPU's that has the screen. */
static uint64_t notice;

static enum uk_event_result on_crash(void *data)
{
	const struct uk_hyperv *const hv = uk_hyperv_get();
	uint64_t values[HYPERV_NCRASH];

	if (!hv || !(hv->more & UK_HYPERV_CRASH))
		return UK_EVENT_NOT_HANDLED;
	notice = hyperv_crash_values(data,
				     ukarch_msr_read(
					     UK_HYPERV_MSR_CRASH_CONTROL),
				     &text, values);
	for (unsigned int i = 0; i < HYPERV_NCRASH; i++)
		ukarch_msr_write(UK_HYPERV_MSR_CRASH + i, values[i]);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_crash_shown, on_crash);

/* It goes on where these do not end it. */
static enum uk_event_result on_end(void *data)
{
	const struct ukplat_end *const end = data;
	const struct uk_hyperv *const hv = uk_hyperv_get();

	if (end->how == UK_END_CRASH && notice)
		ukarch_msr_write(UK_HYPERV_MSR_CRASH_CONTROL, notice);
	if (end->how == UK_END_REBOOT && hv &&
	    (hv->features & UK_HYPERV_RESET))
		ukarch_msr_write(UK_HYPERV_MSR_RESET, 1);
	return UK_EVENT_NOT_HANDLED;
}

UK_EVENT_HANDLER(ukplat_ends, on_end);
