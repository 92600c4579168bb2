/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time that was somebody else's, as arm64 hypervisors tell it (Arm DEN0057A,
 * "Paravirtualized Time for Arm-based Systems"): a structure of each CPU in the
 * guest's memory, in a place that the hypervisor chooses and a CPU asks for.
 *
 * The page with the boot CPU's is mapped at boot, when nobody else maps
 * anything; a CPU whose structure is elsewhere is not told. It is memory that
 * the host writes cached, so it is mapped that way.
 */
#include "pvtime_priv.h"

#include <stddef.h>

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

#define PAGE	((uint64_t)UKARCH_PAGE_SIZE)

/* Written at boot. */
static struct {
	struct uk_smccc svc;
	uint64_t page;		/* physical; 0: nobody tells */
} st;

/* This CPU's, once it has asked. */
static UK_PERCPU(const struct pvtime_stolen *, own);

static int ask(uint64_t *paddr)
{
	const int64_t rc = uk_smccc_call(&st.svc, PVTIME_FN_ST, 0, 0, 0);

	return pvtime_check_paddr(rc, paddr);
}

static int find_own(void)
{
	const struct pvtime_stolen *stolen;
	uint64_t paddr;
	int rc = ask(&paddr);

	if (rc < 0)
		return rc;
	if (paddr / PAGE * PAGE != st.page)
		return -ERANGE;
	stolen = uk_phys_to_virt(paddr);
	rc = pvtime_check(stolen);
	if (rc == 0)
		*uk_this_cpu_ptr(own) = stolen;
	return rc;
}

static int read_stolen(struct uk_stolen *source UK_UNUSED, uint64_t *ns)
{
	int rc = 0;

	if (!st.page)
		return -ENODEV;
	uk_preempt_disable();
	if (!uk_this_cpu(own))
		rc = find_own();
	if (rc == 0)
		*ns = __atomic_load_n(&uk_this_cpu(own)->ns, __ATOMIC_RELAXED);
	uk_preempt_enable();
	return rc;
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
	uint64_t paddr;

	if (!is_offered() || ask(&paddr) < 0)
		return 0;
	paddr = paddr / PAGE * PAGE;
	if (uk_paging_map_linear(paddr, PAGE, UK_PAGE_READ) < 0) {
		uk_pr_warn("stolen time: the page at %#lx cannot be mapped",
			   paddr);
		return 0;
	}
	st.page = paddr;
	uk_stolen_register(&source);
	return 0;
}

UK_INIT(CPU, pvtime_init, NULL);
