/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a loader said, checked once, in the one form that the image knows.
 *
 * Every length is checked before an address is formed from it, and nothing is
 * read here but the command line: regions are numbers only, so no map, however
 * absurd, makes this code touch memory out of bounds. Reasons are logged; the
 * ring keeps them until there is a console.
 */
#include <uk/bootinfo_build.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

#include "bootinfo_priv.h"

#define PAGE	((uint64_t)UKARCH_PAGE_SIZE)

/* bi->cmdline points here; written once, at boot. */
static char cmdline[CONFIG_LIBUKBOOTINFO_CMDLINE_MAX];

void uk_bootinfo_set_refused(struct uk_bootinfo *bi, int err)
{
	UK_ASSERT(err < 0);

	if (!bi->refused)
		bi->refused = err;
}

static uint64_t paddr_limit(const struct uk_bootinfo *bi)
{
	return UINT64_C(1) << bi->paddr_bits;
}

static void add_image(struct uk_bootinfo *bi, uint64_t base, uint64_t end,
		      uint32_t type)
{
	UK_ASSERT(UK_IS_ALIGNED(base | end, PAGE) && base <= end);

	uk_bootinfo_add(bi, base, end - base, type, UK_REGIONF_RAM);
}

void uk_bootinfo_init(struct uk_bootinfo *bi, const char *protocol,
		      unsigned int paddr_bits,
		      const struct uk_bootinfo_image *image)
{
	bi->protocol = protocol;
	bi->loader = "";
	bi->cmdline = "";
	bi->cmdline_len = 0;
	bi->initrd_base = 0;
	bi->initrd_len = 0;
	bi->dtb = 0;
	bi->dtb_len = 0;
	bi->rsdp = 0;
	bi->efi_systab = 0;
	bi->console = (struct uk_console_hint){ .kind = UK_CONSOLE_NONE };
	bi->psci = UK_PSCI_NONE;
	bi->hypervisor = UK_HYPERVISOR_NONE;
	bi->seed_len = 0;
	bi->refused = 0;
	bi->paddr_bits = UK_MIN(paddr_bits, UK_BOOTINFO_PADDR_BITS_MAX);
	bi->nadded = 0;
	bi->ndropped = 0;
	bi->nregions = 0;

	add_image(bi, image->text, image->etext, UK_REGION_TEXT);
	add_image(bi, image->rodata, image->erodata, UK_REGION_RODATA);
	add_image(bi, image->data, image->end, UK_REGION_DATA);
	bi->nadded = 0;
}

void uk_bootinfo_add(struct uk_bootinfo *bi, uint64_t base, uint64_t len,
		     uint32_t type, uint32_t flags)
{
	const uint64_t limit = paddr_limit(bi);
	uint64_t end;

	bi->nadded++;
	if (len == 0 || base >= limit)
		return;
	if (type >= UK_REGION_NTYPES)
		type = UK_REGION_RESERVED;

	/* base < limit <= 2^46, so nothing below wraps. */
	end = len < limit - base ? base + len : limit;
	if (type == UK_REGION_FREE) {
		base = UK_ALIGN_UP(base, PAGE);
		end = UK_ALIGN_DOWN(end, PAGE);
	} else {
		base = UK_ALIGN_DOWN(base, PAGE);
		end = UK_ALIGN_UP(end, PAGE);
	}
	if (base >= end)
		return;

	if (!bootinfo_paint(bi, base, end, type, flags & UK_REGIONF_RAM))
		bi->ndropped++;
}

void uk_bootinfo_set_cmdline(struct uk_bootinfo *bi, const char *str,
			     size_t max)
{
	const size_t look = UK_MIN(max, sizeof(cmdline));
	size_t len;

	if (!str || max == 0)
		return;

	len = uk_strnlen(str, look);
	if (len == sizeof(cmdline)) {
		uk_bootinfo_refuse(bi, -E2BIG,
				   "the command line is longer than %zu bytes, "
				   "see CONFIG_LIBUKBOOTINFO_CMDLINE_MAX",
				   sizeof(cmdline) - 1);
		return;
	}
	if (len == look) {
		uk_bootinfo_refuse(bi, -EINVAL,
				   "the command line does not end within "
				   "its %zu bytes", max);
		return;
	}

	memcpy(cmdline, str, len);
	cmdline[len] = '\0';
	bi->cmdline = cmdline;
	bi->cmdline_len = len;
}

static bool overlap(uint64_t a, uint64_t alen, uint64_t b, uint64_t blen)
{
	return alen && blen && a < b + blen && b < a + alen;
}

/*
 * May the loader's @what be at @base? @other is where the other one of initrd
 * and device tree is, if it is known already.
 */
static bool place_ok(struct uk_bootinfo *bi, const char *what, uint64_t base,
		     uint64_t len, uint64_t other, uint64_t other_len)
{
	const uint64_t limit = paddr_limit(bi);

	if (len == 0)
		return false;
	if (base >= limit || len > limit - base) {
		uk_bootinfo_refuse(bi, -ERANGE,
				   "%s: %#llx bytes at %#llx are beyond %u-bit "
				   "physical addresses", what,
				   (unsigned long long)len,
				   (unsigned long long)base, bi->paddr_bits);
		return false;
	}
	if (bootinfo_hits_image(bi, base, base + len) ||
	    overlap(base, len, other, other_len)) {
		uk_bootinfo_refuse(bi, -EEXIST,
				   "%s: %#llx bytes at %#llx overlap %s", what,
				   (unsigned long long)len,
				   (unsigned long long)base,
				   overlap(base, len, other, other_len) ?
				   "the initrd or device tree" : "the image");
		return false;
	}
	return true;
}

void uk_bootinfo_set_initrd(struct uk_bootinfo *bi, uint64_t base,
			    uint64_t len)
{
	if (!place_ok(bi, "initrd", base, len, bi->dtb, bi->dtb_len))
		return;
	bi->initrd_base = base;
	bi->initrd_len = len;
	uk_bootinfo_add(bi, base, len, UK_REGION_INITRD, 0);
}

void uk_bootinfo_set_dtb(struct uk_bootinfo *bi, uint64_t base, uint64_t len)
{
	if (!place_ok(bi, "device tree", base, len, bi->initrd_base,
		      bi->initrd_len))
		return;
	bi->dtb = base;
	bi->dtb_len = len;
	uk_bootinfo_add(bi, base, len, UK_REGION_DTB, 0);
}

static bool any_free(const struct uk_bootinfo *bi)
{
	for (uint32_t i = 0; i < bi->nregions; i++)
		if (bi->regions[i].type == UK_REGION_FREE)
			return true;
	return false;
}

void uk_bootinfo_finish(struct uk_bootinfo *bi)
{
	bootinfo_drop_page0(bi);
	bootinfo_settle(bi);

	if (bi->ndropped)
		uk_bootinfo_refuse(bi, -ENOSPC,
				   "memory map: %u of %u regions do not fit "
				   "into %u, see CONFIG_LIBUKBOOTINFO_NREGIONS",
				   bi->ndropped, bi->nadded,
				   (unsigned int)UK_BOOTINFO_NREGIONS);
	if (!any_free(bi))
		uk_bootinfo_refuse(bi, -ENOMEM,
				   "memory map: no free memory in %u regions",
				   bi->nadded);
	if (bi->initrd_len && !bootinfo_is_ram(bi, bi->initrd_base,
					       bi->initrd_base +
					       bi->initrd_len))
		uk_bootinfo_refuse(bi, -EFAULT,
				   "initrd: %#llx bytes at %#llx are not in "
				   "RAM",
				   (unsigned long long)bi->initrd_len,
				   (unsigned long long)bi->initrd_base);
}
