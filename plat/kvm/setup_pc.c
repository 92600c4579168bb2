/* SPDX-License-Identifier: BSD-3-Clause */
/* What the readers of the three x86 boot protocols have in common. */
#include "setup_x86.h"

#include <uk/bootinfo.h>
#include <uk/bootinfo_build.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>

/* ACPI 6.4, table 15.4. */
#define E820_RAM	1
#define E820_ACPI	3

#define PC_HOLE		0xa0000
#define PC_HOLE_END	0x100000
#define PAGE		UINT64_C(4096)

void kvm_add_e820(struct uk_bootinfo *bi, uint64_t base, uint64_t len,
		  uint32_t type)
{
	if (type == E820_RAM)
		uk_bootinfo_add(bi, base, len, UK_REGION_FREE,
				UK_REGIONF_RAM);
	else if (type == E820_ACPI)
		uk_bootinfo_add(bi, base, len, UK_REGION_ACPI,
				UK_REGIONF_RAM);
	else
		uk_bootinfo_add(bi, base, len, UK_REGION_RESERVED, 0);
}

void kvm_add_pc_hole(struct uk_bootinfo *bi)
{
	uk_bootinfo_add(bi, PC_HOLE, PC_HOLE_END - PC_HOLE,
			UK_REGION_RESERVED, 0);
}

/* The last one, so that what is left stays in one piece. */
void kvm_take_start_page(struct uk_bootinfo *bi)
{
	uint64_t page = 0;

	for (uint32_t i = 0; i < bi->nregions; i++) {
		const struct uk_region *const r = &bi->regions[i];
		const uint64_t end = UK_MIN(r->base + r->len,
					    (uint64_t)PC_HOLE);

		if (r->type == UK_REGION_FREE && r->base < end)
			page = end - PAGE;
	}
	bi->start_page = page;
	if (page)
		uk_bootinfo_add(bi, page, PAGE, UK_REGION_RESERVED,
				UK_REGIONF_RAM);
}

void kvm_read_cmdline(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
		      uint64_t paddr)
{
	const char *text;
	size_t len;

	text = uk_fwmem_text(mem, paddr, CONFIG_LIBUKBOOTINFO_CMDLINE_MAX,
			    &len);
	if (!text)
		uk_bootinfo_refuse(bi, -EFAULT,
				   "the command line at %#llx cannot be read",
				   (unsigned long long)paddr);
	else
		uk_bootinfo_set_cmdline(bi, text, len);
}
