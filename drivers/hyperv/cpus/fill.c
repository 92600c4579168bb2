/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A list of pages has the page in the upper bits of an entry, and in the lower
 * 12 how many more follow. Ranges that take more entries than there are become
 * a flush of everything: so long a list would take longer than that.
 */
#include "cpus_priv.h"

#include <uk/essentials.h>
#include <uk/hyperv.h>

#define FLAG_ALL_SPACES	UINT64_C(2)

#define PAGE		((uintptr_t)UK_HYPERV_PAGE_SIZE)
#define PAGES_PER_GVA	4096u

uint64_t hyperv_flush_fill(struct hyperv_flush *in, uint64_t mask,
			   const struct uk_paging_range *range,
			   unsigned int n)
{
	unsigned int ngvas = 0;

	in->space = 0;
	in->flags = FLAG_ALL_SPACES;
	in->mask = mask;
	for (unsigned int i = 0; i < n; i++) {
		uintptr_t vaddr = range[i].vaddr;

		while (vaddr < range[i].end) {
			const uintptr_t left = (range[i].end - vaddr) / PAGE;
			const uintptr_t npages = UK_MIN(left, PAGES_PER_GVA);

			if (ngvas == HYPERV_FLUSH_NGVAS)
				return UK_HYPERV_CALL_FLUSH_ALL;
			in->gva[ngvas++] = vaddr | (npages - 1);
			vaddr += npages * PAGE;
		}
	}
	return UK_HYPERV_CALL_FLUSH_LIST | UK_HYPERV_CALL_REPS(ngvas);
}
