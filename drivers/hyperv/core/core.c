/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The hypervisor of this machine, and that it is told who runs here, which it
 * wants to know before it gives anything.
 *
 * It is looked for at boot, not lazily: its registers must be ready for a
 * crash, which may come at any time, and where it is not that costs two CPUIDs.
 */
#include "hyperv_priv.h"

#include <stdbool.h>
#include <stddef.h>

#include <uk/bits/arch/msr.h>
#include <uk/bits/arch/ticks.h>
#include <uk/init.h>
#include <uk/print.h>

/* Written by the boot CPU, before there are others. */
static struct {
	bool looked;
	bool there;
	struct uk_hyperv hv;
} st;

const struct uk_hyperv *uk_hyperv_get(void)
{
	if (UK_UNLIKELY(!st.looked)) {
		st.there = hyperv_find(ukarch_cpuid, &st.hv) == 0;
		st.looked = true;
	}
	return st.there ? &st.hv : NULL;
}

uint64_t uk_hyperv_hz(uint32_t msr)
{
	const struct uk_hyperv *const hv = uk_hyperv_get();
	uint64_t hz;

	if (!hv || !(hv->features & UK_HYPERV_FREQUENCIES) ||
	    !(hv->more & UK_HYPERV_FREQUENCIES_THERE))
		return 0;
	hz = ukarch_msr_read(msr);
	if (hyperv_hz_makes_sense(hz))
		return hz;
	uk_pr_warn("Hyper-V: register %#x tells %lu Hz: not believed", msr,
		   hz);
	return 0;
}

static int core_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	const struct uk_hyperv *const hv = uk_hyperv_get();

	if (!hv)
		return 0;
	uk_pr_info("on Hyper-V %u.%u, build %u, features %#x %#x, hints %#x",
		   hv->major, hv->minor, hv->build, hv->features, hv->more,
		   hv->hints);
	if (hv->features & UK_HYPERV_HYPERCALL)
		ukarch_msr_write(UK_HYPERV_MSR_GUEST_OS_ID,
				 hyperv_guest_id(1));
	ukarch_x86_ticks_tell_hz(uk_hyperv_hz(UK_HYPERV_MSR_TSC_HZ));
	return 0;
}

UK_INIT(EARLY, core_init, NULL);
