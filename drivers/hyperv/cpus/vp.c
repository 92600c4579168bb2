/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The hypervisor's number of each CPU, which it tells that CPU alone: so each
 * writes it to its own block when it has come up. Who asks before that is told
 * that it is not known, and does without.
 */
#include "cpus_priv.h"

#include <uk/bits/arch/msr.h>
#include <uk/errno.h>
#include <uk/hyperv.h>
#include <uk/lcpu.h>
#include <uk/percpu.h>

/* Plus 1; 0: not known. Relaxed: the number does not change any more. */
static UK_PERCPU(uint32_t, own_vp);

uint64_t hyperv_vp_note(uint32_t hints)
{
	const uint64_t vp = ukarch_msr_read(UK_HYPERV_MSR_VP_INDEX);
	const bool named = vp < hyperv_nvps(hints);

	__atomic_store_n(uk_this_cpu_ptr(own_vp),
			 named ? (uint32_t)vp + 1 : UINT32_MAX,
			 __ATOMIC_RELAXED);
	return vp;
}

int hyperv_vp(unsigned int idx)
{
	const uint32_t vp =
		__atomic_load_n(uk_percpu_ptr(own_vp, uk_lcpu_percpu(idx)),
				__ATOMIC_RELAXED);

	if (vp == 0)
		return -EAGAIN;
	return vp <= HYPERV_NVPS ? (int)vp - 1 : -ERANGE;
}

int hyperv_vps(bool (*who)(void *arg, uintptr_t distance), void *arg,
	       struct hyperv_set *set)
{
	const unsigned int count = uk_lcpu_count();
	const unsigned int self = uk_lcpu_idx();

	set->banks = 0;
	for (unsigned int i = 0; i < count; i++) {
		int vp;

		if (i == self || uk_lcpu_state(i) != UK_LCPU_UP ||
		    !who(arg, uk_lcpu_percpu(i)))
			continue;
		vp = hyperv_vp(i);
		if (vp < 0)
			return vp;
		hyperv_set_add(set, (unsigned int)vp);
	}
	return 0;
}
