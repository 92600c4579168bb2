/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The order of a suspend (<uk/xen_suspend.h>). This file knows no part: it
 * calls what was registered, so a driver that is not in the image costs
 * nothing here, and none of them calls another.
 *
 * Refused: the events of <uk/event.h>, which have one direction, while what
 * depends on others has to freeze before them.
 */
#include <uk/xen_suspend.h>

#include <stddef.h>

#include <uk/compiler.h>
#include <uk/xen.h>
#include <uk/xen_abi.h>

#include "xen_priv.h"

static struct xen_suspend_parts parts;

void xen_suspend_add(struct xen_suspend_parts *to, struct uk_xen_suspend *part)
{
	part->prev_ = to->last;
	if (to->last)
		to->last->next_ = part;
	else
		to->first = part;
	to->last = part;
}

void uk_xen_suspend_register(struct uk_xen_suspend *part)
{
	xen_suspend_add(&parts, part);
}

/* Thaw from @part on. */
static void thaw(struct uk_xen_suspend *part, bool same)
{
	for (; part; part = part->next_)
		if (part->thaw)
			part->thaw(same);
}

/* All, or none. */
static int freeze(const struct xen_suspend_parts *of)
{
	for (struct uk_xen_suspend *p = of->last; p; p = p->prev_) {
		const int rc = p->freeze ? p->freeze() : 0;

		if (rc < 0) {
			thaw(p->next_, true);
			return rc;
		}
	}
	return 0;
}

static void cpu_resume(void *arg)
{
	const struct xen_suspend_parts *const of = arg;

	for (struct uk_xen_suspend *p = of->first; p; p = p->next_)
		if (p->cpu_resume)
			p->cpu_resume();
}

static void resume(struct xen_suspend_parts *of)
{
	for (struct uk_xen_suspend *p = of->first; p; p = p->next_)
		if (p->resume)
			p->resume();
	cpu_resume(of);
}

int xen_suspend(struct xen_suspend_parts *of, int (*call)(void),
		const struct uk_xen_suspend_cpus *cpus)
{
	int rc = freeze(of);

	if (rc < 0)
		return rc;
	rc = cpus->hold();
	if (rc == 0) {
		for (struct uk_xen_suspend *p = of->first; p; p = p->next_)
			if (p->stop)
				p->stop();
		rc = call();
		if (rc == 0)
			resume(of);
		cpus->let_go(rc == 0 ? cpu_resume : NULL, of);
	}
	thaw(of->first, rc != 0);
	return rc;
}

/* public/sched.h: 0 in a new domain, 1 if it is the same. */
static int stop_here(void)
{
	const struct uk_xen_shutdown shutdown = {
		.reason = UK_XEN_SHUTDOWN_SUSPEND,
	};

	return uk_xen_order(UK_XEN_SCHED_OP, UK_XEN_SCHED_SHUTDOWN, &shutdown);
}

int uk_xen_suspend(const struct uk_xen_suspend_cpus *cpus)
{
	return xen_suspend(&parts, stop_here, cpus);
}
