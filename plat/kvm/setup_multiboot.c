/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The multiboot information structure (Multiboot 0.6.96, 3.3).
 *
 * A loader without a memory map may still tell two sizes; then there is one
 * warning and memory above 16 MiB with a hole below it may go unused. Its
 * modules are where it chose; the first is the initrd.
 */
#include "setup_x86.h"

#include <stdbool.h>

#include <uk/bootinfo.h>
#include <uk/bootinfo_build.h>
#include <uk/errno.h>
#include <uk/print.h>
#include <uk/string.h>

#define INFO_LEN	68	/* to boot_loader_name */
#define INFO_FLAGS	0
#define INFO_MEM_LOWER	4	/* KiB from 0 */
#define INFO_MEM_UPPER	8	/* KiB from 1 MiB */
#define INFO_CMDLINE	16
#define INFO_MODS_COUNT	20
#define INFO_MODS_ADDR	24
#define INFO_MMAP_LEN	44
#define INFO_MMAP_ADDR	48
#define INFO_LOADER	64

#define FLAG_MEM	(1u << 0)
#define FLAG_CMDLINE	(1u << 2)
#define FLAG_MODS	(1u << 3)
#define FLAG_MMAP	(1u << 6)
#define FLAG_LOADER	(1u << 9)

#define MOD_LEN		16
#define MOD_START	0
#define MOD_END		4

/* An entry is @size bytes, not counting the size itself. */
#define ENTRY_SIZE	0
#define ENTRY_BASE	4
#define ENTRY_LENGTH	12
#define ENTRY_TYPE	20
#define ENTRY_MIN	20

#define LOADER_MAX	32

/* Longest path that is looked for before the command line. */
#define PATH_MAX_LEN	4096

static void read_map(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
		     uint32_t paddr, uint32_t len)
{
	const uint8_t *entry, *end;

	if (len == 0) {
		uk_bootinfo_refuse(bi, -EINVAL,
				   "multiboot: the memory map is empty");
		return;
	}
	entry = uk_fwmem_at(mem, paddr, len);
	if (!entry) {
		uk_bootinfo_refuse(bi, -EFAULT,
				   "multiboot: the memory map, %u bytes at "
				   "%#x, cannot be read", len, paddr);
		return;
	}

	end = entry + len;
	for (unsigned int n = 0; entry < end; n++) {
		const size_t left = (size_t)(end - entry);
		uint32_t size = 0;

		if (left >= sizeof(size))
			size = uk_fwmem_u32(entry, ENTRY_SIZE);
		if (left < sizeof(size) || size < ENTRY_MIN ||
		    size > left - sizeof(size) || n == KVM_E820_MAX) {
			uk_bootinfo_refuse(bi, -EINVAL,
					   "multiboot: entry %u of the memory "
					   "map says it has %u bytes, %zu are "
					   "left", n, size, left);
			return;
		}
		kvm_add_e820(bi, uk_fwmem_u64(entry, ENTRY_BASE),
			     uk_fwmem_u64(entry, ENTRY_LENGTH),
			     uk_fwmem_u32(entry, ENTRY_TYPE));
		entry += sizeof(size) + size;
	}
}

static void read_sizes(struct uk_bootinfo *bi, const uint8_t *info)
{
	uk_pr_warn("multiboot: no memory map, taking the two memory sizes");
	uk_bootinfo_add(bi, 0,
			uk_fwmem_u32(info, INFO_MEM_LOWER) * UINT64_C(1024),
			UK_REGION_FREE, UK_REGIONF_RAM);
	uk_bootinfo_add(bi, 0x100000,
			uk_fwmem_u32(info, INFO_MEM_UPPER) * UINT64_C(1024),
			UK_REGION_FREE, UK_REGIONF_RAM);
}

static void read_modules(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
			 uint32_t count, uint32_t paddr)
{
	const uint8_t *mod;
	uint32_t start, end;

	if (count == 0)
		return;
	if (count > 1)
		uk_pr_warn("multiboot: %u modules, only the first is used",
			   count);
	mod = uk_fwmem_at(mem, paddr, MOD_LEN);
	if (!mod) {
		uk_bootinfo_refuse(bi, -EFAULT,
				   "multiboot: the module list at %#x cannot "
				   "be read", paddr);
		return;
	}

	start = uk_fwmem_u32(mod, MOD_START);
	end = uk_fwmem_u32(mod, MOD_END);
	if (end < start)
		uk_bootinfo_refuse(bi, -EINVAL,
				   "multiboot: the module at %#x ends before "
				   "it, at %#x", start, end);
	else
		uk_bootinfo_set_initrd(bi, start, end - start);
}

/*
 * QEMU (7.2, hw/i386/multiboot.c) puts the path of the image before the
 * command line; GRUB 2 and the other protocols do not. A path with a blank in
 * it cannot be told from a command line.
 */
static void read_cmdline(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
			 uint32_t paddr)
{
	const bool with_path = uk_strcmp(bi->loader, "qemu") == 0;
	size_t len, skip = 0;
	const char *text = uk_fwmem_text(mem, paddr, PATH_MAX_LEN, &len);

	if (with_path && text) {
		while (skip < len && text[skip] != ' ' && text[skip] != '\0')
			skip++;
		if (skip < len && text[skip] == ' ')
			skip++;
	}
	kvm_read_cmdline(bi, mem, paddr + (uint64_t)skip);
}

/* A name that is too long or not there is no reason not to boot. */
static void read_loader(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
			uint32_t paddr)
{
	static char loader[LOADER_MAX];
	const char *text;
	size_t len;

	text = uk_fwmem_text(mem, paddr, sizeof(loader), &len);
	if (!text)
		return;
	memcpy(loader, text, len);
	loader[sizeof(loader) - 1] = '\0';
	bi->loader = loader;
}

void kvm_read_multiboot(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
			uint64_t paddr)
{
	const uint8_t *info = paddr ? uk_fwmem_at(mem, paddr, INFO_LEN) : NULL;
	uint32_t flags;

	if (!info) {
		uk_bootinfo_refuse(bi, -EFAULT,
				   "multiboot: no information at %#llx",
				   (unsigned long long)paddr);
		return;
	}

	flags = uk_fwmem_u32(info, INFO_FLAGS);
	kvm_add_pc_hole(bi);
	if (flags & FLAG_MMAP)
		read_map(bi, mem, uk_fwmem_u32(info, INFO_MMAP_ADDR),
			 uk_fwmem_u32(info, INFO_MMAP_LEN));
	else if (flags & FLAG_MEM)
		read_sizes(bi, info);
	else
		uk_bootinfo_refuse(bi, -EINVAL,
				   "multiboot: neither a memory map nor "
				   "memory sizes (flags %#x)", flags);

	if (flags & FLAG_LOADER)
		read_loader(bi, mem, uk_fwmem_u32(info, INFO_LOADER));
	if (flags & FLAG_CMDLINE)
		read_cmdline(bi, mem, uk_fwmem_u32(info, INFO_CMDLINE));
	if (flags & FLAG_MODS)
		read_modules(bi, mem, uk_fwmem_u32(info, INFO_MODS_COUNT),
			     uk_fwmem_u32(info, INFO_MODS_ADDR));
}
