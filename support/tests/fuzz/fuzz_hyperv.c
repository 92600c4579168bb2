/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as what Hyper-V tells: six leaves of CPUID, of 16 bytes each; a
 * reference TSC page, which another 24 bytes replace while it is read, so many
 * times as a byte says; a time; and ranges of pages and CPUs for its calls.
 */
#include "../../../drivers/hyperv/core/hyperv_priv.h"
#include "../../../drivers/hyperv/cpus/cpus_priv.h"
#include "../../../drivers/hyperv/timer/timer_priv.h"

#include "fuzz.h"

#define NLEAVES	6u
#define NRANGES	4u
#define PAGE	UINT64_C(4096)

static struct ukarch_cpuid leaves[NLEAVES];

static struct {
	struct hyperv_page page, next;
	unsigned int times, asked;
	uint64_t tsc;
} live;

static struct ukarch_cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)subleaf;
	if (leaf - 0x40000000 < NLEAVES)
		return leaves[leaf - 0x40000000];
	FUZZ_EXPECT(leaf == 1);
	return (struct ukarch_cpuid){ .ecx = 1u << 31 };
}

static uint64_t ticks(void)
{
	live.asked++;
	if (live.times > 0) {
		live.times--;
		live.next.sequence++;
		live.page = live.next;
	}
	return live.tsc;
}

static uint64_t counter(void)
{
	return 0;
}

static void take_page(struct fuzz_input *in, struct hyperv_page *page)
{
	page->sequence = (uint32_t)fuzz_take(in, 4);
	page->reserved = (uint32_t)fuzz_take(in, 4);
	page->scale = fuzz_take(in, 8);
	page->offset = fuzz_take(in, 8);
}

static void find(struct fuzz_input *in)
{
	struct uk_hyperv hv = { .build = 77 };

	for (unsigned int i = 0; i < NLEAVES; i++)
		leaves[i] = (struct ukarch_cpuid){
			(uint32_t)fuzz_take(in, 4), (uint32_t)fuzz_take(in, 4),
			(uint32_t)fuzz_take(in, 4), (uint32_t)fuzz_take(in, 4),
		};
	if (hyperv_find(cpuid, &hv) == 0)
		FUZZ_EXPECT(hv.features == leaves[3].eax &&
			    leaves[0].eax >= 0x40000005);
	else
		FUZZ_EXPECT(hv.build == 77);
}

static void tell_time(struct fuzz_input *in)
{
	uint64_t ns;

	take_page(in, &live.page);
	take_page(in, &live.next);
	live.times = (unsigned int)fuzz_take(in, 1);
	live.tsc = fuzz_take(in, 8);
	live.asked = 0;
	ns = fuzz_take(in, 8);
	if (hyperv_page_check(&live.page) == 0)
		FUZZ_EXPECT(hyperv_page_ticks(&live.page, ns) > 0);
	FUZZ_EXPECT(hyperv_page_ticks(&live.page, ns) <= HYPERV_MAX_TICKS);
	(void)hyperv_time(&live.page, ticks, counter);
	FUZZ_EXPECT(live.asked <= HYPERV_TRIES);
}

/*
 * What is flushed is all of the ranges, and nothing but pages; and those CPUs
 * are named that were meant.
 */
static void flush(struct fuzz_input *in)
{
	struct uk_paging_range range[NRANGES];
	struct hyperv_set set = { .banks = 0 };
	struct hyperv_in call;
	uint64_t npages = 0, control, told = 0;
	unsigned int gva = 3;

	for (unsigned int i = 0; i < NRANGES; i++) {
		range[i].vaddr = fuzz_take(in, 6) * PAGE;
		range[i].end = range[i].vaddr + fuzz_take(in, 3) * PAGE;
		if (range[i].end < range[i].vaddr)
			range[i].end = range[i].vaddr;
		npages += (range[i].end - range[i].vaddr) / PAGE;
	}
	do {
		hyperv_set_add(&set, fuzz_take(in, 2) % HYPERV_NVPS);
	} while (in->left > 0);
	control = hyperv_flush_fill(&call, &set, range, NRANGES);
	if (set.banks != 1) {
		FUZZ_EXPECT(call.word[3] == set.banks);
		gva = 4 + (control >> 17 & 0x3ff);
	} else {
		FUZZ_EXPECT(call.word[2] == set.bank[0]);
	}
	if ((uint16_t)control == UK_HYPERV_CALL_FLUSH_ALL ||
	    (uint16_t)control == UK_HYPERV_CALL_FLUSH_ALL_SET)
		return;
	FUZZ_EXPECT(control >> 32 <= HYPERV_FLUSH_NGVAS);
	for (unsigned int i = 0; i < control >> 32; i++)
		told += call.word[gva + i] % PAGE + 1;
	FUZZ_EXPECT(told == npages);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };

	find(&in);
	tell_time(&in);
	flush(&in);
	return 0;
}
