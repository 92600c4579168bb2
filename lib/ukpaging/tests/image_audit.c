/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tables of the running image, entry by entry, as the CPU reads them: what
 * is nowhere, and what is exactly where it belongs.
 */
#include <uk/pagetable.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/errno.h>
#include <uk/sections.h>
#include <uk/test.h>

#define PAGE	((uintptr_t)UKARCH_PAGE_SIZE)
#define WX	(UK_PAGE_WRITE | UK_PAGE_EXEC)

/* The bit that lets user mode (x86_64: U/S; arm64: AP[1]) access a page. */
#if defined(__x86_64__)
#define USER	UINT64_C(0x4)
#else
#define USER	UINT64_C(0x40)
#endif

/* What is wrong with leaves, counted, and the last such leaf. */
static struct audit {
	unsigned int nleaves;
	unsigned int user;	/* or tables on the way */
	unsigned int writable_code;
	unsigned int code_elsewhere;
	unsigned int not_global;
	unsigned int writable_constants;
	unsigned int error_pointers;
	uintptr_t text;		/* bytes of code */
	uintptr_t bad;
} audit;

static void note(unsigned int *what, uintptr_t vaddr)
{
	++*what;
	audit.bad = vaddr;
}

/* Does [@vaddr, @end) touch [@from, @to)? */
static bool touches(uintptr_t vaddr, uintptr_t end, uintptr_t from,
		    uintptr_t to)
{
	return vaddr < to && end > from;
}

static void look_at(uint64_t pte, unsigned int level, uintptr_t vaddr)
{
	const unsigned int prot = ukarch_pte_prot(pte);
	const uintptr_t len = (uintptr_t)1 << UKARCH_PT_SHIFT(level);
	const uintptr_t text = (uintptr_t)_text, rodata = (uintptr_t)_rodata;

	audit.nleaves++;
	if ((prot & WX) == WX)
		note(&audit.writable_code, vaddr);
	if (prot & UK_PAGE_EXEC) {
		if (vaddr < text || vaddr + len > (uintptr_t)_etext)
			note(&audit.code_elsewhere, vaddr);
		else
			audit.text += len;
	}
	if (!(prot & UK_PAGE_GLOBAL))
		note(&audit.not_global, vaddr);
	if (prot & UK_PAGE_WRITE) {
		/* The memory of text and constants, here and linearly. */
		struct uk_paging_leaf image;

		if (touches(vaddr, vaddr + len, text, (uintptr_t)_erodata))
			note(&audit.writable_constants, vaddr);
		if (uk_paging_find(uk_paging_kernel(), text, &image) == 0 &&
		    touches(ukarch_pte_paddr(pte), ukarch_pte_paddr(pte) +
			    len, image.paddr,
			    image.paddr + ((uintptr_t)_erodata - text)))
			note(&audit.writable_constants, vaddr);
	}
	if (vaddr + len - 1 >= -(uintptr_t)0x10000 || rodata == 0)
		note(&audit.error_pointers, vaddr);
}

static void walk(uint64_t table, unsigned int level, uintptr_t vaddr)
{
	const uint64_t *const entries = uk_phys_to_virt(table);
	const uintptr_t len = (uintptr_t)1 << UKARCH_PT_SHIFT(level);

	for (unsigned int i = 0; i < UKARCH_PT_ENTRIES; i++, vaddr += len) {
		const uint64_t pte = entries[i];

		/* The sign goes on from where the root's entries end. */
		if (level == ukarch_pt_levels() - 1 && i == 256 &&
		    UKARCH_PT_HIGH == 256)
			vaddr = -(256 * len);
		if (!ukarch_pte_present(pte))
			continue;
		if (ukarch_pte_is_leaf(pte, level)) {
			if (pte & USER)
				note(&audit.user, vaddr);
			look_at(pte, level, vaddr);
			continue;
		}
		/* arm64: bits of a table's entry that hold a count. */
		if (UKARCH_PT_COUNT_SHIFT > 2 && (pte & USER))
			note(&audit.user, vaddr);
		walk(ukarch_pte_paddr(pte), level - 1, vaddr);
	}
}

UK_TEST(audit, no_page_is_for_user_mode_or_both_written_and_executed)
{
	struct uk_paging_leaf leaf;
	const bool shared = UKARCH_PT_HIGH == 256;

	audit = (struct audit){ 0 };
	walk(uk_paging_kernel()->root, ukarch_pt_levels() - 1,
	     shared ? 0 : UKARCH_LINEAR_BASE);
	UK_EXPECT_GT(audit.nleaves, 0);
	UK_EXPECT_EQ(audit.user, 0);
	UK_EXPECT_EQ(audit.writable_code, 0);
	UK_EXPECT_EQ(audit.code_elsewhere, 0);
	UK_EXPECT_EQ(audit.not_global, 0);
	UK_EXPECT_EQ(audit.writable_constants, 0);
	UK_EXPECT_EQ(audit.error_pointers, 0);
	UK_EXPECT_EQ(audit.text, (uintptr_t)_etext - (uintptr_t)_text);
	if (audit.bad)
		UK_EXPECT_EQ(audit.bad, 0);
	/* And page 0 is nowhere. */
	UK_EXPECT_EQ(uk_paging_find(uk_paging_kernel(), 0, &leaf), -ENOENT);
}

static void read_byte(void *at)
{
	(void)*(volatile unsigned char *)at;
}

static void write_byte(void *at)
{
	*(volatile unsigned char *)at = 0;
}

static void call(void *at)
{
	((void (*)(void))(uintptr_t)at)();
}

static void *linear(const void *vaddr)
{
	struct uk_paging_leaf leaf;

	if (!UK_EXPECT_EQ(uk_paging_find(uk_paging_kernel(),
					 (uintptr_t)vaddr, &leaf), 0))
		return NULL;
	return uk_phys_to_virt(leaf.paddr + ((uintptr_t)vaddr - leaf.vaddr));
}

static unsigned char variable[16];

UK_TEST(audit, the_image_in_the_linear_map_is_only_read_or_only_written)
{
	read_byte(linear(_text));
	UK_EXPECT_CRASH(write_byte, linear(_text));
	UK_EXPECT_CRASH(call, linear((const void *)(uintptr_t)read_byte));
	UK_EXPECT_CRASH(write_byte, linear(_rodata));
	write_byte(linear(variable));
	UK_EXPECT_CRASH(call, linear(variable));
}

UK_TEST(audit, nothing_is_at_address_0_nor_where_error_numbers_point)
{
	UK_EXPECT_CRASH(read_byte, (void *)(variable[1] * PAGE));
	UK_EXPECT_CRASH(write_byte, (void *)(variable[1] * PAGE + 8));
	UK_EXPECT_CRASH(read_byte, (void *)-(uintptr_t)1);
	UK_EXPECT_CRASH(read_byte, (void *)-(uintptr_t)0x10000);
}
