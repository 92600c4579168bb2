/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The input of calls. The hypervisor's first 64 CPUs are a mask, which each
 * hypervisor takes, and for an interrupt no memory is needed; for others it has
 * to be a set, which another call takes.
 *
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

/* How many entries the ranges take; -1: more than there are. */
static int fill_list(uint64_t *gva, const struct uk_paging_range *range,
		     unsigned int n)
{
	int ngvas = 0;

	for (unsigned int i = 0; i < n; i++) {
		uintptr_t vaddr = range[i].vaddr;

		while (vaddr < range[i].end) {
			const uintptr_t left = (range[i].end - vaddr) / PAGE;
			const uintptr_t npages = UK_MIN(left, PAGES_PER_GVA);

			if (ngvas == HYPERV_FLUSH_NGVAS)
				return -1;
			gva[ngvas++] = vaddr | (npages - 1);
			vaddr += npages * PAGE;
		}
	}
	return ngvas;
}

/* Is a mask enough? */
static bool is_short(const struct hyperv_set *set)
{
	return set->banks == 1;
}

uint64_t hyperv_flush_fill(struct hyperv_in *in, const struct hyperv_set *set,
			   const struct uk_paging_range *range,
			   unsigned int n)
{
	uint64_t *word = in->word;
	unsigned int nbanks = 0;
	int ngvas;

	*word++ = 0;			/* no address space, but */
	*word++ = FLAG_ALL_SPACES;
	if (is_short(set)) {
		*word++ = set->bank[0];
	} else {
		nbanks = hyperv_set_write(set, word);
		word += HYPERV_SET_HEAD + nbanks;
	}
	ngvas = fill_list(word, range, n);
	if (ngvas < 0)
		return is_short(set) ? UK_HYPERV_CALL_FLUSH_ALL :
		       UK_HYPERV_CALL_FLUSH_ALL_SET |
		       UK_HYPERV_CALL_BANKS(nbanks);
	return UK_HYPERV_CALL_REPS(ngvas) |
	       (is_short(set) ? UK_HYPERV_CALL_FLUSH_LIST :
		UK_HYPERV_CALL_FLUSH_LIST_SET | UK_HYPERV_CALL_BANKS(nbanks));
}

uint64_t hyperv_send_fill(struct hyperv_in *in, const struct hyperv_set *set,
			  unsigned int vector)
{
	in->word[0] = vector;
	if (is_short(set)) {
		in->word[1] = set->bank[0];
		return UK_HYPERV_CALL_IPI | UK_HYPERV_CALL_FAST;
	}
	return UK_HYPERV_CALL_IPI_SET |
	       UK_HYPERV_CALL_BANKS(hyperv_set_write(set, in->word + 1));
}
