/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CPUs and ranges of pages as the hypervisor wants them: some words, and a
 * hypervisor that reads them as the specification has it.
 */
#include "../cpus_priv.h"

#include <uk/essentials.h>
#include <uk/hyperv.h>
#include <uk/test.h>

#define PAGE	UINT64_C(4096)

static struct hyperv_in in;

/* What a call means. */
static struct {
	unsigned int code, ncpus, ngvas;
	uint64_t bank[64];
	const uint64_t *gva;
} hv;

static void read_set(const uint64_t *word, unsigned int nbanks)
{
	const uint64_t banks = word[1];
	unsigned int n = 0;

	UK_EXPECT_EQ(word[0], 0);
	UK_EXPECT_EQ((unsigned int)__builtin_popcountll(banks), nbanks);
	for (unsigned int i = 0; i < 64; i++)
		hv.bank[i] = banks >> i & 1 ? word[2 + n++] : 0;
}

static void take(uint64_t control)
{
	const unsigned int nbanks = control >> 17 & 0x3ff;
	const uint64_t *cpus;

	hv.code = (uint16_t)control;
	hv.ngvas = control >> 32 & 0xfff;
	cpus = hv.code == UK_HYPERV_CALL_IPI ||
	       hv.code == UK_HYPERV_CALL_IPI_SET ? in.word + 1 : in.word + 2;
	hv.gva = cpus + (nbanks ? 2 + nbanks : 1);
	hv.bank[0] = *cpus;
	for (unsigned int i = 1; i < 64; i++)
		hv.bank[i] = 0;
	if (hv.code >= UK_HYPERV_CALL_FLUSH_ALL_SET)
		read_set(cpus, nbanks);
	hv.ncpus = 0;
	for (unsigned int i = 0; i < 64; i++)
		hv.ncpus += (unsigned int)__builtin_popcountll(hv.bank[i]);
}

/* Bit 0: the first of @vps, and so on. */
static void make(struct hyperv_set *set, const unsigned int *vps,
		 unsigned int n)
{
	set->banks = 0;
	for (unsigned int i = 0; i < n; i++)
		hyperv_set_add(set, vps[i]);
}

static void flush(const unsigned int *vps, unsigned int nvps,
		  const struct uk_paging_range *range, unsigned int n)
{
	struct hyperv_set set;

	make(&set, vps, nvps);
	take(hyperv_flush_fill(&in, &set, range, n));
	/* In whatever address space; the set names the CPUs. */
	UK_EXPECT_EQ(in.word[0], 0);
	UK_EXPECT_EQ(in.word[1], 2);
	for (unsigned int i = 0; i < nvps; i++)
		UK_EXPECT(hv.bank[vps[i] / 64] >> vps[i] % 64 & 1);
	UK_EXPECT_EQ(hv.ncpus, nvps);
}

static const unsigned int two[] = { 1, 2 };
static const unsigned int beyond[] = { 1, 64, 127, 1023 };

UK_TEST(hyperv_fill, a_page_is_an_entry_with_none_that_follow)
{
	const struct uk_paging_range r = { 0x5000, 0x6000 };

	flush(two, 2, &r, 1);
	UK_EXPECT_EQ(hv.code, UK_HYPERV_CALL_FLUSH_LIST);
	UK_EXPECT_EQ(hv.ngvas, 1);
	UK_EXPECT_EQ(hv.gva[0], 0x5000);
	UK_EXPECT_EQ(in.word[2], 6);
}

UK_TEST(hyperv_fill, a_range_is_an_entry_for_4096_pages)
{
	const struct uk_paging_range r[] = {
		{ 0x100000000, 0x100000000 + 4096 * PAGE },
		{ 0x200000000, 0x200000000 + 4097 * PAGE },
	};

	flush(two, 2, r, 2);
	UK_EXPECT_EQ(hv.ngvas, 3);
	UK_EXPECT_EQ(hv.gva[0], 0x100000fff);
	UK_EXPECT_EQ(hv.gva[1], 0x200000fff);
	UK_EXPECT_EQ(hv.gva[2], 0x200000000 + 4096 * PAGE);
}

UK_TEST(hyperv_fill, what_does_not_fit_in_the_list_is_a_flush_of_all)
{
	struct uk_paging_range r = {
		0x1000, 0x1000 + HYPERV_FLUSH_NGVAS * 4096 * PAGE,
	};

	flush(two, 2, &r, 1);
	UK_EXPECT_EQ(hv.ngvas, HYPERV_FLUSH_NGVAS);
	r.end += PAGE;
	flush(two, 2, &r, 1);
	UK_EXPECT_EQ(hv.code, UK_HYPERV_CALL_FLUSH_ALL);
	UK_EXPECT_EQ(hv.ngvas, 0);
	/* All of the high half, up to its last page. */
	r = (struct uk_paging_range){ 0xffff800000000000,
				      0xfffffffffffff000 };
	flush(two, 2, &r, 1);
	UK_EXPECT_EQ(hv.code, UK_HYPERV_CALL_FLUSH_ALL);
}

UK_TEST(hyperv_fill, cpus_beyond_64_are_a_set_with_only_the_banks_it_has)
{
	const struct uk_paging_range r = { 0x5000, 0x6000 };
	const struct uk_paging_range all = { 0, 0xfffffffffffff000 };

	flush(beyond, 4, &r, 1);
	UK_EXPECT_EQ(hv.code, UK_HYPERV_CALL_FLUSH_LIST_SET);
	UK_EXPECT_EQ(hv.ngvas, 1);
	UK_EXPECT_EQ(hv.gva[0], 0x5000);
	flush(beyond, 4, &all, 1);
	UK_EXPECT_EQ(hv.code, UK_HYPERV_CALL_FLUSH_ALL_SET);
	UK_EXPECT_EQ(hv.ngvas, 0);
	/* Alone it is no mask either. */
	flush(beyond + 1, 1, &r, 1);
	UK_EXPECT_EQ(hv.code, UK_HYPERV_CALL_FLUSH_LIST_SET);
	UK_EXPECT_EQ(hv.gva[0], 0x5000);
}

UK_TEST(hyperv_fill, the_largest_set_and_the_longest_list_fit)
{
	const struct uk_paging_range r = {
		0x1000, 0x1000 + HYPERV_FLUSH_NGVAS * 4096 * PAGE,
	};
	struct hyperv_set set = { .banks = 0 };

	for (unsigned int vp = 0; vp < HYPERV_NVPS; vp++)
		hyperv_set_add(&set, vp);
	take(hyperv_flush_fill(&in, &set, &r, 1));
	UK_EXPECT_EQ(hv.ncpus, HYPERV_NVPS);
	UK_EXPECT_EQ(hv.ngvas, HYPERV_FLUSH_NGVAS);
	UK_EXPECT(hv.gva + hv.ngvas <= in.word + UK_ARRAY_SIZE(in.word));
	for (unsigned int i = 0; i < hv.ngvas; i++)
		UK_EXPECT_EQ(hv.gva[i], (0x1000 + i * 4096 * PAGE) | 0xfff);
}

UK_TEST(hyperv_fill, an_interrupt_is_two_words_or_a_set)
{
	struct hyperv_set set;
	uint64_t control;

	make(&set, two, 2);
	control = hyperv_send_fill(&in, &set, 0xe1);
	take(control);
	UK_EXPECT_EQ(hv.code, UK_HYPERV_CALL_IPI);
	UK_EXPECT(control & UK_HYPERV_CALL_FAST);
	UK_EXPECT_EQ(in.word[0], 0xe1);
	UK_EXPECT_EQ(in.word[1], 6);
	make(&set, beyond, 4);
	control = hyperv_send_fill(&in, &set, 0xe1);
	take(control);
	UK_EXPECT_EQ(hv.code, UK_HYPERV_CALL_IPI_SET);
	UK_EXPECT(!(control & UK_HYPERV_CALL_FAST));
	UK_EXPECT_EQ(in.word[0], 0xe1);
	UK_EXPECT_EQ(hv.bank[0], 2);
	UK_EXPECT_EQ(hv.bank[1], UINT64_C(1) << 63 | 1);
	UK_EXPECT_EQ(hv.bank[15], UINT64_C(1) << 63);
	UK_EXPECT_EQ(hv.ncpus, 4);
}

UK_TEST(hyperv_fill, a_set_has_nothing_of_the_one_before)
{
	struct hyperv_set set = { .banks = 0 };

	for (unsigned int i = 0; i < HYPERV_NBANKS; i++)
		set.bank[i] = UINT64_MAX;
	hyperv_set_add(&set, 70);
	take(hyperv_send_fill(&in, &set, 0xe1));
	UK_EXPECT_EQ(hv.ncpus, 1);
	UK_EXPECT_EQ(hv.bank[1], 1u << 6);
}

UK_TEST(hyperv_fill, sets_are_used_only_where_the_hypervisor_takes_them)
{
	UK_EXPECT_EQ(hyperv_nvps(UK_HYPERV_HINT_IPI | UK_HYPERV_HINT_FLUSH),
		     HYPERV_BANK);
	UK_EXPECT_EQ(hyperv_nvps(UK_HYPERV_HINT_SETS), HYPERV_NVPS);
}

UK_TEST(hyperv_fill, the_input_does_not_cross_a_page)
{
	UK_EXPECT_EQ((uintptr_t)&in % sizeof(in), 0);
}
