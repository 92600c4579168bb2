/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the device tree to struct uk_bootinfo, in one pass over it.
 *
 * The boot page tables map the image only. The tree is brought into the
 * linear map in two steps, as its length is in its header: the header, then
 * the used part. So nothing outside the tree is ever mapped cacheable, where
 * a device might be.
 *
 * A tree that cannot be read tells of no console and no power switch: then the
 * PL011 of QEMU's virt machine and the usual PSCI conduit are tried, so that
 * the reason is shown and the machine ends.
 */
#include "kvm_arm64.h"

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/bootinfo_build.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fdt.h>
#include <uk/fdt_machine.h>
#include <uk/paging.h>
#include <uk/psci.h>
#include <uk/sections.h>

static struct uk_bootinfo bootinfo;

static int add_memory(void *arg, uint64_t base, uint64_t len)
{
	uk_bootinfo_add(arg, base, len, UK_REGION_FREE, UK_REGIONF_RAM);
	return 0;
}

/* It may be no RAM at all; what is RAM a memory node says. */
static int add_reserved(void *arg, uint64_t base, uint64_t len)
{
	uk_bootinfo_add(arg, base, len, UK_REGION_RESERVED, 0);
	return 0;
}

/* Where the linker's symbol @sym lies in physical memory. */
static uint64_t image_paddr(const char *sym, uint64_t load)
{
	return (uint64_t)(uintptr_t)sym - UKARCH_IMAGE_BASE + load;
}

/*
 * Whole pages around the @len bytes at @paddr, readable and writable. What is
 * no RAM by any memory node is found out later, if at all: it ends in an abort.
 */
static int map_tree(uint64_t paddr, uint64_t len, const char **where)
{
	const uint64_t first = UK_ALIGN_DOWN(paddr, UKARCH_PAGE_SIZE);
	const uint64_t end = UK_ALIGN_UP(paddr + len, UKARCH_PAGE_SIZE);

	const int rc = uk_paging_map_linear(first, end - first,
					    UK_PAGE_READ | UK_PAGE_WRITE);

	if (rc < 0)
		*where = "there is no memory that can be mapped";
	return rc;
}

/* Find the tree at @dtb and check its frame. */
static int open_tree(struct uk_fdt *fdt, uint64_t dtb, const char **where)
{
	uint32_t extent;
	int rc;

	if (dtb == 0 || !UK_IS_ALIGNED(dtb, 8))
		return -EFAULT;

	rc = map_tree(dtb, UK_FDT_HEADER_LEN, where);
	if (rc == 0)
		rc = uk_fdt_extent(uk_phys_to_virt(dtb), UK_FDT_MAXLEN,
				   &extent);
	if (rc == 0)
		rc = map_tree(dtb, extent, where);
	if (rc == 0)
		rc = uk_fdt_open(fdt, uk_phys_to_virt(dtb), extent);
	return rc;
}

/* Take the loader's entropy, and leave none of it behind. */
static void take_seed(struct uk_bootinfo *bi, uint8_t *seed, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++) {
		/* What does not fit is folded in, not lost. */
		bi->seed[i % UK_BOOTINFO_SEED] ^= seed[i];
		UK_WRITE_ONCE(seed[i], 0);
	}
	bi->seed_len = UK_MIN(len, (uint32_t)UK_BOOTINFO_SEED);
}

static void set_psci(struct uk_bootinfo *bi,
		     const struct uk_fdt_machine *machine)
{
	const struct uk_psci_ids ids = {
		.cpu_suspend = machine->psci_cpu_suspend,
		.cpu_off = machine->psci_cpu_off,
		.cpu_on = machine->psci_cpu_on,
		.migrate = machine->psci_migrate,
	};

	if (machine->psci_is_0_1) {
		uk_psci_init_0_1(machine->psci, &ids);
		return;
	}
	bi->psci = machine->psci;
	uk_psci_init(machine->psci);
}

/* Returns 0, or an error after which @bi is refused. */
static int read_tree(struct uk_bootinfo *bi, uint64_t dtb)
{
	const struct uk_fdt_regions regions = {
		.memory = add_memory,
		.reserved = add_reserved,
		.arg = bi,
	};
	struct uk_fdt_machine machine;
	const char *where = NULL;
	struct uk_fdt fdt;
	int rc;

	rc = open_tree(&fdt, dtb, &where);
	if (rc == 0)
		rc = uk_fdt_machine_read(&fdt, &regions, &machine, &where);
	if (rc < 0) {
		uk_bootinfo_refuse(bi, rc, "device tree at 0x%llx: %s",
				   (unsigned long long)dtb,
				   where ? where : uk_fdt_strerror(rc));
		bi->console.kind = UK_CONSOLE_PL011;
		bi->console.base = CONFIG_KVM_PL011_BASE;
		return rc;
	}

	bi->console = machine.console;
	bi->hypervisor = machine.hypervisor;
	set_psci(bi, &machine);
	uk_bootinfo_set_dtb(bi, dtb, fdt.used);
	uk_bootinfo_set_cmdline(bi, machine.bootargs, machine.bootargs_len);
	if (machine.initrd_len)
		uk_bootinfo_set_initrd(bi, machine.initrd_base,
				       machine.initrd_len);
	take_seed(bi, (uint8_t *)uk_phys_to_virt(dtb) + machine.seed_off,
		  machine.seed_len);
	return 0;
}

void kvm_setup_fdt(uint64_t dtb, uint64_t load, unsigned int el)
{
	struct uk_bootinfo *bi = &bootinfo;
	const struct uk_bootinfo_image image = {
		.text = image_paddr(_text, load),
		.etext = image_paddr(_etext, load),
		.rodata = image_paddr(_rodata, load),
		.erodata = image_paddr(_erodata, load),
		.data = image_paddr(_data, load),
		.end = image_paddr(_end, load),
	};

	uk_bootinfo_init(bi, "arm64", ukarch_paddr_bits(), &image);
	uk_paging_init(bi);
	kvm_early_init(bi);

	/*
	 * Until the tree says how, and if it cannot be read: whoever starts
	 * an image at EL2 is at EL3 himself, if anywhere.
	 */
	uk_psci_init(el == 2 ? UK_PSCI_SMC : UK_PSCI_HVC);
	if (read_tree(bi, dtb) == 0)
		uk_bootinfo_finish(bi);
	uk_boot(bi);
}
