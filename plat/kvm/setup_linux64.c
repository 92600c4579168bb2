/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * struct boot_params, the "zero page" of the Linux x86 boot protocol
 * (Documentation/arch/x86/zero-page and boot). A micro-VMM that loads an ELF
 * file fills the parts read here; the rest is about BIOS and bzImage.
 */
#include "setup_x86.h"

#include <uk/bootinfo.h>
#include <uk/bootinfo_build.h>
#include <uk/errno.h>

#define PARAMS_LEN		4096
#define PARAMS_RSDP		0x070
#define PARAMS_EXT_INITRD	0x0c0	/* upper 32 bits */
#define PARAMS_EXT_INITRD_LEN	0x0c4
#define PARAMS_EXT_CMDLINE	0x0c8
#define PARAMS_NE820		0x1e8	/* a byte */
#define PARAMS_MAGIC		0x202
#define PARAMS_INITRD		0x218
#define PARAMS_INITRD_LEN	0x21c
#define PARAMS_CMDLINE		0x228
#define PARAMS_E820		0x2d0

#define HEADER_MAGIC		0x53726448	/* "HdrS" */

#define E820_MAX		128
#define ENTRY_LEN		20
#define ENTRY_BASE		0
#define ENTRY_LENGTH		8
#define ENTRY_TYPE		16

/* A value of 64 bits whose halves are far apart. */
static uint64_t load_halves(const uint8_t *params, size_t low, size_t high)
{
	return uk_fwmem_u32(params, low) |
	       (uint64_t)uk_fwmem_u32(params, high) << 32;
}

static void read_map(struct uk_bootinfo *bi, const uint8_t *params)
{
	const uint8_t *entry = params + PARAMS_E820;
	const unsigned int n = params[PARAMS_NE820];

	if (n == 0 || n > E820_MAX) {
		uk_bootinfo_refuse(bi, -EINVAL,
				   "linux64: a memory map of %u entries", n);
		return;
	}
	for (unsigned int i = 0; i < n; i++, entry += ENTRY_LEN)
		kvm_add_e820(bi, uk_fwmem_u64(entry, ENTRY_BASE),
			     uk_fwmem_u64(entry, ENTRY_LENGTH),
			     uk_fwmem_u32(entry, ENTRY_TYPE));
}

void kvm_read_linux64(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
		      uint64_t paddr)
{
	const uint8_t *params;
	uint64_t cmdline;

	if (paddr == KVM_LINUX64_TOO_HIGH) {
		uk_bootinfo_refuse(bi, -EFAULT,
				   "linux64: boot_params is above 4 GiB");
		return;
	}
	params = paddr ? uk_fwmem_at(mem, paddr, PARAMS_LEN) : NULL;
	if (!params) {
		uk_bootinfo_refuse(bi, -EFAULT,
				   "linux64: no boot_params at %#llx",
				   (unsigned long long)paddr);
		return;
	}
	if (uk_fwmem_u32(params, PARAMS_MAGIC) != HEADER_MAGIC) {
		uk_bootinfo_refuse(bi, -EINVAL,
				   "linux64: boot_params at %#llx has the "
				   "magic %#x", (unsigned long long)paddr,
				   uk_fwmem_u32(params, PARAMS_MAGIC));
		return;
	}

	kvm_add_pc_hole(bi);
	read_map(bi, params);
	cmdline = load_halves(params, PARAMS_CMDLINE, PARAMS_EXT_CMDLINE);
	if (cmdline)
		kvm_read_cmdline(bi, mem, cmdline);
	uk_bootinfo_set_initrd(bi,
			       load_halves(params, PARAMS_INITRD,
					   PARAMS_EXT_INITRD),
			       load_halves(params, PARAMS_INITRD_LEN,
					   PARAMS_EXT_INITRD_LEN));
	bi->rsdp = uk_fwmem_u64(params, PARAMS_RSDP);
}
