/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time in a domain that was restored. System time is that of another domain, so
 * the clock gets an offset: it goes on at the moment at which the domain
 * stopped, whatever host it was and however long ago. The date has gone on
 * meanwhile. How far is the difference of what the two hosts say of one moment,
 * which moves also a date that the program has set.
 *
 * A domain that is the same one has lost time, but its clock has not.
 */
#include <stdbool.h>
#include <stdint.h>

#include <uk/clock.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/print.h>
#include <uk/xen.h>
#include <uk/xen_event.h>
#include <uk/xen_suspend.h>

#include "timer_priv.h"

uint64_t xen_clock_offset_ns;

/* Written alone, and by who thaws. */
static struct {
	uint64_t system_ns;		/* when it stopped */
	uint64_t before_ns, after_ns;	/* the date of that moment */
	int before_error, after_error;
} st;

static void stop(void)
{
	st.system_ns = xen_system_ns();
	st.before_error = xen_date(uk_xen_shared(), st.system_ns,
				   &st.before_ns);
}

/* The shared page and this CPU's part are there again. */
static void cpu_resume(void)
{
	const bool is_first = st.after_error > 0;

	if (is_first) {
		const uint64_t ns = xen_system_ns();

		xen_clock_offset_ns += st.system_ns - ns;
		st.after_error = xen_date(uk_xen_shared(), ns, &st.after_ns);
		xen_clock_resume();
	}
	xen_event_cpu_resume();
	xen_stolen_cpu_resume();
}

/* Has not been asked yet. */
static void resume(void)
{
	st.after_error = 1;
}

static void thaw(bool same)
{
	if (same)
		return;
	if (st.before_error < 0 || st.after_error < 0)
		uk_pr_warn("Xen tells no date: it is late by the suspend");
	else
		uk_wallclock_shift((int64_t)(st.after_ns - st.before_ns));
}

static struct uk_xen_suspend part = {
	.stop = stop,
	.resume = resume,
	.cpu_resume = cpu_resume,
	.thaw = thaw,
};

static int suspend_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	if (uk_xen_is_here())
		uk_xen_suspend_register(&part);
	return 0;
}

UK_INIT(CPU, suspend_init, NULL);
