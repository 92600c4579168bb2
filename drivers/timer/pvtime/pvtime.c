/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time that was somebody else's, as arm64 hypervisors tell it (Arm DEN0057A,
 * "Paravirtualized Time for Arm-based Systems"): a structure of each CPU in the
 * guest's memory, in a place that the hypervisor chooses and a CPU asks for.
 *
 * Each CPU maps the page with its own when it comes up, and not when it is read
 * first, which may be in an interrupt, where nothing is mapped. It is memory
 * that the host writes cached, so it is mapped that way.
 */
#include "pvtime_priv.h"

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/clock.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/paging.h>
#include <uk/percpu.h>
#include <uk/preempt.h>
#include <uk/print.h>
#include <uk/psci.h>
#include <uk/smccc.h>

/* Written at boot. */
static struct {
	struct uk_smccc svc;
	bool offered;
} st;

/* This CPU's; NULL: it is not told. */
static UK_PERCPU(const struct pvtime_stolen *, own);

static int64_t ask(void)
{
	return uk_smccc_call(&st.svc, PVTIME_FN_ST, 0, 0, 0);
}

static int map(uint64_t paddr)
{
	return uk_paging_map_linear(paddr, UKARCH_PAGE_SIZE, UK_PAGE_READ);
}

static const void *at(uint64_t paddr)
{
	return uk_phys_to_virt(paddr);
}

static const struct pvtime_machine machine = {
	.ask = ask,
	.map = map,
	.at = at,
};

void pvtime_cpu_start(void)
{
	int rc;

	if (!st.offered)
		return;
	rc = pvtime_find(&machine, uk_this_cpu_ptr(own));
	if (rc < 0)
		uk_pr_warn("CPU %u is not told of stolen time, error %d",
			   uk_this_cpu(uk_cpu).idx, -rc);
}

static int read_stolen(struct uk_stolen *source UK_UNUSED, uint64_t *ns)
{
	const struct pvtime_stolen *stolen;

	uk_preempt_disable();
	stolen = uk_this_cpu(own);
	if (stolen)
		*ns = __atomic_load_n(&stolen->ns, __ATOMIC_RELAXED);
	uk_preempt_enable();
	return stolen ? 0 : -ENODEV;
}

static struct uk_stolen source = { .read = read_stolen };

static bool is_offered(void)
{
	return uk_psci_smccc(&st.svc) == 0 &&
	       uk_smccc_arch_features(&st.svc, PVTIME_FN_FEATURES) >= 0 &&
	       uk_smccc_call(&st.svc, PVTIME_FN_FEATURES, PVTIME_FN_ST, 0,
			     0) == UK_SMCCC_SUCCESS;
}

static int pvtime_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	st.offered = is_offered();
	if (!st.offered)
		return 0;
	pvtime_cpu_start();
	uk_stolen_register(&source);
	return 0;
}

UK_INIT(CPU, pvtime_init, NULL);
