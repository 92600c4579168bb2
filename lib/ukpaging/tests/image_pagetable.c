/* SPDX-License-Identifier: BSD-3-Clause */
/* Page tables that this CPU uses. */
#include <uk/pagetable.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/trap.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/preempt.h>
#include <uk/string.h>
#include <uk/test.h>

#define PAGE	((uintptr_t)UKARCH_PAGE_SIZE)
#define VA	((uintptr_t)0x7654321000)
#define R	UK_PAGE_READ
#define RW	(UK_PAGE_READ | UK_PAGE_WRITE)
#define RX	(UK_PAGE_READ | UK_PAGE_EXEC)

/* Frames for tables and to be mapped: pages of the image. */
#define NFRAMES	32u
static uint64_t frames[NFRAMES][512] UK_ALIGNED(4096);
static bool taken[NFRAMES];

/* Where the image lies, the kernel's page table knows. */
static uint64_t paddr_of(const void *vaddr)
{
	struct uk_paging_leaf leaf;

	if (!UK_EXPECT_EQ(uk_paging_find(uk_paging_kernel(),
					 (uintptr_t)vaddr, &leaf), 0))
		return 0;
	return leaf.paddr + ((uintptr_t)vaddr - leaf.vaddr);
}

static int take(struct uk_falloc *fa UK_UNUSED, uint64_t *paddr,
		unsigned long nframes UK_UNUSED,
		unsigned long flags UK_UNUSED)
{
	for (unsigned int i = 0; i < NFRAMES; i++) {
		if (taken[i])
			continue;
		taken[i] = true;
		*paddr = paddr_of(frames[i]);
		return 0;
	}
	return -ENOMEM;
}

static int give(struct uk_falloc *fa UK_UNUSED, uint64_t paddr,
		unsigned long nframes)
{
	for (unsigned int i = 0; i < NFRAMES; i++) {
		if (paddr_of(frames[i]) - paddr < nframes * PAGE)
			taken[i] = false;
	}
	return 0;
}

static struct uk_falloc fa = { .falloc = take, .ffree = give };

static unsigned int ntaken(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < NFRAMES; i++)
		n += taken[i];
	return n;
}

static uint64_t new_frame(uint64_t val)
{
	uint64_t paddr = 0;

	UK_EXPECT_EQ(uk_falloc(&fa, &paddr, 1, 0), 0);
	*(uint64_t *)uk_phys_to_virt(paddr) = val;
	return paddr;
}

static uint64_t read_at(uintptr_t vaddr)
{
	return *(volatile uint64_t *)vaddr;
}

static void write_at(uintptr_t vaddr, uint64_t val)
{
	*(volatile uint64_t *)vaddr = val;
}

static void crash_read(void *vaddr)
{
	(void)read_at((uintptr_t)vaddr);
}

static void crash_write(void *vaddr)
{
	write_at((uintptr_t)vaddr, 1);
}

static void crash_call(void *vaddr)
{
	((void (*)(void))(uintptr_t)vaddr)();
}

#define PTR(vaddr)	((void *)(uintptr_t)(vaddr))

static bool begin(struct uk_pagetable *pt)
{
	if (!UK_EXPECT_EQ(uk_paging_create(pt, &fa), 0))
		return false;
	/* The cases keep their CPU: what is active is its. */
	uk_preempt_disable();
	uk_paging_activate(pt);
	return UK_EXPECT_EQ(uk_paging_active(), pt);
}

static void end(struct uk_pagetable *pt)
{
	uk_paging_activate(uk_paging_kernel());
	UK_EXPECT_EQ(uk_paging_active(), uk_paging_kernel());
	uk_preempt_enable();
	uk_paging_destroy(pt);
}

UK_TEST(lowhalf, what_is_written_through_a_mapping_is_in_its_frame)
{
	struct uk_pagetable pt;
	uint64_t paddr;

	if (!begin(&pt))
		return;
	paddr = new_frame(0);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, paddr, PAGE, RW, 0), 0);
	write_at(VA + 8, 0x1234);
	UK_EXPECT_EQ(((uint64_t *)uk_phys_to_virt(paddr))[1], 0x1234);
	((volatile uint64_t *)uk_phys_to_virt(paddr))[2] = 0x5678;
	UK_EXPECT_EQ(read_at(VA + 16), 0x5678);
	UK_EXPECT_EQ(uk_paging_unmap(&pt, VA, PAGE, UK_PAGING_FREE, NULL), 0);
	UK_EXPECT_CRASH(crash_read, PTR(VA));
	end(&pt);
	UK_EXPECT_EQ(ntaken(), 0);
}

/* With five levels: further up than four reach. */
UK_TEST(lowhalf, it_goes_as_far_as_the_levels_in_force)
{
	struct uk_pagetable pt;
	uintptr_t last;

	if (!begin(&pt))
		return;
	UK_EXPECT_EQ(pt.levels, ukarch_pt_levels());
	UK_EXPECT_EQ(pt.end, ukarch_low_end(ukarch_pt_levels()));
	last = pt.end - PAGE;
	UK_EXPECT_EQ(uk_paging_map(&pt, last, new_frame(1), PAGE, RW, 0), 0);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, new_frame(2), PAGE, RW, 0), 0);
	UK_EXPECT_EQ(read_at(last), 1);
	write_at(last, 3);
	UK_EXPECT_EQ(read_at(last), 3);
	UK_EXPECT_EQ(read_at(VA), 2);
	/* The lower bits alone are not the address. */
	UK_EXPECT_CRASH(crash_read, PTR(last & (UKARCH_LOW_END / 2 - 1)));
	UK_EXPECT_CRASH(crash_read, PTR(pt.end + PAGE));
	UK_EXPECT_EQ(uk_paging_map(&pt, pt.end, 0, PAGE, RW, 0), -ERANGE);
	UK_EXPECT_EQ(uk_paging_unmap(&pt, last, PAGE, UK_PAGING_FREE, NULL),
		     0);
	UK_EXPECT_CRASH(crash_read, PTR(last));
	UK_EXPECT_EQ(uk_paging_unmap(&pt, VA, PAGE, UK_PAGING_FREE, NULL), 0);
	end(&pt);
	UK_EXPECT_EQ(ntaken(), 0);
}

UK_TEST(lowhalf, a_right_that_is_taken_is_missed_at_once)
{
	struct uk_pagetable pt;

	if (!begin(&pt))
		return;
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, new_frame(1), PAGE, RW, 0), 0);
	write_at(VA, 2);
	UK_EXPECT_EQ(uk_paging_protect(&pt, VA, PAGE, R, 0, NULL), 0);
	UK_EXPECT_EQ(read_at(VA), 2);
	UK_EXPECT_CRASH(crash_write, PTR(VA));
	UK_EXPECT_EQ(uk_paging_protect(&pt, VA, PAGE, RW, 0, NULL), 0);
	write_at(VA, 3);
	UK_EXPECT_EQ(read_at(VA), 3);
	UK_EXPECT_CRASH(crash_call, PTR(VA));
	UK_EXPECT_EQ(uk_paging_unmap(&pt, VA, PAGE, UK_PAGING_FREE, NULL), 0);
	end(&pt);
}

#if defined(__x86_64__)
#define RETURN	UINT64_C(0xc3)

static void sync_code(uintptr_t vaddr UK_UNUSED)
{
}
#else
#define RETURN	UINT64_C(0xd65f03c0)

/* Written as data, to be fetched as code (Arm ARM B2.7.4.2). */
static void sync_code(uintptr_t vaddr)
{
	__asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0\n\t"
			 "dsb ish\n\tisb" : : "r"(vaddr) : "memory");
}
#endif

UK_TEST(lowhalf, only_what_is_executable_is_executed)
{
	struct uk_pagetable pt;

	if (!begin(&pt))
		return;
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, new_frame(RETURN), PAGE, R, 0),
		     0);
	UK_EXPECT_CRASH(crash_call, PTR(VA));
	sync_code(VA);
	UK_EXPECT_EQ(uk_paging_protect(&pt, VA, PAGE, RX, 0, NULL), 0);
	crash_call(PTR(VA));
	UK_EXPECT_CRASH(crash_write, PTR(VA));
	UK_EXPECT_EQ(uk_paging_unmap(&pt, VA, PAGE, UK_PAGING_FREE, NULL), 0);
	end(&pt);
}

UK_TEST(lowhalf, each_page_table_has_a_low_half_of_its_own)
{
	struct uk_pagetable a, b;

	if (!begin(&a))
		return;
	UK_EXPECT_EQ(uk_paging_create(&b, &fa), 0);
	UK_EXPECT_EQ(uk_paging_map(&a, VA, new_frame(1), PAGE, RW, 0), 0);
	UK_EXPECT_EQ(uk_paging_map(&b, VA, new_frame(2), PAGE, RW, 0), 0);
	for (unsigned int i = 0; i < 3; i++) {
		uk_paging_activate(&a);
		UK_EXPECT_EQ(read_at(VA), 1);
		uk_paging_activate(&b);
		UK_EXPECT_EQ(read_at(VA), 2);
	}
	uk_paging_activate(uk_paging_kernel());
	UK_EXPECT_CRASH(crash_read, PTR(VA));
	UK_EXPECT_EQ(uk_paging_unmap(&a, VA, PAGE, UK_PAGING_FREE, NULL), 0);
	UK_EXPECT_EQ(uk_paging_unmap(&b, VA, PAGE, UK_PAGING_FREE, NULL), 0);
	uk_paging_destroy(&b);
	end(&a);
	UK_EXPECT_EQ(ntaken(), 0);
}

UK_TEST(lowhalf, a_frame_that_replaces_another_is_seen_at_once)
{
	struct uk_pagetable pt;
	uint64_t old, next;

	if (!begin(&pt))
		return;
	old = new_frame(1);
	next = new_frame(2);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, old, PAGE, R, 0), 0);
	UK_EXPECT_EQ(read_at(VA), 1);
	UK_EXPECT_EQ(uk_paging_replace(&pt, VA, next, RW, 0, NULL), 0);
	UK_EXPECT_EQ(read_at(VA), 2);
	write_at(VA, 3);
	UK_EXPECT_EQ(*(uint64_t *)uk_phys_to_virt(old), 1);
	UK_EXPECT_EQ(uk_paging_unmap(&pt, VA, PAGE, UK_PAGING_FREE, NULL), 0);
	UK_EXPECT_EQ(uk_ffree(&fa, old, 1), 0);
	end(&pt);
	UK_EXPECT_EQ(ntaken(), 0);
}

/* 2 MiB of the image's, at a multiple of 2 MiB in both. */
static char large[2 * 0x200000] UK_ALIGNED(4096) UK_SECTION(".bss..raw");

UK_TEST(lowhalf, a_large_page_can_be_split_and_put_together_in_use)
{
	const uintptr_t va = (uintptr_t)0x40000000;
	struct uk_pagetable pt;
	uint64_t paddr = paddr_of(large);
	volatile char *at;

	if (!begin(&pt))
		return;
	paddr = (paddr + 0x1fffff) & ~UINT64_C(0x1fffff);
	at = uk_phys_to_virt(paddr);
	UK_EXPECT_EQ(uk_paging_map(&pt, va, paddr, 0x200000, RW, 0), 0);
	at[0x5000] = 5;
	UK_EXPECT_EQ(*(volatile char *)(va + 0x5000), 5);
	UK_EXPECT_EQ(uk_paging_protect(&pt, va + 0x5000, PAGE, R, 0, NULL),
		     0);
	UK_EXPECT_CRASH(crash_write, PTR(va + 0x5000));
	write_at(va + 0x4000, 7);
	UK_EXPECT_EQ(at[0x4000], 7);
	UK_EXPECT_EQ(uk_paging_protect(&pt, va + 0x5000, PAGE, RW, 0, NULL),
		     0);
	UK_EXPECT_EQ(uk_paging_merge(&pt, va, 0x200000, 0, NULL), 1);
	write_at(va + 0x5000, 9);
	UK_EXPECT_EQ(at[0x5000], 9);
	UK_EXPECT_EQ(uk_paging_unmap(&pt, va, 0x200000, 0, NULL), 0);
	UK_EXPECT_CRASH(crash_read, PTR(va));
	UK_EXPECT_EQ(pt.ntables, 0);
	end(&pt);
}

/* Pages that are mapped when they are missed; volatile: in a trap. */
static volatile struct {
	struct uk_pagetable *pt;
	unsigned int count;
} demand;

static enum uk_event_result on_fault(void *data)
{
	const struct uk_trap *const trap = data;
	const uintptr_t page = trap->addr & ~(PAGE - 1);

	if (!demand.pt || trap->mapped)
		return UK_EVENT_NOT_HANDLED;
	demand.count++;
	return uk_paging_map(demand.pt, page, new_frame(page), PAGE, RW,
			     0) == 0 ? UK_EVENT_HANDLED :
				       UK_EVENT_NOT_HANDLED;
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_page_fault, on_fault, 1);

UK_TEST(lowhalf, a_handler_of_page_faults_maps_what_is_missed)
{
	struct uk_pagetable pt;

	if (!begin(&pt))
		return;
	demand.count = 0;
	demand.pt = &pt;
	UK_EXPECT_EQ(read_at(VA), VA);
	write_at(VA + PAGE + 8, 5);
	UK_EXPECT_EQ(read_at(VA + PAGE), VA + PAGE);
	UK_EXPECT_EQ(read_at(VA + 8 * PAGE), VA + 8 * PAGE);
	demand.pt = NULL;
	UK_EXPECT_EQ(demand.count, 3);
	UK_EXPECT_EQ(uk_paging_unmap(&pt, VA, 16 * PAGE, UK_PAGING_FREE,
				     NULL), 0);
	end(&pt);
	UK_EXPECT_EQ(ntaken(), 0);
}

UK_TEST(highhalf, kernel_mappings_of_each_kind_are_in_every_address_space)
{
	static const unsigned int types[] = {
		UK_PAGE_WRITEBACK, UK_PAGE_WRITECOMBINE, UK_PAGE_UNCACHED,
		UK_PAGE_DEVICE,
	};
	struct uk_pagetable *const kernel = uk_paging_kernel();
	/* What no library has for itself. */
	const uintptr_t va = UKARCH_KMAP_END - 64 * PAGE;
	struct uk_pagetable pt;
	struct uk_paging_leaf leaf;

	/* It was made before the mappings. */
	if (!begin(&pt))
		return;
	for (unsigned int i = 0; i < 4; i++) {
		const uint64_t paddr = new_frame(0);

		UK_EXPECT_EQ(uk_paging_map(kernel, va + i * PAGE, paddr, PAGE,
					   RW | types[i], 0), 0);
		UK_EXPECT_EQ(uk_paging_find(kernel, va + i * PAGE, &leaf), 0);
		UK_EXPECT_EQ(leaf.prot, RW | types[i]);
		write_at(va + i * PAGE, 100 + i);
		UK_EXPECT_EQ(read_at(va + i * PAGE), 100 + i);
		UK_EXPECT_CRASH(crash_call, PTR(va + i * PAGE));
		UK_EXPECT_EQ(uk_paging_unmap(kernel, va + i * PAGE, PAGE, 0,
					     NULL), 0);
		UK_EXPECT_CRASH(crash_read, PTR(va + i * PAGE));
		UK_EXPECT_EQ(uk_ffree(&fa, paddr, 1), 0);
	}
	end(&pt);
}
