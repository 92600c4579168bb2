/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../musl_priv.h"

/* Linux, arch/arm64 "ELF hwcaps": bits of AT_HWCAP. */
#define HWCAP_FP	(1ul << 0)
#define HWCAP_ASIMD	(1ul << 1)
#define HWCAP_AES	(1ul << 3)
#define HWCAP_PMULL	(1ul << 4)
#define HWCAP_SHA1	(1ul << 5)
#define HWCAP_SHA2	(1ul << 6)
#define HWCAP_CRC32	(1ul << 7)
#define HWCAP_ATOMICS	(1ul << 8)

/* Fields of ID_AA64ISAR0_EL1 (ARM ARM, D17.2): lowest bit, least value. */
static const struct {
	unsigned char bit;
	unsigned char least;
	unsigned short hwcap;
} fields[] = {
	{ 4, 1, HWCAP_AES }, { 4, 2, HWCAP_PMULL }, { 8, 1, HWCAP_SHA1 },
	{ 12, 1, HWCAP_SHA2 }, { 16, 1, HWCAP_CRC32 },
	{ 20, 2, HWCAP_ATOMICS },
};

unsigned long musl_hwcap(void)
{
	unsigned long caps = HWCAP_FP | HWCAP_ASIMD;
	unsigned long isar0;

	__asm__("mrs %0, id_aa64isar0_el1" : "=r"(isar0));
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if ((isar0 >> fields[i].bit & 15) >= fields[i].least)
			caps |= fields[i].hwcap;
	return caps;
}
