/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Into an Image ("Booting AArch64 Linux"), at the address of the running one.
 *
 * What copies it is in again_leap_arm64.S, and runs at the begin of one block
 * of the heap, in the low half: there the block's GiB is mapped one to one, so
 * that the MMU can go off under it. The device tree is a copy of this image's
 * with another command line of the same length.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/bits/arch/cache.h>
#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/fdt.h>
#include <uk/psci.h>
#include <uk/time.h>

#include "again.h"
#include "again_arm64.h"
#include "again_arm64_mess.h"

#define IMAGE_OFFSET	8	/* of the load address, from 2 MiB */
#define IMAGE_SIZE	16
#define IMAGE_MAGIC	56
#define IMAGE_HEADER	64u

#define PATIENCE_NS	UK_TIME_NS_PER_SEC

struct block {
	uint8_t code[AGAIN_CODE_LEN];
	uint64_t to, from, len, size, dtb;
	uint64_t root[UKARCH_PT_ENTRIES] UK_ALIGNED(4096);
	uint64_t gibs[UKARCH_PT_ENTRIES];
};

_Static_assert(offsetof(struct block, to) == AGAIN_TO, "again_leap_arm64.S");
_Static_assert(offsetof(struct block, from) == AGAIN_FROM, "the same");
_Static_assert(offsetof(struct block, len) == AGAIN_LEN, "the same");
_Static_assert(offsetof(struct block, size) == AGAIN_SIZE, "the same");
_Static_assert(offsetof(struct block, dtb) == AGAIN_DTB, "the same");

/* again_leap_arm64.S */
extern const uint8_t again_code[AGAIN_CODE_LEN];
UK_NORETURN void again_leap(uint64_t block);

static struct block *block;

static uint64_t load(const uint8_t *at)
{
	uint64_t val;

	memcpy(&val, at, sizeof(val));
	return val;
}

static int read_file(const struct uk_bootinfo *bi, const uint8_t *file)
{
	if (bi->initrd_len < IMAGE_HEADER ||
	    memcmp(file + IMAGE_MAGIC, "ARM\x64", 4) != 0 ||
	    load(file + IMAGE_OFFSET) != 0)
		return -1;
	block->from = bi->initrd_base;
	block->len = UK_ALIGN_UP(bi->initrd_len, UINT64_C(16));
	block->size = UK_ALIGN_UP(load(file + IMAGE_SIZE), UINT64_C(16));
	for (uint32_t i = 0; i < bi->nregions; i++)
		if (bi->regions[i].type == UK_REGION_TEXT)
			block->to = bi->regions[i].base;
	return block->to ? 0 : -1;
}

/* There is one property of that name. */
static char *find_bootargs(const uint8_t *dtb, uint64_t len, uint32_t *room)
{
	struct uk_fdt_cursor at;
	struct uk_fdt fdt;
	int token = uk_fdt_open(&fdt, dtb, len);

	if (token < 0)
		return NULL;
	uk_fdt_begin(&at, &fdt);
	while ((token = uk_fdt_next(&at)) > UK_FDT_END)
		if (token == UK_FDT_PROP && strcmp(at.name, "bootargs") == 0) {
			*room = at.len;
			return (char *)(uintptr_t)at.val;
		}
	return NULL;
}

static int make_tree(const struct uk_bootinfo *bi, const char *cmdline)
{
	uint8_t *const dtb = again_alloc(16, bi->dtb_len);
	uint32_t room = 0;
	char *bootargs;

	if (!dtb)
		return -1;
	memcpy(dtb, uk_phys_to_virt(bi->dtb), bi->dtb_len);
	bootargs = find_bootargs(dtb, bi->dtb_len, &room);
	if (!bootargs || strlen(cmdline) >= room)
		return -1;
	memset(bootargs, 0, room);
	memcpy(bootargs, cmdline, strlen(cmdline));
	ukarch_dcache_flush(dtb, bi->dtb_len);
	block->dtb = uk_virt_to_phys(dtb);
	return 0;
}

static void map(void)
{
	const uint64_t gib = uk_virt_to_phys(block) >> 30;

	block->root[0] = ukarch_pte_table(uk_virt_to_phys(block->gibs));
	block->gibs[gib] = ukarch_pte_leaf(gib << 30, 2,
					   UK_PAGE_READ | UK_PAGE_EXEC);
	ukarch_pt_publish();
}

int again_prepare(const struct uk_bootinfo *bi, const char *cmdline)
{
	uint8_t *const file = uk_phys_to_virt(bi->initrd_base);

	block = again_alloc(4096, sizeof(*block));
	if (!block)
		return -1;
	if (read_file(bi, file) < 0 || make_tree(bi, cmdline) < 0) {
		printf("again: the initrd is no image, or the tree no tree\n");
		return -1;
	}
	memcpy(block->code, again_code, sizeof(block->code));
	map();
	ukarch_dcache_flush(block, sizeof(*block));
	ukarch_dcache_flush(file, bi->initrd_len);
	return 0;
}

void again_leave(void *unused)
{
	(void)unused;
	if (uk_psci_cpu_off() < 0)
		printf("again: a CPU cannot be switched off\n");
}

/* It is on its way out: again_leave(). */
void again_park(uint64_t hwid)
{
	const uint64_t end = uk_time_now() + PATIENCE_NS;

	while (uk_psci_affinity_info(hwid, 0) != UK_PSCI_AFFINITY_OFF)
		if (uk_time_now() > end) {
			printf("again: CPU %llx stays on\n",
			       (unsigned long long)hwid);
			break;
		}
}

void again_enter(int left)
{
	ukarch_pt_activate(uk_virt_to_phys(block->root));
	__asm__ volatile("ic iallu\n\tdsb sy\n\tisb" : : : "memory");
	again_mess(left);
	again_leap(uk_virt_to_phys(block));
}
