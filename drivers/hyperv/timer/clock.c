/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reference time as two clocks: by the page, without an exit, and by the
 * register alone, where there is no page or what it says is not so. Both are
 * the partition's, the same on all of its CPUs. A page that stops to tell the
 * time, as during a migration, leaves reading it to the register.
 *
 * It has the better rating than KVM's own clock, which KVM offers beside it:
 * whoever is told to play Hyper-V is to be taken for it.
 */
#include "timer_priv.h"

#include <uk/arch/paddr.h>
#include <uk/bits/arch/msr.h>
#include <uk/bits/arch/ticks.h>
#include <uk/clock.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/hyperv.h>
#include <uk/init.h>
#include <uk/print.h>

/* Readings until it must have moved: each is an exit. */
#define READINGS	10000u

static union {
	struct hyperv_page page;
	char whole[UK_HYPERV_PAGE_SIZE];
} shared UK_ALIGNED(UK_HYPERV_PAGE_SIZE) UK_SECTION(".bss..pages");

static uint64_t counter(void)
{
	return ukarch_msr_read(UK_HYPERV_MSR_COUNTER);
}

/* Before it is on, the page has sequence 0. */
uint64_t hyperv_now(void)
{
	return hyperv_time(&shared.page, ukarch_ticks_in_order, counter);
}

static uint64_t read_page(const struct uk_clock *clock UK_UNUSED)
{
	return hyperv_now();
}

static uint64_t read_counter(const struct uk_clock *clock UK_UNUSED)
{
	return counter();
}

static uint64_t ticks(const struct uk_clock *clock UK_UNUSED, uint64_t ns)
{
	return hyperv_page_ticks(&shared.page, ns);
}

/* Does this machine have all of @features? */
static bool offers(uint32_t features)
{
	const struct uk_hyperv *const hv = uk_hyperv_get();

	return hv && (hv->features & features) == features;
}

static int check_page(const char *name)
{
	uint64_t before, now, after;
	int rc = hyperv_page_check(&shared.page);

	if (rc < 0) {
		uk_pr_warn("%s: the page (sequence %u, scale %#lx) tells no "
			   "time: not used", name, shared.page.sequence,
			   shared.page.scale);
		return rc;
	}
	before = counter();
	now = hyperv_now();
	after = counter();
	if (hyperv_page_agrees(before, now, after))
		return 0;
	uk_pr_warn("%s: %lu by the page and %lu to %lu by the register: not "
		   "used", name, now, before, after);
	return -EIO;
}

static int start_page(struct uk_clock *clock)
{
	int rc;

	if (!offers(UK_HYPERV_COUNTER | UK_HYPERV_TSC_PAGE))
		return -ENODEV;
	ukarch_msr_write(UK_HYPERV_MSR_TSC_PAGE,
			 ukarch_paddr_of(&shared) | UK_HYPERV_PAGE_ON);
	rc = check_page(clock->name);
	if (rc < 0) {
		ukarch_msr_write(UK_HYPERV_MSR_TSC_PAGE, 0);
		shared.page = (struct hyperv_page){ 0 };
	}
	return rc;
}

static int start_counter(struct uk_clock *clock)
{
	uint64_t first;

	if (!offers(UK_HYPERV_COUNTER))
		return -ENODEV;
	first = counter();
	for (unsigned int i = 0; i < READINGS; i++)
		if (counter() != first)
			return 0;
	uk_pr_err("%s: it stands still at %lu: not used", clock->name, first);
	return -EIO;
}

static struct uk_clock by_page = {
	.name = "hyperv-tsc",
	.rating = UK_CLOCK_BEST + 50,
	.bits = 64,
	.synchronous = true,
	.hz = HYPERV_HZ,
	.start = start_page,
	.read = read_page,
	.ticks = ticks,
};

static struct uk_clock by_counter = {
	.name = "hyperv-counter",
	.rating = UK_CLOCK_USABLE + 75,
	.bits = 64,
	.synchronous = true,
	.hz = HYPERV_HZ,
	.start = start_counter,
	.read = read_counter,
};

static int clock_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_clock_register(&by_page);
	uk_clock_register(&by_counter);
	if (uk_hyperv_get())
		uk_clock_set_host("Hyper-V");
	return 0;
}

UK_INIT(CPU, clock_init, NULL);
