/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The order "suspend", carried out. Somebody may be in the middle of what must
 * not be cut in two; then it is tried again, for ten seconds, of the sixty that
 * xl waits. One that could not be done is told here, and given up by the tools.
 */
#include "control_priv.h"

#include <uk/errno.h>
#include <uk/print.h>
#include <uk/xen_suspend.h>

#define TRIES	40

/* Of the control thread. */
static unsigned int ntries;

bool xen_control_suspend(void)
{
	const int rc = uk_xen_suspend(&xen_control_cpus);

	if (rc == -EBUSY && ++ntries < TRIES)
		return false;
	ntries = 0;
	if (rc < 0)
		uk_pr_err("not suspended, error %d", -rc);
	else
		uk_pr_info("suspended, and %s", rc ? "gone on" : "restored");
	/* The new domain's store knows nothing of it. */
	if (rc == 0 && xen_control_tell() < 0)
		uk_pr_warn("the tools are not told what can be ordered");
	return true;
}
