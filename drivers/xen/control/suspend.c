/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The order "suspend", carried out. Somebody may be in the middle of what must
 * not be cut in two, or a CPU does not come to stand still, as the host does
 * not run it; then it is tried again. Not for longer than this, of the sixty
 * seconds that xl waits: one that comes later stops a domain that nobody saves
 * any more. One that could not be done is told here, and given up by the tools.
 */
#include "control_priv.h"

#include <stdint.h>

#include <uk/errno.h>
#include <uk/print.h>
#include <uk/time.h>
#include <uk/xen_suspend.h>

#define PATIENCE_NS	(40 * UK_TIME_NS_PER_SEC)

/* Of the control thread: when it was tried first; 0: it was not yet. */
static uint64_t since_ns;

static bool is_tried_again(int rc)
{
	if (rc != -EBUSY && rc != -ETIMEDOUT)
		return false;
	return uk_time_now() - since_ns < PATIENCE_NS;
}

bool xen_control_suspend(void)
{
	int rc;

	if (since_ns == 0)
		since_ns = uk_time_now();
	rc = uk_xen_suspend(&xen_control_cpus);
	if (is_tried_again(rc))
		return false;
	since_ns = 0;
	if (rc < 0)
		uk_pr_err("not suspended, error %d", -rc);
	else
		uk_pr_info("suspended, and %s", rc ? "gone on" : "restored");
	/* The new domain's store knows nothing of it. */
	if (rc == 0 && xen_control_tell() < 0)
		uk_pr_warn("the tools are not told what can be ordered");
	return true;
}
