/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The clock of KVM. Each CPU tells the hypervisor where its page is, which is
 * in its per-CPU block, and reads its own: so time is right also on a host
 * whose counters differ, and after a migration. If the hypervisor says that all
 * pages agree nothing else is needed; if not, lib/uktime sees that time does
 * not go back.
 */
#include "pvclock_priv.h"

#include <uk/arch/paddr.h>
#include <uk/assert.h>
#include <uk/bits/arch/msr.h>
#include <uk/bits/arch/ticks.h>
#include <uk/clock.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/percpu.h>
#include <uk/preempt.h>
#include <uk/print.h>
#include <uk/pvclock.h>

#define NS_PER_SEC	UINT64_C(1000000000)
#define MSR_ENABLE	1u

static UK_PERCPU(struct uk_pvclock_page, own_page);

/* Written by who starts the clock, once. */
static struct {
	struct pvclock_kvm kvm;
	bool tried;
	int error;
} st;

static uint64_t read(const struct uk_clock *clock UK_UNUSED)
{
	uint64_t ns;

	/* Page and counter are one CPU's. */
	uk_preempt_disable();
	ns = uk_pvclock_read(uk_this_cpu_ptr(own_page),
			  ukarch_ticks_in_order);
	uk_preempt_enable();
	return ns;
}

static uint64_t ticks(const struct uk_clock *clock UK_UNUSED, uint64_t ns)
{
	return uk_pvclock_ticks(uk_this_cpu_ptr(own_page), ns);
}

static void page_on(void)
{
	const uint64_t paddr = ukarch_paddr_of(uk_this_cpu_ptr(own_page));

	UK_ASSERT(paddr % sizeof(struct uk_pvclock_page) == 0);

	ukarch_msr_write(st.kvm.msr_system, paddr | MSR_ENABLE);
}

static int find(void)
{
	int rc = pvclock_find(ukarch_cpuid, &st.kvm);

	if (rc < 0)
		return rc;
	page_on();
	rc = uk_pvclock_check(&own_page);
	if (rc < 0) {
		ukarch_msr_write(st.kvm.msr_system, 0);
		uk_pr_err("kvmclock: the hypervisor leaves the page as it was "
			  "(version %u): not used", own_page.version);
	}
	return rc;
}

/* For the clock and the date, whichever comes first. */
static int find_once(void)
{
	if (!st.tried) {
		st.error = find();
		if (st.error == 0)
			uk_clock_set_host("KVM");
	}
	st.tried = true;
	return st.error;
}

static int start(struct uk_clock *clock)
{
	const int rc = find_once();

	if (rc == 0)
		clock->synchronous = st.kvm.can_be_stable &&
				     (own_page.flags & UK_PVCLOCK_STABLE);
	return rc;
}

static void cpu_start(struct uk_clock *clock UK_UNUSED)
{
	page_on();
}

static struct uk_clock kvmclock = {
	.name = "kvmclock",
	.rating = UK_CLOCK_BEST,
	.bits = 64,
	.hz = NS_PER_SEC,
	.start = start,
	.cpu_start = cpu_start,
	.read = read,
	.ticks = ticks,
};

static int read_date(struct uk_wallclock *source, uint64_t *wall_ns)
{
	static struct uk_pvclock_wall wall;
	int rc = find_once();

	if (rc < 0)
		return rc;
	/* It is filled when the write returns, and not any more after that. */
	ukarch_msr_write(st.kvm.msr_wall, ukarch_paddr_of(&wall));
	rc = uk_pvclock_date(&wall, read(&kvmclock), wall_ns);
	if (rc < 0)
		uk_pr_err("%s: %u s, %u ns is no date", source->name, wall.sec,
			  wall.nsec);
	return rc;
}

static struct uk_wallclock date = {
	.name = "kvmclock",
	.rating = UK_CLOCK_BEST,
	.read = read_date,
};

static int pvclock_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_clock_register(&kvmclock);
	uk_wallclock_register(&date);
	return 0;
}

UK_INIT(CPU, pvclock_init, NULL);
