/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/compiler.h>

/*
 * The suspend of a domain: it stops in a call of Xen and goes on from there,
 * as a new domain, maybe of another host, that was restored from what it was
 * (xl save, xl migrate); or as the same one, if that failed or was for a copy
 * only (xl save -c). What it shared with Xen and with others is gone in a new
 * one: the shared page, each CPU's part, ports and the timer's interrupt, the
 * grant table, connections to console and store, and system time is another
 * host's.
 *
 * Who has such things registers a part, which makes them anew. Parts are
 * called in the order in which they were registered, that of the libraries;
 * to freeze, the other way round.
 *
 *	step		where				when
 *	freeze		a thread, all run		before
 *	stop		the boot CPU, alone		before
 *	resume		the boot CPU, alone		after, new domain
 *	cpu_resume	each CPU, the boot CPU first	after, new domain
 *	thaw		a thread, all run		after
 *
 * Alone: the other CPUs stand still, wherever they take interrupts; interrupts
 * are off. What may be held with interrupts on, a lock or the heap, is not
 * used there, and nothing is waited for. The same is true for other CPUs when
 * they call cpu_resume, of which several do at a time.
 *
 * A port that nobody makes anew is gone in a new domain, and its number may
 * become another one's: it is not closed any more. So who binds or closes ports
 * while all run does not do that between freeze and thaw.
 */
struct uk_xen_suspend {
	/*
	 * What must not be cut in two is over, and none begins until thaw.
	 * Returns 0, or a negative errno: not now, and those that were frozen
	 * are thawed. May be NULL, as all may.
	 */
	int (*freeze)(void);
	void (*stop)(void);
	void (*resume)(void);
	void (*cpu_resume)(void);
	/* @same: it is the domain of before, and all is as it was. */
	void (*thaw)(bool same);

	/* Private; zero. */
	struct uk_xen_suspend *next_, *prev_;
};

/*
 * Add @part, which lives forever. Without CONFIG_LIBXEN_CORE_SUSPEND nobody
 * has parts. Context: boot, the stage of its driver.
 */
void uk_xen_suspend_register(struct uk_xen_suspend *part);

/* How the other CPUs are held: see lib/uklcpu. */
struct uk_xen_suspend_cpus {
	/* Returns 0, interrupts off and nobody else running, or an error. */
	int (*hold)(void);
	/* They go on, after @fn(@arg) unless @fn is NULL; interrupts on. */
	void (*let_go)(void (*fn)(void *arg), void *arg);
};

/*
 * Suspend this domain, now. Returns
 *   0  it is a new domain
 *   1  it is the same one
 *   -EBUSY, -ETIMEDOUT or another error of a part, of @cpus->hold, or of Xen:
 *      nothing has happened
 * Context: thread on the boot CPU, as Xen tells nobody else that the domain is
 * the same one; interrupts on.
 */
UK_MUST_USE int uk_xen_suspend(const struct uk_xen_suspend_cpus *cpus);
