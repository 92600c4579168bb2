/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A sparse set of CPUs (TLFS, "Virtual Processor Set"): a mask of the banks
 * that follow, and those alone, 64 CPUs each.
 */
#include "cpus_priv.h"

#include <uk/assert.h>
#include <uk/hyperv.h>

#define FORMAT_SPARSE	UINT64_C(0)

unsigned int hyperv_nvps(uint32_t hints)
{
	return hints & UK_HYPERV_HINT_SETS ? HYPERV_NVPS : HYPERV_BANK;
}

void hyperv_set_add(struct hyperv_set *set, unsigned int vp)
{
	const unsigned int bank = vp / HYPERV_BANK;

	UK_ASSERT(bank < HYPERV_NBANKS);

	if (!(set->banks & UINT64_C(1) << bank))
		set->bank[bank] = 0;
	set->banks |= UINT64_C(1) << bank;
	set->bank[bank] |= UINT64_C(1) << vp % HYPERV_BANK;
}

unsigned int hyperv_set_write(const struct hyperv_set *set, uint64_t *word)
{
	unsigned int n = 0;

	word[0] = FORMAT_SPARSE;
	word[1] = set->banks;
	for (unsigned int i = 0; i < HYPERV_NBANKS; i++)
		if (set->banks & UINT64_C(1) << i)
			word[HYPERV_SET_HEAD + n++] = set->bank[i];
	return n;
}
