/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/config.h>

/*
 * What the boot protocol told us, in one description for all protocols.
 *
 * plat/ fills it once from what firmware or the VMM left in memory; lib/
 * ukbootinfo sorts, merges and reserves; uk_boot() hands it on as const. From
 * then on nobody looks at a protocol's own structures. All addresses are
 * physical, all lengths bytes.
 *
 * After uk_bootinfo_finish() the regions are sorted by base, do not overlap,
 * begin and end on page boundaries and are not empty; neighbours of equal
 * type and flags are one region. The same machine gives the same regions
 * through every protocol.
 */

enum uk_region_type {
	UK_REGION_FREE,		/* RAM for the taking */
	UK_REGION_TEXT,		/* the image's code */
	UK_REGION_RODATA,	/* the image's constants */
	UK_REGION_DATA,		/* the image's data, .bss, boot stacks */
	UK_REGION_INITRD,
	UK_REGION_CMDLINE,	/* only where it is a page range of its own */
	UK_REGION_DTB,
	UK_REGION_ACPI,		/* ACPI tables, may be reclaimed after use */
	UK_REGION_RESERVED,	/* firmware's, or not known: never touched */
	UK_REGION_MMIO,
	UK_REGION_NTYPES
};

/* RAM by the memory map, whatever uses it; so it is in the linear map. */
#define UK_REGIONF_RAM		0x1u

struct uk_region {
	uint64_t base;
	uint64_t len;
	uint32_t type;		/* enum uk_region_type */
	uint32_t flags;		/* UK_REGIONF_… */
};

/* Where firmware says the console is; a driver takes its kind. */
enum uk_console_kind {
	UK_CONSOLE_NONE,	/* not told */
	UK_CONSOLE_NS16550_PORT,	/* base is an I/O port */
	UK_CONSOLE_NS16550_MMIO,
	UK_CONSOLE_PL011,
	UK_CONSOLE_SBSA,	/* the part of a PL011 that Arm's SBSA has */
};

struct uk_console_hint {
	uint64_t base;
	uint32_t kind;		/* enum uk_console_kind */
	uint32_t reg_shift;	/* registers are 1 << reg_shift bytes apart */
	uint32_t reg_width;	/* bytes per access, 1 or 4 */
	uint32_t irq;		/* 0: not told */
};

/* How PSCI of 0.2 or later is called (arm64, from the device tree). */
enum uk_psci_conduit {
	UK_PSCI_NONE,
	UK_PSCI_HVC,
	UK_PSCI_SMC,
};

#define UK_BOOTINFO_NREGIONS	CONFIG_LIBUKBOOTINFO_NREGIONS
#define UK_BOOTINFO_SEED	64

/* Who runs this machine, as far as the boot data says (a device tree). */
enum uk_hypervisor {
	UK_HYPERVISOR_NONE,	/* not told: it may be told by other means */
	UK_HYPERVISOR_XEN,
};

struct uk_bootinfo {
	const char *protocol;	/* "multiboot", "pvh", "linux64", "arm64" */
	const char *loader;	/* the VMM's name, "" where not told */

	/*
	 * The command line, NUL-terminated, copied into the image; "" where
	 * there is none. @cmdline_len is without NUL.
	 */
	const char *cmdline;
	size_t cmdline_len;

	uint64_t initrd_base;	/* len 0: no initrd */
	uint64_t initrd_len;
	uint64_t dtb;		/* 0: none */
	uint64_t dtb_len;	/* the used part */
	uint64_t rsdp;		/* ACPI root pointer; 0: not told */
	uint64_t efi_systab;	/* 0: none */
	uint64_t start_page;	/* below 1 MiB, for starting CPUs; 0: none */

	struct uk_console_hint console;
	uint32_t psci;		/* enum uk_psci_conduit */
	uint32_t hypervisor;	/* enum uk_hypervisor */

	/*
	 * Entropy from the loader (device tree /chosen/rng-seed); the bytes
	 * in the loader's own structure are wiped.
	 */
	uint32_t seed_len;	/* bytes used of @seed */
	uint8_t seed[UK_BOOTINFO_SEED];

	/*
	 * 0, or the negative errno with which plat/ refused what the loader
	 * gave; the reason is in the log. uk_boot() shows it and ends.
	 */
	int32_t refused;

	uint32_t paddr_bits;	/* bits of a physical address we use */
	uint32_t nadded;	/* regions the loader gave, before merging */
	uint32_t ndropped;	/* those there was no room for */
	uint32_t nregions;
	struct uk_region regions[UK_BOOTINFO_NREGIONS];
};

/*
 * Run the image: every stage of <uk/init.h>, main(), and the way down. @bi is
 * finished (lib/ukbootinfo) or refused, and lives forever. Called once, by
 * plat/, on the boot stack with interrupts off.
 *
 * Contract: implemented by lib/ukboot.
 */
UK_NORETURN void uk_boot(struct uk_bootinfo *bi);
