/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any sequence of regions gives a list that keeps its promises or is refused,
 * and the same list when the regions come in the opposite order, if both fit.
 */
#include <uk/bootinfo_build.h>
#include <uk/errno.h>
#include <uk/string.h>

#include "fuzz.h"
#include "fuzz_regions.h"

#define NADDS	48

static const struct uk_bootinfo_image image = {
	.text = 0x100000, .etext = 0x108000,
	.rodata = 0x108000, .erodata = 0x10a000,
	.data = 0x10b000, .end = 0x110000,
};

struct add {
	uint64_t base;
	uint64_t len;
	uint32_t type;
	uint32_t flags;
};

/* Small numbers near the image are more interesting than random ones. */
static uint64_t take_address(struct fuzz_input *in)
{
	const uint8_t how = (uint8_t)fuzz_take(in, 1);

	switch (how & 3) {
	case 0:
		return fuzz_take(in, 8);
	case 1:
		return fuzz_take(in, 2) << 12;
	case 2:
		return 0x100000 + fuzz_take(in, 2);
	default:
		return -(fuzz_take(in, 3));
	}
}

static unsigned int take_adds(struct fuzz_input *in, struct add *adds)
{
	unsigned int n = 0;

	while (in->left > 0 && n < NADDS) {
		struct add *a = &adds[n++];

		a->base = take_address(in);
		a->len = take_address(in);
		a->type = (uint32_t)fuzz_take(in, 1) % (UK_REGION_NTYPES + 1);
		a->flags = (uint32_t)fuzz_take(in, 1) & UK_REGIONF_RAM;
	}
	return n;
}

static void build(struct uk_bootinfo *bi, const struct add *adds,
		  unsigned int n, bool backwards)
{
	uk_bootinfo_init(bi, "fuzz", 40, &image);
	for (unsigned int i = 0; i < n; i++) {
		const struct add *a = &adds[backwards ? n - 1 - i : i];

		uk_bootinfo_add(bi, a->base, a->len, a->type, a->flags);
	}
	uk_bootinfo_finish(bi);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct uk_bootinfo one, two;
	struct fuzz_input in = { .data = data, .left = size };
	struct add adds[NADDS];
	const unsigned int n = take_adds(&in, adds);

	build(&one, adds, n, false);
	build(&two, adds, n, true);
	fuzz_check_regions(&one);
	fuzz_check_regions(&two);

	/* Whether there is room on the way may depend on the order. */
	if (one.refused == -ENOSPC || two.refused == -ENOSPC)
		return 0;
	FUZZ_EXPECT(!one.refused == !two.refused);
	if (!one.refused) {
		FUZZ_EXPECT(one.nregions == two.nregions);
		FUZZ_EXPECT(memcmp(one.regions, two.regions,
				   one.nregions * sizeof(one.regions[0])) == 0);
	}
	return 0;
}
