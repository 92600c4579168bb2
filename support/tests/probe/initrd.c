/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The initrd as a program finds it: a loader that tells where it put one may
 * still have put it where firmware writes later. The sum is the CRC-32 that
 * every zip tool has (ISO 3309: polynomial 0xedb88320, bits reflected), bit
 * by bit, so that the test can compute it too.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/init.h>

#include "probe.h"

static const struct uk_bootinfo *bootinfo;

static int keep(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(LATE, keep, NULL);

static uint32_t crc32(const uint8_t *data, size_t len)
{
	uint32_t sum = ~UINT32_C(0);

	for (size_t i = 0; i < len; i++) {
		sum ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			sum = (sum >> 1) ^ (UINT32_C(0xedb88320) & -(sum & 1));
	}
	return ~sum;
}

int probe_initrd(void)
{
	const size_t len = bootinfo->initrd_len;

	if (!len) {
		printf("no initrd\n");
		return 1;
	}
	printf("initrd %zu bytes, sum %08x\n", len,
	       crc32(uk_phys_to_virt(bootinfo->initrd_base), len));
	return 0;
}
