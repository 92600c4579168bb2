/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Into an ELF file by its PVH entry (Xen's x86/HVM direct boot ABI): 32-bit
 * protected mode, no paging, CR4 zero, and a start info in %ebx.
 *
 * The way down is in again_leap_x86.S. It runs at the begin of one block of the
 * heap, which the image to be loaded does not overlap, and has the block's own
 * page tables: the root of the running image, with the block's GiB mapped one
 * to one. All that the next image is told is in the block too, by physical
 * addresses; the memory map is the one that this image was told.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <uk/apic.h>
#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>

#include "again.h"
#include "again_x86.h"
#include "again_x86_mess.h"

/* ELF64: offsets and values (System V ABI, chapters 4 and 5). */
#define EHDR_LEN	64u
#define EHDR_PHOFF	32
#define EHDR_PHNUM	56
#define PHDR_LEN	56u
#define PHDR_TYPE	0
#define PHDR_OFFSET	8
#define PHDR_PADDR	24
#define PHDR_FILESZ	32
#define PHDR_MEMSZ	40
#define PT_LOAD		1u
#define PT_NOTE		4u

/* The note that PVH's entry is in: name "Xen", its type, 4 or 8 bytes. */
#define NOTE_ENTRY	18u
#define NOTE_LEN	20u
#define NOTE_TYPE	8
#define NOTE_VALUE	16

#define E820_RAM	1u
#define E820_RESERVED	2u
#define E820_ACPI	3u

#define START_MAGIC	0x336ec578u

struct segment {
	uint32_t to, from, len, zeros;
};

struct start_info {
	uint32_t magic, version, flags, nmodules;
	uint64_t modlist, cmdline, rsdp, memmap;
	uint32_t nmemmap, reserved;
};

struct module {
	uint64_t paddr, size, cmdline, reserved;
};

struct memory {
	uint64_t addr, size;
	uint32_t type, reserved;
};

struct block {
	uint8_t code[AGAIN_CODE_LEN];
	uint16_t gdtr[8];		/* limit, and base of 64 bits */
	uint32_t entry, info, nsegs, unused;
	struct segment segs[AGAIN_MAX_SEGS];
	uint64_t gdt[4];
	struct start_info start;
	struct module module;
	char stack[2048];		/* up to the end of the page */
	uint64_t pml4[UKARCH_PT_ENTRIES] UK_ALIGNED(4096);
	uint64_t pdpt[UKARCH_PT_ENTRIES];
	uint64_t pd[UKARCH_PT_ENTRIES];
	struct memory map[UK_BOOTINFO_NREGIONS];
};

_Static_assert(offsetof(struct block, gdtr) == AGAIN_GDTR, "for assembler");
_Static_assert(offsetof(struct block, entry) == AGAIN_ENTRY, "the same");
_Static_assert(offsetof(struct block, info) == AGAIN_INFO, "the same");
_Static_assert(offsetof(struct block, nsegs) == AGAIN_NSEGS, "the same");
_Static_assert(offsetof(struct block, segs) == AGAIN_SEGS, "the same");
_Static_assert(offsetof(struct block, pml4) == AGAIN_STACK_TOP, "the same");

/* again_leap_x86.S */
extern const uint8_t again_code[AGAIN_CODE_LEN];
UK_NORETURN void again_leap(uint64_t block, uint64_t root);

static struct block *block;

static uint64_t load(const uint8_t *at, unsigned int len)
{
	uint64_t val = 0;

	memcpy(&val, at, len);
	return val;
}

static int add_segment(const uint8_t *file, const uint8_t *phdr)
{
	const uint64_t len = load(phdr + PHDR_FILESZ, 8);

	if (block->nsegs == AGAIN_MAX_SEGS)
		return -1;
	block->segs[block->nsegs++] = (struct segment){
		.to = (uint32_t)load(phdr + PHDR_PADDR, 8),
		.from = (uint32_t)uk_virt_to_phys(file + load(phdr +
							     PHDR_OFFSET, 8)),
		.len = (uint32_t)len,
		.zeros = (uint32_t)(load(phdr + PHDR_MEMSZ, 8) - len),
	};
	return 0;
}

/* The build makes one note of it; the file is one that kiln run has booted. */
static void read_note(const uint8_t *file, const uint8_t *phdr)
{
	const uint8_t *const note = file + load(phdr + PHDR_OFFSET, 8);

	if (load(phdr + PHDR_FILESZ, 8) >= NOTE_LEN &&
	    load(note + NOTE_TYPE, 4) == NOTE_ENTRY)
		block->entry = (uint32_t)load(note + NOTE_VALUE, 4);
}

static int read_file(const uint8_t *file, uint64_t len)
{
	const uint8_t *phdr;

	if (len < EHDR_LEN || memcmp(file, "\177ELF\2", 5) != 0)
		return -1;
	phdr = file + load(file + EHDR_PHOFF, 8);
	for (uint64_t n = load(file + EHDR_PHNUM, 2); n > 0; n--) {
		const uint64_t type = load(phdr + PHDR_TYPE, 4);

		if (type == PT_LOAD && add_segment(file, phdr) < 0)
			return -1;
		if (type == PT_NOTE)
			read_note(file, phdr);
		phdr += PHDR_LEN;
	}
	return block->entry && block->nsegs ? 0 : -1;
}

static uint32_t memory_type(const struct uk_region *r)
{
	if (!(r->flags & UK_REGIONF_RAM))
		return E820_RESERVED;
	return r->type == UK_REGION_ACPI ? E820_ACPI : E820_RAM;
}

static void tell(const struct uk_bootinfo *bi, const char *cmdline)
{
	for (uint32_t i = 0; i < bi->nregions; i++)
		block->map[i] = (struct memory){
			.addr = bi->regions[i].base,
			.size = bi->regions[i].len,
			.type = memory_type(&bi->regions[i]),
		};
	block->module = (struct module){
		.paddr = bi->initrd_base,
		.size = bi->initrd_len,
	};
	block->start = (struct start_info){
		.magic = START_MAGIC,
		.version = 1,
		.nmodules = 1,
		.modlist = uk_virt_to_phys(&block->module),
		.cmdline = uk_virt_to_phys(cmdline),
		.rsdp = bi->rsdp,
		.memmap = uk_virt_to_phys(block->map),
		.nmemmap = bi->nregions,
	};
	block->info = (uint32_t)uk_virt_to_phys(&block->start);
}

static void describe(void)
{
	const uint64_t gdt = uk_virt_to_phys(block->gdt);

	block->gdt[AGAIN_CODE32 / 8] = UINT64_C(0x00cf9b000000ffff);
	block->gdt[AGAIN_DATA / 8] = UINT64_C(0x00cf93000000ffff);
	block->gdt[AGAIN_TSS / 8] = UINT64_C(0x0000890000000067);
	block->gdtr[0] = sizeof(block->gdt) - 1;
	memcpy(&block->gdtr[1], &gdt, sizeof(gdt));
}

static void map(void)
{
	const uint64_t gib = uk_virt_to_phys(block) >> 30;

	memcpy(block->pml4, uk_phys_to_virt(ukarch_pt_root()),
	       sizeof(block->pml4));
	block->pml4[0] = ukarch_pte_table(uk_virt_to_phys(block->pdpt));
	block->pdpt[gib] = ukarch_pte_table(uk_virt_to_phys(block->pd));
	for (unsigned int i = 0; i < UKARCH_PT_ENTRIES; i++)
		block->pd[i] = ukarch_pte_leaf(gib << 30 | (uint64_t)i << 21, 1,
					       UK_PAGE_READ | UK_PAGE_WRITE |
					       UK_PAGE_EXEC);
}

int again_prepare(const struct uk_bootinfo *bi, const char *cmdline)
{
	block = again_alloc(4096, sizeof(*block));
	if (!block)
		return -1;
	if (read_file(uk_phys_to_virt(bi->initrd_base), bi->initrd_len) < 0) {
		printf("again: the initrd is no image\n");
		return -1;
	}
	memcpy(block->code, again_code, sizeof(block->code));
	tell(bi, cmdline);
	describe();
	map();
	return 0;
}

/* INIT: it waits for the next image's STARTUP, whatever it did. */
void again_park(uint64_t hwid)
{
	if (uk_apic_send_init((uint32_t)hwid) < 0)
		printf("again: CPU %llx does not take INIT\n",
		       (unsigned long long)hwid);
}

void again_leave(void *unused)
{
	(void)unused;
}

void again_enter(int left)
{
	again_mess(left);
	again_leap(uk_virt_to_phys(block), uk_virt_to_phys(block->pml4));
}
