/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses of a bus as addresses of the CPU (ranges, 2.3.8). */
#include "machine_priv.h"

bool fdt_translate(const struct level *level, unsigned int depth,
		   uint64_t *addr)
{
	/* The root's own children are in the CPU's space. */
	for (unsigned int i = depth - 2; i > 0; i--) {
		const struct level *bus = &level[i];
		const unsigned int nc = bus->addr_cells;
		const unsigned int np = level[i - 1].addr_cells;
		const unsigned int ns = bus->size_cells;
		const uint32_t step = (nc + np + ns) * 4;
		uint32_t off;

		if (!bus->ranges.p || nc > 2 || np > 2 || ns > 2)
			return false;
		if (bus->ranges.len == 0)
			continue;	/* the same addresses */

		for (off = 0; bus->ranges.len - off >= step; off += step) {
			const uint8_t *r = bus->ranges.p + off;
			const uint64_t child = uk_fdt_cells(r, nc);
			const uint64_t len = uk_fdt_cells(r + 4 * (nc + np),
							  ns);

			if (*addr < child || *addr - child >= len)
				continue;
			*addr = *addr - child + uk_fdt_cells(r + 4 * nc, np);
			break;
		}
		if (bus->ranges.len - off < step)
			return false;
	}
	return true;
}
