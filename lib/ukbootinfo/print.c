/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/bootinfo_build.h>

#include <uk/log.h>

static const char *const names[UK_REGION_NTYPES] = {
	[UK_REGION_FREE] = "free",
	[UK_REGION_TEXT] = "text",
	[UK_REGION_RODATA] = "rodata",
	[UK_REGION_DATA] = "data",
	[UK_REGION_INITRD] = "initrd",
	[UK_REGION_CMDLINE] = "cmdline",
	[UK_REGION_DTB] = "dtb",
	[UK_REGION_ACPI] = "acpi",
	[UK_REGION_RESERVED] = "reserved",
	[UK_REGION_MMIO] = "mmio",
};

const char *uk_region_type_name(uint32_t type)
{
	return type < UK_REGION_NTYPES ? names[type] : "?";
}

static void print_range(const char *what, uint64_t base, uint64_t len)
{
	if (len)
		uk_log_plain("bootinfo: %s %016llx-%016llx", what,
			     (unsigned long long)base,
			     (unsigned long long)(base + len));
}

static void print_addr(const char *what, uint64_t paddr)
{
	if (paddr)
		uk_log_plain("bootinfo: %s %016llx", what,
			     (unsigned long long)paddr);
}

void uk_bootinfo_print(const struct uk_bootinfo *bi)
{
	for (uint32_t i = 0; i < bi->nregions; i++) {
		const struct uk_region *r = &bi->regions[i];

		uk_log_plain("bootinfo: %016llx-%016llx %s%s",
			     (unsigned long long)r->base,
			     (unsigned long long)(r->base + r->len),
			     uk_region_type_name(r->type),
			     r->flags & UK_REGIONF_RAM ? " ram" : "");
	}
	uk_log_plain("bootinfo: protocol %s", bi->protocol);
	if (bi->loader[0])
		uk_log_plain("bootinfo: loader %s", bi->loader);
	uk_log_plain("bootinfo: cmdline %s", bi->cmdline);
	print_range("initrd", bi->initrd_base, bi->initrd_len);
	print_range("dtb", bi->dtb, bi->dtb_len);
	print_addr("rsdp", bi->rsdp);
	print_addr("efi-systab", bi->efi_systab);
}
