/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Texts that a loader left. Their length is not told, so they are taken page
 * by page: the page after the one with the NUL may be no memory at all.
 */
#include "loader_mem.h"

#include <uk/arch/cpu.h>

const char *kvm_mem_text(const struct kvm_mem *mem, uint64_t paddr,
			 size_t max, size_t *len)
{
	const char *text = NULL;
	size_t done = 0;

	while (done < max) {
		const uint64_t at = paddr + done;
		size_t n = UKARCH_PAGE_SIZE - at % UKARCH_PAGE_SIZE;
		const char *part, *nul;

		if (n > max - done)
			n = max - done;
		part = at < paddr ? NULL : kvm_mem_at(mem, at, n);
		if (!part)
			break;
		if (!text)
			text = part;
		nul = uk_memchr(part, '\0', n);
		if (nul) {
			done += (size_t)(nul - part) + 1;
			break;
		}
		done += n;
	}
	*len = done;
	return text;
}
