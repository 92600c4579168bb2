/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/fwmem.h>

struct uk_bootinfo;

/*
 * Read the boot data at @paddr into @bi, which uk_bootinfo_init() has begun;
 * uk_bootinfo_finish() comes after. Bad data is refused by
 * uk_bootinfo_refuse(), and what follows it is left out. Nothing but @mem is
 * read, nothing but @bi changed.
 */
typedef void (*kvm_read_fn)(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
			    uint64_t paddr);

void kvm_read_multiboot(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
			uint64_t paddr);
void kvm_read_pvh(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
		  uint64_t paddr);
void kvm_read_linux64(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
		      uint64_t paddr);

/* %ebx of the 64-bit entry if boot_params is above 4 GiB. */
#define KVM_LINUX64_TOO_HIGH	0xffffffff

/* More entries than this make no memory map. */
#define KVM_E820_MAX	1024

/* Add an entry of a memory map whose @type is that of ACPI 15, INT 15 E820. */
void kvm_add_e820(struct uk_bootinfo *bi, uint64_t base, uint64_t len,
		  uint32_t type);

/*
 * Add what every PC has and maps leave out: the range of adapters and
 * firmware below 1 MiB.
 */
void kvm_add_pc_hole(struct uk_bootinfo *bi);

/*
 * Set a page of RAM below 1 MiB apart, where other CPUs can begin; bi->
 * start_page says which, 0 if there is none. After the memory map is read.
 */
void kvm_take_start_page(struct uk_bootinfo *bi);

/* Take the command line at @paddr. */
void kvm_read_cmdline(struct uk_bootinfo *bi, const struct uk_fwmem *mem,
		      uint64_t paddr);

/* A crash is shown on COM1 until the console's driver is there. */
void kvm_early_init(void);
