/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A kind of area from above: a file whose pages are kept by somebody else,
 * mapped for all who have it, or privately.
 */
#include "world.h"

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

#define AT	((uintptr_t)0x40000000)
#define NPAGES	8u
#define R	UK_TRAP_READ
#define W	UK_TRAP_WRITE

static struct {
	uint64_t page[NPAGES];	/* frames */
	int refs[NPAGES];	/* mappings of them */
	int opened;
	int held;		/* faults that are being served */
	int not_held;		/* pages that were asked for otherwise */
	unsigned int advice;
	uintptr_t advised;
	int error;		/* of the next reads */
	void (*meanwhile)(void);	/* called by the next read */
} file;

static int page_of(uint64_t paddr)
{
	for (unsigned int i = 0; i < NPAGES; i++)
		if (file.page[i] == paddr)
			return (int)i;
	return -1;
}

static int read_page(const struct uk_vma *vma, struct uk_vma_fault *fault)
{
	const uint64_t at = vma->offset + (fault->vaddr - vma->start);
	void (*const meanwhile)(void) = file.meanwhile;

	file.meanwhile = NULL;
	file.not_held += vma->ops->hold && file.held < 1;
	if (meanwhile)
		meanwhile();
	if (file.error)
		return file.error;
	if (at / PAGE >= NPAGES)
		return -ENXIO;
	fault->level = 0;
	fault->paddr = file.page[at / PAGE];
	file.refs[at / PAGE]++;
	return 0;
}

static int read_private(const struct uk_vma *vma, struct uk_vma_fault *fault)
{
	fault->shared = true;
	return read_page(vma, fault);
}

static bool put_page(const struct uk_vma *vma UK_UNUSED,
		     uintptr_t vaddr UK_UNUSED, uint64_t paddr,
		     size_t len UK_UNUSED)
{
	const int i = page_of(paddr);

	if (i < 0)
		return false;
	file.refs[i]--;
	return true;
}

static bool dup_page(const struct uk_vma *vma UK_UNUSED,
		     uintptr_t vaddr UK_UNUSED, uint64_t paddr,
		     size_t len UK_UNUSED)
{
	const int i = page_of(paddr);

	if (i < 0)
		return false;
	file.refs[i]++;
	return true;
}

static void open_file(const struct uk_vma *vma UK_UNUSED)
{
	file.opened++;
}

static void close_file(const struct uk_vma *vma UK_UNUSED)
{
	file.opened--;
}

static void hold_file(const struct uk_vma *vma UK_UNUSED)
{
	file.held++;
}

static void drop_file(const struct uk_vma *vma UK_UNUSED)
{
	file.held--;
}

static int note_advice(const struct uk_vma *vma UK_UNUSED, uintptr_t vaddr,
		       size_t len, unsigned int advice)
{
	file.advice = advice;
	file.advised = vaddr + len;
	return 0;
}

static const struct uk_vma_ops shared_file = {
	.name = "file",
	.fault = read_page, .put = put_page, .dup = dup_page,
	.open = open_file, .close = close_file,
	.hold = hold_file, .drop = drop_file,
	.advise = note_advice,
};

static const struct uk_vma_ops private_file = {
	.name = "private file",
	.fault = read_private, .put = put_page, .dup = dup_page,
	.open = open_file, .close = close_file,
	.hold = hold_file, .drop = drop_file,
};

static unsigned char *content(unsigned int page)
{
	return uk_phys_to_virt(file.page[page]);
}

static bool begin(void)
{
	if (!world_begin())
		return false;
	memset(&file, 0, sizeof(file));
	for (unsigned int i = 0; i < NPAGES; i++) {
		if (!UK_EXPECT_EQ(uk_falloc(&world.fa, &file.page[i], 1, 0),
				  0))
			return false;
		memset(content(i), (int)(0x10 + i), PAGE);
	}
	return true;
}

static void end(void)
{
	UK_EXPECT_EQ(uk_vas_destroy(&world.vas), 0);
	UK_EXPECT_EQ(file.held, 0);
	UK_EXPECT_EQ(file.not_held, 0);
	for (unsigned int i = 0; i < NPAGES; i++) {
		UK_EXPECT_EQ(file.refs[i], 0);
		UK_EXPECT_EQ(uk_ffree(&world.fa, file.page[i], 1), 0);
	}
	UK_EXPECT_EQ(file.opened, 0);
	UK_EXPECT_EQ(world.frames, 0);
}

static uintptr_t map(const struct uk_vma_ops *ops, unsigned int first,
		     unsigned int npages, unsigned int prot)
{
	struct uk_vma_request rq = {
		.vaddr = AT + first * PAGE,
		.len = npages * PAGE,
		.prot = prot,
		.flags = UK_VMA_EXACT,
		.ops = ops,
		.data = &file,
		.offset = first * PAGE,
	};

	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), 0);
	return rq.vaddr;
}

static unsigned char byte(unsigned int page, enum uk_trap_access access)
{
	const unsigned char *const p = world_at(AT + page * PAGE, access);

	return p ? *p : 0;
}

UK_TEST(vmem_file, pages_come_from_who_supplies_them_and_go_back)
{
	if (!begin())
		return;
	(void)map(&shared_file, 0, NPAGES, RW);
	UK_EXPECT_EQ(file.opened, 1);
	UK_EXPECT_EQ(byte(3, R), 0x13);
	*world_at(AT + 3 * PAGE, W) = 0x77;
	UK_EXPECT_EQ(content(3)[0], 0x77);
	UK_EXPECT_EQ(file.refs[3], 1);
	UK_EXPECT_EQ(file.refs[4], 0);
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, AT + 2 * PAGE, 3 * PAGE), 0);
	UK_EXPECT_EQ(file.refs[3], 0);
	UK_EXPECT_EQ(file.opened, 2);
	UK_EXPECT_EQ(byte(5, R), 0x15);
	/* Either end of what is left. */
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, AT, PAGE), 0);
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, AT + 7 * PAGE, PAGE), 0);
	UK_EXPECT_EQ(file.opened, 2);
	UK_EXPECT_EQ(byte(1, R), 0x11);
	UK_EXPECT_EQ(byte(6, R), 0x16);
	end();
}

UK_TEST(vmem_file, who_writes_to_a_private_page_has_its_own)
{
	struct uk_vas_stats stats;

	if (!begin())
		return;
	(void)map(&private_file, 0, NPAGES, RW);
	UK_EXPECT_EQ(byte(2, R), 0x12);
	UK_EXPECT_EQ(file.refs[2], 1);
	*world_at(AT + 2 * PAGE, W) = 0x99;
	UK_EXPECT_EQ(content(2)[0], 0x12);
	UK_EXPECT_EQ(file.refs[2], 0);
	UK_EXPECT_EQ(byte(2, R), 0x99);
	/* The rest of the page is the file's. */
	UK_EXPECT_EQ(world_at(AT + 2 * PAGE + 100, R)[0], 0x12);
	/* A first access that writes. */
	*world_at(AT + 4 * PAGE, W) = 0x98;
	UK_EXPECT_EQ(content(4)[0], 0x14);
	uk_vas_get_stats(&world.vas, &stats);
	UK_EXPECT_EQ(stats.ncopies, 2);
	UK_EXPECT_EQ(stats.resident, 2 * PAGE);

	/* Rights that go and come take no copy away and make none. */
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT, NPAGES * PAGE,
				    UK_PAGE_READ), 0);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT, NPAGES * PAGE, RW), 0);
	UK_EXPECT_EQ(byte(2, W), 0x99);
	UK_EXPECT_EQ(byte(5, R), 0x15);
	*world_at(AT + 5 * PAGE, W) = 1;
	UK_EXPECT_EQ(content(5)[0], 0x15);
	uk_vas_get_stats(&world.vas, &stats);
	UK_EXPECT_EQ(stats.ncopies, 3);
	end();
}

UK_TEST(vmem_file, parts_that_follow_each_other_in_the_file_are_joined)
{
	struct uk_vma_request other = {
		.vaddr = AT + 7 * PAGE, .len = PAGE, .prot = RW,
		.flags = UK_VMA_EXACT, .ops = &shared_file, .data = &file,
	};

	if (!begin())
		return;
	(void)map(&shared_file, 0, 2, RW);
	(void)map(&shared_file, 2, 2, RW);
	UK_EXPECT_EQ(world_nareas(), 1);
	UK_EXPECT_EQ(file.opened, 1);
	(void)map(&shared_file, 5, 2, RW);
	UK_EXPECT_EQ(world_nareas(), 2);
	(void)map(&private_file, 4, 1, RW);
	UK_EXPECT_EQ(world_nareas(), 3);
	UK_EXPECT_EQ(byte(6, R), 0x16);
	/* Side by side, but not in the file. */
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &other), 0);
	UK_EXPECT_EQ(world_nareas(), 4);
	UK_EXPECT_EQ(byte(7, R), 0x10);
	end();
}

UK_TEST(vmem_file, an_error_of_the_file_is_the_accesss)
{
	if (!begin())
		return;
	(void)map(&shared_file, 0, NPAGES + 1, RW);
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT + NPAGES * PAGE, R), -ENXIO);
	file.error = -EIO;
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT, R), -EIO);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, AT, 2 * PAGE,
				   UK_VMA_WILLNEED), -EIO);
	file.error = 0;
	UK_EXPECT_EQ(byte(0, R), 0x10);
	end();
}

UK_TEST(vmem_file, advice_that_is_not_for_memory_is_passed_on)
{
	if (!begin())
		return;
	(void)map(&shared_file, 0, 4, RW);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, AT + PAGE, PAGE,
				   UK_VMA_ADVICE_OPS + 3), 0);
	UK_EXPECT_EQ(file.advice, UK_VMA_ADVICE_OPS + 3);
	UK_EXPECT_EQ(file.advised, AT + 2 * PAGE);
	end();
}

static void unmap_all(void)
{
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, AT, NPAGES * PAGE), 0);
}

static void take_rights(void)
{
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT, PAGE, UK_PAGE_READ), 0);
}

static void touch_too(void)
{
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT, R), 0);
}

UK_TEST(vmem_file, an_area_that_goes_while_its_page_is_read_gets_none)
{
	if (!begin())
		return;
	(void)map(&shared_file, 0, NPAGES, RW);
	file.meanwhile = unmap_all;
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT, R), -EFAULT);
	UK_EXPECT(!world_is_mapped(AT));
	(void)map(&shared_file, 0, NPAGES, RW);
	file.meanwhile = take_rights;
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT, W), -EACCES);
	end();
}

UK_TEST(vmem_file, two_that_touch_a_page_at_once_get_one)
{
	struct uk_vas_stats stats;

	if (!begin())
		return;
	(void)map(&shared_file, 0, NPAGES, RW);
	file.meanwhile = touch_too;
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT, W), 0);
	UK_EXPECT_EQ(file.refs[0], 1);
	uk_vas_get_stats(&world.vas, &stats);
	UK_EXPECT_EQ(stats.resident, PAGE);
	UK_EXPECT_EQ(stats.nfaults, 1);
	end();
}

UK_TEST(vmem_file, no_memory_for_a_copy_leaves_the_page_readable)
{
	if (!begin())
		return;
	(void)map(&private_file, 0, 2, RW);
	UK_EXPECT_EQ(byte(1, R), 0x11);
	world.left = 0;
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT + PAGE, W), -ENOMEM);
	UK_EXPECT_EQ(byte(1, R), 0x11);
	UK_EXPECT_EQ(file.refs[1], 1);
	end();
}

UK_TEST(vmem_file, a_copy_shares_what_is_the_files_and_copies_what_is_private)
{
	static struct uk_vas copy;
	unsigned char *p;

	if (!begin())
		return;
	(void)map(&shared_file, 0, 2, RW);
	(void)map(&private_file, 4, 2, RW);
	p = world_at(AT + 4 * PAGE, W);
	if (UK_EXPECT_NOT_NULL(p))
		*p = 0xaa;
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT, W), 0);
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT + 5 * PAGE, R), 0);
	UK_EXPECT_EQ(uk_vas_copy(&copy, &world.vas), 0);
	UK_EXPECT_EQ(file.refs[0], 2);
	UK_EXPECT_EQ(file.refs[5], 2);
	UK_EXPECT_EQ(file.opened, 4);

	/* What is the file's is everybody's. */
	p = world_at_of(&copy, AT, W);
	if (UK_EXPECT(p == content(0)))
		*p = 0xbb;
	UK_EXPECT(world_at(AT, W) == content(0));

	/* What was private is so twice; what was only read, too. */
	p = world_at_of(&copy, AT + 4 * PAGE, W);
	if (UK_EXPECT_NOT_NULL(p)) {
		UK_EXPECT_EQ(*p, 0xaa);
		*p = 0xcc;
	}
	p = world_at(AT + 4 * PAGE, R);
	UK_EXPECT(p && *p == 0xaa);
	p = world_at_of(&copy, AT + 5 * PAGE, W);
	UK_EXPECT(p && p != content(5) && *p == 0x15);
	UK_EXPECT_EQ(file.refs[5], 1);
	UK_EXPECT_EQ(uk_vas_destroy(&copy), 0);
	end();
}

UK_TEST(vmem_file, a_kind_that_cannot_be_copied_is_refused)
{
	static const struct uk_vma_ops odd = {
		.name = "odd", .fault = read_page, .put = put_page,
	};
	static struct uk_vas copy;

	if (!begin())
		return;
	(void)map(&odd, 0, 2, RW);
	UK_EXPECT_EQ(uk_vas_copy(&copy, &world.vas), -ENOTSUP);
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, AT, 2 * PAGE), 0);
	UK_EXPECT_EQ(uk_vas_copy(&copy, &world.vas), 0);
	UK_EXPECT_EQ(uk_vas_destroy(&copy), 0);
	end();
}
