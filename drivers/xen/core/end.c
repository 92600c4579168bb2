/* SPDX-License-Identifier: BSD-3-Clause */
/* The end of a domain, with the reason for its tools. */
#include <stdint.h>

#include <uk/essentials.h>
#include <uk/plat/terminate.h>
#include <uk/xen.h>
#include <uk/xen_abi.h>

static uint32_t reason_of(enum uk_end how)
{
	switch (how) {
	case UK_END_REBOOT:
		return UK_XEN_SHUTDOWN_REBOOT;
	case UK_END_CRASH:
		return UK_XEN_SHUTDOWN_CRASH;
	default:
		return UK_XEN_SHUTDOWN_POWEROFF;
	}
}

static enum uk_event_result on_end(void *data)
{
	const struct ukplat_end *const end = data;
	const struct uk_xen_shutdown shutdown = {
		.reason = reason_of(end->how),
	};

	/* It comes back only if it is refused. */
	if (uk_xen_is_here())
		(void)uk_xen_order(UK_XEN_SCHED_OP, UK_XEN_SCHED_SHUTDOWN,
				   &shutdown);
	return UK_EVENT_NOT_HANDLED;
}

UK_EVENT_HANDLER(ukplat_ends, on_end);
