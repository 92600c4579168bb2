/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Xen's system time: each CPU reads the page part that Xen keeps for it, which
 * is KVM's page by another name. If Xen says that all agree nothing else is
 * needed; if not, lib/uktime sees that time does not go back.
 */
#include <stddef.h>

#include <uk/bits/arch/ticks.h>
#include <uk/clock.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/preempt.h>
#include <uk/print.h>
#include <uk/pvclock.h>
#include <uk/xen.h>
#include <uk/xen_abi.h>
#include <uk/xen_event.h>

#include "timer_priv.h"

_Static_assert(sizeof(struct uk_pvclock_page) == sizeof(struct uk_xen_time) &&
	       offsetof(struct uk_xen_vcpu, time) %
	       _Alignof(struct uk_pvclock_page) == 0,
	       "they are one layout");

static const struct uk_pvclock_page *own_page(void)
{
	return (const void *)&uk_xen_vcpu()->time;
}

uint64_t xen_system_ns(void)
{
	uint64_t ns;

	/* Page and counter are one CPU's. */
	uk_preempt_disable();
	ns = uk_pvclock_read(own_page(), ukarch_ticks_in_order);
	uk_preempt_enable();
	return ns;
}

/* A suspend may come at any moment: system time and offset are one domain's. */
static uint64_t read_moved(void)
{
	uint64_t offset_ns, ns;

	do {
		offset_ns = UK_READ_ONCE(xen_clock_offset_ns);
		ns = xen_system_ns();
	} while (UK_UNLIKELY(UK_READ_ONCE(xen_clock_offset_ns) != offset_ns));
	return ns + offset_ns;
}

static uint64_t read(const struct uk_clock *clock UK_UNUSED)
{
	if (UK_IS_ENABLED(CONFIG_LIBXEN_CORE_SUSPEND))
		return read_moved();
	return xen_system_ns();
}

static uint64_t ticks(const struct uk_clock *clock UK_UNUSED, uint64_t ns)
{
	return uk_pvclock_ticks(own_page(), ns);
}

static int start(struct uk_clock *clock)
{
	int rc = uk_xen_pages_start();

	if (rc < 0)
		return rc;
	rc = uk_pvclock_check(own_page());
	if (rc < 0)
		uk_pr_err("Xen tells no time: not used");
	else
		clock->synchronous = own_page()->flags & UK_PVCLOCK_STABLE;
	return rc;
}

static void cpu_start(struct uk_clock *clock UK_UNUSED)
{
	if (uk_xen_events_cpu_init() < 0)
		uk_pr_err("a CPU has no time of Xen");
}

static struct uk_clock xenclock = {
	.name = "xen",
	.rating = UK_CLOCK_BEST,
	.bits = 64,
	.hz = UINT64_C(1000000000),
	.start = start,
	.cpu_start = cpu_start,
	.read = read,
	.ticks = ticks,
};

void xen_clock_resume(void)
{
	if (!(own_page()->flags & UK_PVCLOCK_STABLE))
		uk_clock_not_synchronous(&xenclock);
}

static int clock_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	if (uk_xen_is_here())
		uk_clock_register(&xenclock);
	return 0;
}

UK_INIT(CPU, clock_init, NULL);
