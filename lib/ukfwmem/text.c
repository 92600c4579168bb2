/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Texts whose length is not told. They are taken page by page: the page after
 * the one with the NUL may be no memory at all.
 */
#include <uk/fwmem.h>

#include <uk/arch/cpu.h>
#include <uk/string.h>

const char *uk_fwmem_text(const struct uk_fwmem *mem, uint64_t paddr,
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
		part = at < paddr ? NULL : uk_fwmem_at(mem, at, n);
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
