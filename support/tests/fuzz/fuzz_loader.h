/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/bootinfo_build.h>
#include <uk/essentials.h>

#include "fuzz.h"
#include "fuzz_regions.h"
#include "setup_x86.h"

/*
 * A machine whose memory that can be read is the input, at FUZZ_MEM; the boot
 * data is at its beginning. A copy of its own lets AddressSanitizer see every
 * byte too many.
 */
#define FUZZ_MEM	0x8000u

void *hosted_copy(const void *data, size_t size);
void hosted_free(void *copy);

struct fuzz_machine {
	struct uk_fwmem mem;
	const uint8_t *copy;
	size_t size;
};

static inline const void *fuzz_mem_at(const struct uk_fwmem *mem,
				      uint64_t paddr, uint64_t len)
{
	const struct fuzz_machine *m =
		UK_CONTAINER_OF(mem, struct fuzz_machine, mem);

	if (paddr < FUZZ_MEM || paddr - FUZZ_MEM > m->size ||
	    len > m->size - (paddr - FUZZ_MEM))
		return NULL;
	return m->copy + (paddr - FUZZ_MEM);
}

/* Read the boot data @data with @read; the result keeps its promises. */
static inline void fuzz_loader(kvm_read_fn read, const uint8_t *data,
			       size_t size)
{
	static const struct uk_bootinfo_image image = {
		.text = 0x100000, .etext = 0x108000,
		.rodata = 0x108000, .erodata = 0x10a000,
		.data = 0x10b000, .end = 0x110000,
	};
	static struct uk_bootinfo bi;
	struct fuzz_machine m = {
		.mem = { .at = fuzz_mem_at },
		.copy = hosted_copy(data, size),
		.size = size,
	};

	uk_bootinfo_init(&bi, "fuzz", 40, &image);
	read(&bi, &m.mem, FUZZ_MEM);
	uk_bootinfo_finish(&bi);
	hosted_free((void *)(uintptr_t)m.copy);

	/* Nothing of the loader's memory is needed any more. */
	fuzz_check_regions(&bi);
	if (bi.refused)
		return;
	FUZZ_EXPECT(bi.cmdline[bi.cmdline_len] == '\0');
	for (size_t i = 0; i < bi.cmdline_len; i++)
		FUZZ_EXPECT(bi.cmdline[i] != '\0');
	FUZZ_EXPECT(bi.initrd_base + bi.initrd_len >= bi.initrd_base);
	for (const char *p = bi.loader; *p; p++)
		FUZZ_EXPECT(p < bi.loader + 64);
}
