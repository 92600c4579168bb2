/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * struct hvm_start_info (Xen's x86/HVM direct boot ABI, arch-x86/hvm/
 * start_info.h in its public headers). Version 0 has no memory map: then who
 * runs the machine is asked for it.
 */
#include "setup_x86.h"

#include <uk/bootinfo.h>
#include <uk/bootinfo_build.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/event.h>
#include <uk/plat/memory.h>
#include <uk/print.h>

#define INFO_LEN	56
#define INFO_MAGIC	0
#define INFO_VERSION	4
#define INFO_NMODULES	12
#define INFO_MODLIST	16
#define INFO_CMDLINE	24
#define INFO_RSDP	32
#define INFO_MEMMAP	40
#define INFO_NMEMMAP	48

#define START_MAGIC	0x336ec578

#define MOD_LEN		32
#define MOD_PADDR	0
#define MOD_SIZE	8

#define ENTRY_LEN	24
#define ENTRY_BASE	0
#define ENTRY_LENGTH	8
#define ENTRY_TYPE	16

UK_EVENT(ukplat_asks_memory);

static void read_map(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
		     uint64_t paddr, uint32_t n)
{
	const uint8_t *map;

	if (n == 0 || n > KVM_E820_MAX) {
		uk_bootinfo_refuse(bi, -EINVAL,
				   "pvh: a memory map of %u entries", n);
		return;
	}
	map = uk_fwmem_at(mem, paddr, (uint64_t)n * ENTRY_LEN);
	if (!map) {
		uk_bootinfo_refuse(bi, -EFAULT,
				   "pvh: the memory map, %u entries at %#llx, "
				   "cannot be read", n,
				   (unsigned long long)paddr);
		return;
	}
	for (uint32_t i = 0; i < n; i++, map += ENTRY_LEN)
		kvm_add_e820(bi, uk_fwmem_u64(map, ENTRY_BASE),
			     uk_fwmem_u64(map, ENTRY_LENGTH),
			     uk_fwmem_u32(map, ENTRY_TYPE));
}

static void add_entry(void *bi, uint64_t base, uint64_t len, uint32_t type)
{
	kvm_add_e820(bi, base, len, type);
}

static void ask_map(struct uk_bootinfo *bi)
{
	struct ukplat_memory memory = { .add = add_entry, .arg = bi };

	if (!UK_IS_ENABLED(CONFIG_HAVE_HYPERVISOR) ||
	    uk_event_raise(ukplat_asks_memory, &memory) != UK_EVENT_HANDLED)
		uk_bootinfo_refuse(bi, -ENOTSUP,
				   "pvh: version 0 of the start info has no "
				   "memory map");
}

static void read_modules(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
			 uint32_t count, uint64_t paddr)
{
	const uint8_t *mod;

	if (count == 0)
		return;
	if (count > 1)
		uk_pr_warn("pvh: %u modules, only the first is used", count);
	mod = uk_fwmem_at(mem, paddr, MOD_LEN);
	if (mod)
		uk_bootinfo_set_initrd(bi, uk_fwmem_u64(mod, MOD_PADDR),
				       uk_fwmem_u64(mod, MOD_SIZE));
	else
		uk_bootinfo_refuse(bi, -EFAULT,
				   "pvh: the module list at %#llx cannot be "
				   "read", (unsigned long long)paddr);
}

void kvm_read_pvh(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
		  uint64_t paddr)
{
	const uint8_t *info = paddr ? uk_fwmem_at(mem, paddr, INFO_LEN) : NULL;
	uint64_t cmdline;

	if (!info) {
		uk_bootinfo_refuse(bi, -EFAULT, "pvh: no start info at %#llx",
				   (unsigned long long)paddr);
		return;
	}
	if (uk_fwmem_u32(info, INFO_MAGIC) != START_MAGIC) {
		uk_bootinfo_refuse(bi, -EINVAL,
				   "pvh: the start info at %#llx has the "
				   "magic %#x", (unsigned long long)paddr,
				   uk_fwmem_u32(info, INFO_MAGIC));
		return;
	}

	kvm_add_pc_hole(bi);
	if (uk_fwmem_u32(info, INFO_VERSION) == 0)
		ask_map(bi);
	else
		read_map(bi, mem, uk_fwmem_u64(info, INFO_MEMMAP),
			 uk_fwmem_u32(info, INFO_NMEMMAP));
	cmdline = uk_fwmem_u64(info, INFO_CMDLINE);
	if (cmdline)
		kvm_read_cmdline(bi, mem, cmdline);
	read_modules(bi, mem, uk_fwmem_u32(info, INFO_NMODULES),
		     uk_fwmem_u64(info, INFO_MODLIST));
	bi->rsdp = uk_fwmem_u64(info, INFO_RSDP);
}
